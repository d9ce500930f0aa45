"""Which claims are compared, kept up to date: those that share enough, and stand near each other under a telling key.

A claim is looked up by its most telling keys (names and rare words). Under each key the claims stand in the order of
publication, and each is compared with so many before it and behind it. So what a claim costs is bounded however many
there are, and which pairs there are depends on the set of claims alone: a claim that comes between two others can move
them apart, and one that goes can bring them together.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from worker.link.live.database import LinkDatabase
from worker.link.live.lookup import Lookup
from worker.link.relations.candidates import link_keys
from worker.link.relations.reading import Reading, day_of

__all__ = ["Keys", "NeighbourBounds", "Neighbours", "keys_of", "sharing"]

Pair = tuple[str, str]
"""Ids of two claims, the smaller first."""

_WEIGHT_OF_ONE = 1000
"""Whole numbers have one sum in whatever order; a weight is below 65."""


@dataclass(frozen=True, slots=True)
class NeighbourBounds:
    """`days`: between the publications of two claims. `keys`: by how many a claim is looked up. `near`: with how many
    others before and behind it under each key it is compared.
    """

    days: int = 30
    keys: int = 6
    near: int = 8
    least_shared: float = 0.3
    """Of the weight of the keys of that claim which has less of it, the share that both have."""


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """What a claim is found by: hashes of all keys, ascending, with how much each tells, in whole numbers, and their
    sum.
    """

    claim: str
    published: str
    day: int | None
    """Of its publication, counted from the year 1."""
    hashes: npt.NDArray[np.int64]
    weights: npt.NDArray[np.uint16]
    total: int

    @staticmethod
    def of(claim: str, published: str, hashes: npt.NDArray[np.int64], weights: npt.NDArray[np.uint16]) -> Keys:
        day = day_of(published)
        return Keys(claim, published, None if day is None else day.toordinal(), hashes, weights, int(weights.sum()))

    def is_like(self, other: Keys) -> bool:
        """Whether a claim with the other's keys has the same neighbours."""
        return (
            self.published == other.published
            and np.array_equal(self.hashes, other.hashes)
            and np.array_equal(self.weights, other.weights)
        )

    def telling(self, most: int) -> list[int]:
        """Those that tell most, of equal ones the lower."""
        order = np.argsort(-self.weights.astype(np.int64), kind="stable")
        found: list[int] = self.hashes[order[:most]].tolist()
        return found


def keys_of(reading: Reading) -> Keys:
    weights = {_number(key): round(weight * _WEIGHT_OF_ONE) for key, weight in link_keys(reading).items()}
    hashes = sorted(weights)
    return Keys.of(
        reading.claim.claim_id,
        reading.claim.article.published_at or "",
        np.array(hashes, dtype=np.int64),
        np.array([weights[each] for each in hashes], dtype=np.uint16),
    )


