"""Which claims are compared, kept up to date: those that share enough, and stand near each other under a telling key.

A claim is looked up by its most telling keys (names and rare words). Under each key the claims stand in the order of
publication, and each is compared with so many before it and behind it. So what a claim costs is bounded however many
there are, and which pairs there are depends on the set of claims alone: a claim that comes between two others can move
them apart, and one that goes can bring them together. So pairs are not stored: where the claims stand says which there
are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
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
    shared = np.zeros(ends[-1] + 1, dtype=np.int64)
    np.cumsum(_in_common(claim, others), out=shared[1:])
    least = bounds.least_shared * np.minimum(np.array([each.total for each in others]), claim.total)
    enough = shared[ends] - shared[ends - lengths] >= least
    return [each for each, is_enough in zip(others, enough.tolist(), strict=True) if is_enough]


def _in_common(claim: Keys, others: Sequence[Keys]) -> npt.NDArray[np.uint16]:
    """For each key of each of the others how much of it the claim has too: all at once, since it is asked so often."""
    hashes = np.concatenate([each.hashes for each in others])
    weights = np.concatenate([each.weights for each in others])
    if not len(claim.hashes):
        return np.zeros(len(hashes), dtype=np.uint16)
    places = np.minimum(claim.hashes.searchsorted(hashes), len(claim.hashes) - 1)
    common: npt.NDArray[np.uint16] = np.minimum(claim.weights[places], weights)
    common *= claim.hashes[places] == hashes
    return common


class Neighbours:
    """`add` and `remove` claims, then take the pairs that changed."""

    def __init__(self, database: LinkDatabase, keys: Callable[[str], Keys], bounds: NeighbourBounds) -> None:
        """`keys`: of a claim that is there, by its id."""
        self._keys, self._bounds = keys, bounds
        self._lookup = Lookup(database, bounds.near)
        self._changed: dict[Pair, bool] = {}
        """The pairs that began or ended, and whether they are there now. Two claims that never shared enough may be
        among those that ended.
        """

    def forget(self) -> None:
        self._changed.clear()
        self._lookup.forget()

    def add(self, keys: Keys) -> None:
        near: set[str] = set()
        moved: set[Pair] = set()
        telling = keys.telling(self._bounds.keys)
        for key in telling:
            before, behind = self._lookup.around(key, keys.published, keys.claim)
            near.update(before, behind)
            moved.update(self._moved(before, behind))
        self._lookup.add(telling, keys.published, keys.claim)
        self._changed.update((pair, False) for pair in moved if not self._are_near(pair))
        self._changed.update((_pair(keys.claim, other), True) for other in self._sharing(keys, near))

    def remove(self, keys: Keys) -> None:
        for key in keys.telling(self._bounds.keys):
            before, behind = self._lookup.around(key, keys.published, keys.claim)
            self._lookup.remove(key, keys.published, keys.claim)
            self._changed.update((_pair(keys.claim, other), False) for other in (*before, *behind))
            for pair in self._moved(before, behind):
                self._bring_together(pair, key)

    def _bring_together(self, pair: Pair, under: int) -> None:
        """Two claims that have become near under a key: they may be so under another one already."""
        if pair in self._changed or not self._are_near(pair, but=under):
            low, high = pair
            if self._sharing(self._keys(low), [high]):
                self._changed[pair] = True

    def _are_near(self, pair: Pair, *, but: int | None = None) -> bool:
        """Whether two claims are near each other under one of their telling keys."""
        low, high = self._keys(pair[0]), self._keys(pair[1])
        of_low = low.telling(self._bounds.keys)
        shared = [key for key in high.telling(self._bounds.keys) if key in of_low and key != but]
        one, other = (low.published, low.claim), (high.published, high.claim)
        return any(self._lookup.are_near(key, one, other) for key in shared)

    def _sharing(self, keys: Keys, others: Iterable[str]) -> list[str]:
        return [found.claim for found in sharing(keys, [self._keys(other) for other in others], self._bounds)]

    def _moved(self, before: Sequence[str], behind: Sequence[str]) -> list[Pair]:
        """The pairs that are near each other without the claim between them, and not with it."""
        if not before or not behind:
            return []
        last = self._bounds.near - 1
        return [_pair(before[i], behind[last - i]) for i in range(len(before)) if 0 <= last - i < len(behind)]

    def taken(self) -> tuple[list[Pair], list[Pair]]:
        """The pairs that there are, and those that there are no more, of those that changed since the last call."""
        changed, self._changed = self._changed, {}
        gained = sorted(pair for pair, is_there in changed.items() if is_there)
        return gained, sorted(pair for pair, is_there in changed.items() if not is_there)

    def of(self, claim: str) -> list[Pair]:
        """The pairs of a claim. Raises KeyError: there is no such claim."""
        keys = self._keys(claim)
        near: set[str] = set()
        for key in keys.telling(self._bounds.keys):
            for others in self._lookup.around(key, keys.published, claim):
                near.update(others)
        return [_pair(claim, other) for other in self._sharing(keys, near)]


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
