"""The claims under each key, in the order of publication: on disk, and for the keys that come again in memory too."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from worker.link.live.cache import Recent
from worker.link.live.database import LinkDatabase

__all__ = ["Lookup"]

_KEYS_KEPT = 32_768
_LONGEST_KEPT = 512
"""Claims under a key, so that no name that is in every article fills the memory: its neighbours are asked of the file.

About 100 bytes each; most keys have one or two.
"""
_ALL = "SELECT published, id FROM lookup WHERE key = ? ORDER BY published, id LIMIT ?"
_UNDER = "SELECT id FROM lookup WHERE key = ? AND (published, id) {} (?, ?) ORDER BY published {}, id {} LIMIT ?"
_BEFORE, _BEHIND = _UNDER.format("<", "DESC", "DESC"), _UNDER.format(">", "ASC", "ASC")


class Lookup:
    """`add` and `remove` claims; `around` has the nearest, `are_near` says whether two are so near."""

    def __init__(self, database: LinkDatabase, near: int) -> None:
        """`near`: how many claims on either side are asked for."""
        self._db, self._near = database, near
        self._kept: Recent[int, list[tuple[str, str]]] = Recent(_KEYS_KEPT, self._loaded)

    def forget(self) -> None:
        self._kept.clear()

    def _loaded(self, key: int) -> list[tuple[str, str]]:
        return self._db.all(_ALL, key, _LONGEST_KEPT + 1)

    def around(self, key: int, published: str, claim: str) -> tuple[list[str], list[str]]:
        """The claims before and behind a claim under a key, the nearest first."""
        kept = self._kept[key]
        if len(kept) > _LONGEST_KEPT:
            values = key, published, claim, self._near
            return self._db.texts(_BEFORE, *values), self._db.texts(_BEHIND, *values)
        place = bisect_left(kept, (published, claim))
        behind = place + (place < len(kept) and kept[place] == (published, claim))
        before = [found for _, found in reversed(kept[max(0, place - self._near) : place])]
        return before, [found for _, found in kept[behind : behind + self._near]]

    def are_near(self, key: int, one: tuple[str, str], other: tuple[str, str]) -> bool:
        """Whether one of two claims, each with its publication before its id, is around the other under a key."""
        kept = self._kept[key]
        if len(kept) > _LONGEST_KEPT:
            return any(other[1] in found for found in self.around(key, *one))
        return abs(bisect_left(kept, one) - bisect_left(kept, other)) <= self._near

    def add(self, keys: Sequence[int], published: str, claim: str) -> None:
        self._db.run_many("INSERT INTO lookup VALUES (?, ?, ?)", [(key, published, claim) for key in keys])
        for key in keys:
            kept = self._kept.get(key)
            if kept is not None and len(kept) <= _LONGEST_KEPT:
                insort(kept, (published, claim))

    def remove(self, key: int, published: str, claim: str) -> None:
        self._db.run("DELETE FROM lookup WHERE key = ? AND published = ? AND id = ?", key, published, claim)
        kept = self._kept.get(key)
        if kept is None:
            return
        if len(kept) > _LONGEST_KEPT:
            self._kept.drop(key)
        else:
            kept.remove((published, claim))
