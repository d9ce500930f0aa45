"""Where each second of ingest went. The parts exclude each other, so they add up to the time that passed. Pure."""

from __future__ import annotations

from collections.abc import Callable

from worker.observe.metrics import LoopPart

__all__ = ["LoopTime"]


class LoopTime:
    """Told what is under way, it says what the time since the last change was spent on.

    Many batches are under way at once; the second belongs to the work while any batch is in the pool, then to
    publishing while any record waits for the broker, then to waiting while intake is paused, and else to polling.
    """

    def __init__(self, clock: Callable[[], float], spend: Callable[[LoopPart, float], None]) -> None:
        self._clock, self._spend = clock, spend
        self._since = clock()
        self._working = self._open = self._pauses = 0

    @property
    def part(self) -> LoopPart:
        if self._working > 0:
            return LoopPart.WORK
        if self._open > 0:
            return LoopPart.PUBLISH
        return LoopPart.WAIT if self._pauses > 0 else LoopPart.POLL

    def change(self, *, working: int = 0, open_records: int = 0, pauses: int = 0) -> None:
        """Differences: +1 when a batch goes to the work, -1 when it has answered, and so on."""
        self.settle()
        self._working = max(self._working + working, 0)
        self._open += open_records
        self._pauses += pauses
        if self._open <= 0:
            # batches of a partition that left never answer
            self._open = self._working = 0

    def settle(self) -> None:
        """Accounts for the time up to now; also called before somebody reads the metrics."""
        now = self._clock()
        if now > self._since:
            self._spend(self.part, now - self._since)
        self._since = now
