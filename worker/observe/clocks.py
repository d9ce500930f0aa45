"""Says when a record comes from the future: a clock is wrong then, and ages and lag in seconds are as wrong."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from worker.streaming.observer import Observer
from worker.streaming.record import Record

__all__ = ["Clocks"]

log = logging.getLogger("claimwire.clock")

_AHEAD_S = 120.0
"""So much may the clocks of two machines differ before it is worth a word."""
_AGAIN_S = 600.0


class Clocks(Observer):
    """A clock that is ahead of Kafka's needs no word from here: Kafka refuses what is written by it, and says why."""

    def __init__(self, now: Callable[[], float] = time.time, passed: Callable[[], float] = time.monotonic) -> None:
        self._now, self._passed = now, passed
        self._said: float | None = None

    def record_taken(self, stage: str, record: Record) -> None:
        ahead_s = record.timestamp / 1000 - self._now()
        if ahead_s <= _AHEAD_S or (self._said is not None and self._passed() - self._said < _AGAIN_S):
            return
        self._said = self._passed()
        log.warning(
            "%s has a time that is %.0f s ahead of this machine's clock: that clock is wrong, or the clock of whoever "
            "wrote the record. Ages and claimwire_lag_seconds are as wrong; the claims are not",
            record,
            ahead_s,
        )
