"""Whether there is work and none of it gets done. Pure."""

from __future__ import annotations

from collections.abc import Hashable

__all__ = ["Stall"]


class Stall:
    """Times are seconds of one monotonic clock. Waiting for something that no restart would mend is no stall."""

    def __init__(self, limit_s: float, now: float) -> None:
        self._limit_s = limit_s
        self._since = now
        self._lag: dict[Hashable, int] = {}
        self._owed = 0
        self._outages: set[Hashable] = set()

    def took(self) -> None:
        self._owed += 1

    def progressed(self, now: float) -> None:
        """A record was settled or let go of."""
        self._owed = max(0, self._owed - 1)
        self._since = now

    def lags(self, what: Hashable, records: int) -> None:
        self._lag[what] = records

    def forget(self, what: Hashable) -> None:
        """Its partition left."""
        self._lag.pop(what, None)

    def outage(self, what: Hashable, now: float, *, holds: bool) -> None:
        if holds:
            self._outages.add(what)
        elif what in self._outages:
            self._outages.discard(what)
            self._since = now  # it gets its whole time again

    def stalled_s(self, now: float) -> float | None:
        """Seconds without progress once they are too many, else None."""
        if not self._owed and not any(self._lag.values()):
            self._since = now
            return None
        if self._outages or now - self._since <= self._limit_s:
            return None
        return now - self._since