@lru_cache(maxsize=65536)
def _number(key: str) -> int:
    """64 signed bits, as SQLite has them."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def sharing(claim: Keys, others: Sequence[Keys], bounds: NeighbourBounds) -> list[Keys]:
    """Those of the others that share enough with a claim to be compared with it."""
    day = claim.day
    if day is not None:
        others = [each for each in others if each.day is None or abs(each.day - day) <= bounds.days]
    if not others:
        return []
    lengths = np.array([len(each.hashes) for each in others])
    ends = lengths.cumsum()
    shared = np.concatenate(([0], _in_common(claim, others).cumsum()))
    least = bounds.least_shared * np.minimum(np.array([each.total for each in others]), claim.total)
    enough = shared[ends] - shared[ends - lengths] >= least
    return [each for each, is_enough in zip(others, enough.tolist(), strict=True) if is_enough]


def _in_common(claim: Keys, others: Sequence[Keys]) -> npt.NDArray[np.int64]:
    """For each key of each of the others how much of it the claim has too: all at once, since it is asked so often."""
    hashes = np.concatenate([each.hashes for each in others])
    weights = np.concatenate([each.weights for each in others])
    if not len(claim.hashes):
        return np.zeros(len(hashes), dtype=np.int64)
    places = np.minimum(claim.hashes.searchsorted(hashes), len(claim.hashes) - 1)
    return np.where(claim.hashes[places] == hashes, np.minimum(claim.weights[places], weights), 0).astype(np.int64)


class Neighbours:
    """`add` and `remove` claims, then take the pairs that changed."""

    def __init__(self, database: LinkDatabase, keys: Callable[[str], Keys], bounds: NeighbourBounds) -> None:
        """`keys`: of a claim that is there, by its id."""
        self._db, self._keys, self._bounds = database, keys, bounds
        self._lookup = Lookup(database, bounds.near)
        self._changed: dict[Pair, int] = {}
        """The pairs that began or ended, with the number of keys under which they are near now."""

    def forget(self) -> None:
        self._changed.clear()
        self._lookup.forget()

    def add(self, keys: Keys) -> None:
        around: list[str] = []
        telling = keys.telling(self._bounds.keys)
        for key in telling:
            before, behind = self._lookup.around(key, keys.published, keys.claim)
            around += before
            around += behind
            for pair in self._moved(before, behind):
                self._counted(pair, -1)
        self._lookup.add(telling, keys.published, keys.claim)
        near = Counter(around)
        found = sharing(keys, [self._keys(other) for other in near], self._bounds)
        rows = [(min(keys.claim, other.claim), max(keys.claim, other.claim), near[other.claim]) for other in found]
        self._db.run_many("INSERT INTO pair VALUES (?, ?, ?)", rows)
        self._changed.update({(low, high): count for low, high, count in rows})

    def remove(self, keys: Keys) -> None:
        for key in keys.telling(self._bounds.keys):
            self._lookup.remove(key, keys.published, keys.claim)
            for pair in self._moved(*self._lookup.around(key, keys.published, keys.claim)):
                self._bring_together(pair)
        for column, other in (("low", "high"), ("high", "low")):
            pairs = self._db.texts(f"SELECT {other} FROM pair WHERE {column} = ?", keys.claim)  # noqa: S608 - constants
            self._changed.update({(min(keys.claim, one), max(keys.claim, one)): 0 for one in pairs})
        self._db.run("DELETE FROM pair WHERE low = ? OR high = ?", keys.claim, keys.claim)

    def _bring_together(self, pair: Pair) -> None:
        low, high = pair
        if not self._counted(pair, 1) and sharing(self._keys(low), [self._keys(high)], self._bounds):
            self._db.run("INSERT INTO pair VALUES (?, ?, 1)", low, high)
            self._changed[pair] = 1

    def _counted(self, pair: Pair, by: int) -> bool:
        """Counts a key under which the two are near now, or no more. False where they do not share enough."""
        counted = self._db.one("UPDATE pair SET keys = keys + ? WHERE low = ? AND high = ? RETURNING keys", by, *pair)
        if counted is None:
            return False
        keys = int(counted[0])
        if keys == max(by, 0) or pair in self._changed:
            self._changed[pair] = keys
        return True

    def _moved(self, before: Sequence[str], behind: Sequence[str]) -> list[Pair]:
        """The pairs that are near each other without the claim between them, and not with it."""
        if not before or not behind:
            return []
        last = self._bounds.near - 1
        pairs = ((before[i], behind[last - i]) for i in range(len(before)) if 0 <= last - i < len(behind))
        return [(min(pair), max(pair)) for pair in pairs]

    def taken(self) -> tuple[list[Pair], list[Pair]]:
        """The pairs that there are, and those that there are no more, of those that changed since the last call."""
        changed, self._changed = self._changed, {}
        gained = sorted(pair for pair, keys in changed.items() if keys)
        lost = sorted(pair for pair, keys in changed.items() if not keys)
        self._db.run_many("DELETE FROM pair WHERE low = ? AND high = ?", lost)
        return gained, lost

    def of(self, claim: str) -> list[Pair]:
        """The pairs of a claim."""
        rows = self._db.all("SELECT low, high FROM pair WHERE low = ? OR high = ?", claim, claim)
        return [(str(low), str(high)) for low, high in rows]
