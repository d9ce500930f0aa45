"""What the extraction keeps from one article to the next, and how often that was of use."""

from __future__ import annotations

from worker.extraction.gazetteer import plain
from worker.extraction.mention import is_body
from worker.extraction.names import family, skeleton

__all__ = ["CACHES", "CacheCounts"]

CACHES = {"plain_names": plain, "surnames": family, "name_sounds": skeleton, "bodies": is_body}


class CacheCounts:
    """Of this process."""

    def __init__(self) -> None:
        self._before = self._now()

    def since_last(self) -> tuple[tuple[str, int, int], ...]:
        """For each cache that was asked since this was called last: its name, hits, misses."""
        now, before = self._now(), self._before
        self._before = now
        told = ((name, now[name][0] - before[name][0], now[name][1] - before[name][1]) for name in now)
        return tuple(each for each in told if each[1] or each[2])

    @staticmethod
    def _now() -> dict[str, tuple[int, int]]:
        infos = {name: cache.cache_info() for name, cache in CACHES.items()}
        return {name: (info.hits, info.misses) for name, info in infos.items()}
