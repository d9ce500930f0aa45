"""Which claims are compared, kept up to date: those that share enough, and stand near each other under a telling key.

A claim is looked up by its most telling keys (names and rare words). Under each key the claims stand in the order of
publication, and each is compared with so many before it and behind it. So what a claim costs is bounded however many
there are, and which pairs there are depends on the set of claims alone: a claim that comes between two others can move
them apart, and one that goes can bring them together.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.link.live.database import LinkDatabase
from worker.link.relations.candidates import link_keys
from worker.link.relations.reading import Reading, day_of

__all__ = ["Keys", "NeighbourBounds", "Neighbours", "keys_of", "share_enough"]

Pair = tuple[str, str]
"""Ids of two claims, the smaller first."""

_WEIGHT_OF_ONE = 1000
"""Whole numbers have one sum in whatever order; a weight is below 65."""
_UNDER = "SELECT id FROM lookup WHERE key = ? AND (published, id) {} (?, ?) ORDER BY published {}, id {} LIMIT ?"
_BEFORE, _BEHIND = _UNDER.format("<", "DESC", "DESC"), _UNDER.format(">", "ASC", "ASC")


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


@dataclass(frozen=True, slots=True)
class Keys:
    """What a claim is found by: hashes of all keys with how much each tells, in whole numbers, and their sum."""

    claim: str
    published: str
    day: int | None
    """Of its publication, counted from the year 1."""
    weights: Mapping[int, int]
    total: int

    @staticmethod
    def of(claim: str, published: str, weights: Mapping[int, int]) -> Keys:
        day = day_of(published)
        return Keys(claim, published, None if day is None else day.toordinal(), weights, sum(weights.values()))

    def telling(self, most: int) -> list[int]:
        return sorted(self.weights, key=lambda key: (-self.weights[key], key))[:most]


def keys_of(reading: Reading) -> Keys:
    weights = {_number(key): round(weight * _WEIGHT_OF_ONE) for key, weight in link_keys(reading).items()}
    return Keys.of(reading.claim.claim_id, reading.claim.article.published_at or "", weights)


@lru_cache(maxsize=65536)
def _number(key: str) -> int:
    """64 signed bits, as SQLite has them."""
    return int.from_bytes(hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True)


def share_enough(a: Keys, b: Keys, bounds: NeighbourBounds) -> bool:
    if a.day is not None and b.day is not None and abs(a.day - b.day) > bounds.days:
        return False
    mine, other = a.weights, b.weights
    shared = sum([min(mine[key], other[key]) for key in mine.keys() & other.keys()])
    return shared >= bounds.least_shared * min(a.total, b.total)


class Neighbours:
    """`add` and `remove` claims, then take the pairs that changed."""

    def __init__(self, database: LinkDatabase, keys: Callable[[str], Keys], bounds: NeighbourBounds) -> None:
        """`keys`: of a claim that is there, by its id."""
        self._db, self._keys, self._bounds = database, keys, bounds
        self._changed: dict[Pair, int] = {}
        """The pairs that began or ended, with the number of keys under which they are near now."""

    def forget(self) -> None:
        self._changed.clear()

    def add(self, keys: Keys) -> None:
        near: Counter[str] = Counter()
        telling = keys.telling(self._bounds.keys)
        for key in telling:
            before, behind = self._around(key, keys)
            near.update((*before, *behind))
            for pair in self._moved(before, behind):
                self._counted(pair, -1)
        self._db.run_many("INSERT INTO lookup VALUES (?, ?, ?)", [(key, keys.published, keys.claim) for key in telling])
        rows = [
            (min(keys.claim, other), max(keys.claim, other), count)
            for other, count in near.items()
            if share_enough(keys, self._keys(other), self._bounds)
        ]
        self._db.run_many("INSERT INTO pair VALUES (?, ?, ?)", rows)
        self._changed.update({(low, high): count for low, high, count in rows})

    def remove(self, keys: Keys) -> None:
        for key in keys.telling(self._bounds.keys):
            self._db.run(
                "DELETE FROM lookup WHERE key = ? AND published = ? AND id = ?", key, keys.published, keys.claim
            )
            for pair in self._moved(*self._around(key, keys)):
                self._bring_together(pair)
        for column, other in (("low", "high"), ("high", "low")):
            pairs = self._db.texts(f"SELECT {other} FROM pair WHERE {column} = ?", keys.claim)  # noqa: S608 - constants
            self._changed.update({(min(keys.claim, one), max(keys.claim, one)): 0 for one in pairs})
        self._db.run("DELETE FROM pair WHERE low = ? OR high = ?", keys.claim, keys.claim)

    def _bring_together(self, pair: Pair) -> None:
        low, high = pair
        if not self._counted(pair, 1) and share_enough(self._keys(low), self._keys(high), self._bounds):
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

    def _around(self, key: int, keys: Keys) -> tuple[list[str], list[str]]:
        """The claims before and behind a claim under a key, the nearest first."""
        values = key, keys.published, keys.claim, self._bounds.near
        return self._db.texts(_BEFORE, *values), self._db.texts(_BEHIND, *values)

    def _moved(self, before: Sequence[str], behind: Sequence[str]) -> list[Pair]:
        """The pairs that are near each other without the claim between them, and not with it."""
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
