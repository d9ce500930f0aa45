"""Detects that there is work and none of it gets done. Pure."""

from __future__ import annotations

from collections.abc import Hashable

__all__ = ["Stall"]


class Stall:
    """Work is a lag, or a record that was taken and has no outcome yet. During an outage that no restart would end, a
    lack of progress is not a stall. Times are seconds of one monotonic clock.
    """

    def __init__(self, limit_s: float, now: float) -> None:
        self._limit_s = limit_s
        self._since = now
        self._lag: dict[Hashable, int] = {}
        self._owed = 0
        self._outages: set[Hashable] = set()

    def took(self) -> None:
        """A record was read; it is owed an outcome."""
        self._owed += 1

    def progressed(self, now: float) -> None:
        """A record was settled or released."""
        self._owed = max(0, self._owed - 1)
        self._since = now

    def moved(self, now: float) -> None:
        """Work on a record is done, though the record may have to wait for those before it."""
        self._since = now

    def lags(self, partition: Hashable, records: int) -> None:
        self._lag[partition] = records

    def forget(self, partition: Hashable) -> None:
        """The partition was revoked: its lag is no longer work of this process."""
        self._lag.pop(partition, None)

    def outage(self, what: Hashable, now: float, *, holds: bool) -> None:
        """An outage lasts, or has ended."""
        if holds:
            self._outages.add(what)
        elif what in self._outages:
            self._outages.discard(what)
            self._since = now  # after an outage the full limit applies again

    def stalled_s(self, now: float) -> float | None:
        """Seconds without progress when they exceed the limit, otherwise None."""
        if not self._owed and not any(self._lag.values()):
            self._since = now
            return None
        if self._outages or now - self._since <= self._limit_s:
            return None
        return now - self._since
