"""Which claims are compared, kept up to date: those that share enough, and stand near each other under a telling key.

A claim is looked up by its most telling keys (names and rare words). Under each key the claims stand in the order of
publication, and each is compared with so many before it and behind it. So what a claim costs is bounded however many
there are, and which pairs there are depends on the set of claims alone: a claim that comes between two others can move
them apart, and one that goes can bring them together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from worker.link.live.database import LinkDatabase
from worker.link.relations.candidates import link_keys
from worker.link.relations.reading import Reading

__all__ = ["Keys", "NeighbourBounds", "Neighbours", "keys_of", "share_enough"]

Pair = tuple[str, str]
"""Ids of two claims, the smaller first."""


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
    """What a claim is found by: all keys with how much each tells, in the order of their names, and their sum."""

    claim: str
    published: str
    day: date | None
    weights: Mapping[str, float]
    total: float

    def telling(self, most: int) -> list[str]:
        return sorted(self.weights, key=lambda key: (-self.weights[key], key))[:most]


def keys_of(reading: Reading) -> Keys:
    weights = dict(sorted(link_keys(reading).items()))
    claim = reading.claim
    return Keys(claim.claim_id, claim.article.published_at or "", reading.published, weights, sum(weights.values()))


def share_enough(a: Keys, b: Keys, bounds: NeighbourBounds) -> bool:
    """Whichever comes first."""
    if b.claim < a.claim:
        a, b = b, a
    if a.day is not None and b.day is not None and abs(a.day - b.day) > timedelta(days=bounds.days):
        return False
    other = b.weights
    shared = sum(min(weight, other[key]) for key, weight in a.weights.items() if key in other)
    return shared >= bounds.least_shared * min(a.total, b.total)


class Neighbours:
    """`add` and `remove` claims, then take the pairs that changed."""

    def __init__(self, database: LinkDatabase, keys: Callable[[str], Keys], bounds: NeighbourBounds) -> None:
        """`keys`: of a claim that is there, by its id."""
        self._db, self._keys, self._bounds = database, keys, bounds
        self._changed: set[Pair] = set()

    def forget(self) -> None:
        self._changed.clear()

    def add(self, keys: Keys) -> None:
        near: Counter[str] = Counter()
        for key in keys.telling(self._bounds.keys):
            before, behind = self._around(key, keys)
            near.update((*before, *behind))
            for low, high in self._moved(before, behind):
                if self._counted(low, high, -1) == 0:
                    self._changed.add((low, high))
            self._db.run("INSERT INTO lookup VALUES (?, ?, ?)", key, keys.published, keys.claim)
        rows = [
            (min(keys.claim, other), max(keys.claim, other), count)
            for other, count in near.items()
            if share_enough(keys, self._keys(other), self._bounds)
        ]
        self._db.run_many("INSERT INTO pair VALUES (?, ?, ?)", rows)
        self._changed.update((low, high) for low, high, _ in rows)

    def remove(self, keys: Keys) -> None:
        for key in keys.telling(self._bounds.keys):
            self._db.run(
                "DELETE FROM lookup WHERE key = ? AND published = ? AND id = ?", key, keys.published, keys.claim
            )
            for low, high in self._moved(*self._around(key, keys)):
                self._bring_together(low, high)
        for column, other in (("low", "high"), ("high", "low")):
            pairs = self._db.texts(f"SELECT {other} FROM pair WHERE {column} = ?", keys.claim)  # noqa: S608 - constants
            self._changed.update((min(keys.claim, one), max(keys.claim, one)) for one in pairs)
        self._db.run("DELETE FROM pair WHERE low = ? OR high = ?", keys.claim, keys.claim)

    def _bring_together(self, low: str, high: str) -> None:
        keys = self._counted(low, high, 1)
        if keys == 1:
            self._changed.add((low, high))
        elif keys is None and share_enough(self._keys(low), self._keys(high), self._bounds):
            self._db.run("INSERT INTO pair VALUES (?, ?, 1)", low, high)
            self._changed.add((low, high))

    def _counted(self, low: str, high: str, by: int) -> int | None:
        """Under how many keys the two are near now; None where they do not share enough."""
        counted = self._db.one(
            "UPDATE pair SET keys = keys + ? WHERE low = ? AND high = ? RETURNING keys", by, low, high
        )
        return None if counted is None else int(counted[0])

    def _around(self, key: str, keys: Keys) -> tuple[list[str], list[str]]:
        """The claims before and behind a claim under a key, the nearest first."""
        query = "SELECT id FROM lookup WHERE key = ? AND (published, id) {} (?, ?) ORDER BY published {}, id {} LIMIT ?"
        values = key, keys.published, keys.claim, self._bounds.near
        before = self._db.texts(query.format("<", "DESC", "DESC"), *values)
        return before, self._db.texts(query.format(">", "ASC", "ASC"), *values)

    def _moved(self, before: Sequence[str], behind: Sequence[str]) -> list[Pair]:
        """The pairs that are near each other without the claim between them, and not with it."""
        last = self._bounds.near - 1
        pairs = ((before[i], behind[last - i]) for i in range(len(before)) if 0 <= last - i < len(behind))
        return [(min(pair), max(pair)) for pair in pairs]

    def taken(self) -> tuple[list[Pair], list[Pair]]:
        """The pairs that there are, and those that there are no more, of those that changed since the last call."""
        changed, self._changed = sorted(self._changed), set()
        gained: list[Pair] = []
        lost: list[Pair] = []
        for low, high in changed:
            self._db.run("DELETE FROM pair WHERE low = ? AND high = ? AND keys = 0", low, high)
            there = self._db.one("SELECT 1 FROM pair WHERE low = ? AND high = ?", low, high) is not None
            (gained if there else lost).append((low, high))
        return gained, lost

    def of(self, claim: str) -> list[Pair]:
        """The pairs of a claim."""
        rows = self._db.all("SELECT low, high FROM pair WHERE low = ? OR high = ?", claim, claim)
        return [(str(low), str(high)) for low, high in rows]
