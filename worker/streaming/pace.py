"""Keeps to a rate in records a second."""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["Pace"]


class Pace:
    """Keeps to `rate` records a second over any longer time; None: no limit."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._clock = rate, clock
        self._free_at = clock()

    def take(self, records: int) -> None:
        """Counts records that begin now. Unused time is not saved up."""
        if self.rate is not None:
            self._free_at = max(self._free_at, self._clock()) + records / self.rate

    @property
    def wait_s(self) -> float:
        """Seconds until more may begin."""
        return 0.0 if self.rate is None else max(0.0, self._free_at - self._clock())
