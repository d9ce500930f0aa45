"""The caches that the extraction keeps from one article to the next, and their hits and misses."""

from __future__ import annotations

from worker.extraction.entities.mention import is_body
from worker.extraction.entities.person_names import family, skeleton
from worker.gazetteer.lists import plain

__all__ = ["CACHES", "CacheCounts"]

CACHES = {"plain_names": plain, "surnames": family, "name_sounds": skeleton, "bodies": is_body}


class CacheCounts:
    """Counts hits and misses of the caches of this process."""

    def __init__(self) -> None:
        self._before = self._now()

    def since_last(self) -> tuple[tuple[str, int, int], ...]:
        """Name, hits and misses since the last call, of each cache that was used since then."""
        now, before = self._now(), self._before
        self._before = now
        counts = ((name, now[name][0] - before[name][0], now[name][1] - before[name][1]) for name in now)
        return tuple(count for count in counts if count[1] or count[2])

    @staticmethod
    def _now() -> dict[str, tuple[int, int]]:
        infos = {name: cache.cache_info() for name, cache in CACHES.items()}
        return {name: (info.hits, info.misses) for name, info in infos.items()}
