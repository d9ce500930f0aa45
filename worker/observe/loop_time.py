"""How ingest spent each second, in parts that exclude each other and add up to the time that passed. Pure."""

from __future__ import annotations

from collections.abc import Callable

from worker.observe.metrics import LoopPart

__all__ = ["LoopTime"]


class LoopTime:
    """Counts batches, records and pauses, and passes the time between two changes to `spend` with its part.

    Many batches are in work at once. Time counts as work while any batch is in the pool, else as publish while any
    record waits for the broker, else as wait while intake is paused, else as poll.
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
        """Adds differences: `working` +1 when a batch starts, -1 when it has its outcomes, and so on."""
        self.account()
        self._working = max(self._working + working, 0)
        self._open += open_records
        self._pauses += pauses
        if self._open <= 0:
            # the batches of a revoked partition never finish
            self._open = self._working = 0

    def account(self) -> None:
        """Accounts for the time up to now. Call it before the metrics are read."""
        now = self._clock()
        if now > self._since:
            self._spend(self.part, now - self._since)
        self._since = now
