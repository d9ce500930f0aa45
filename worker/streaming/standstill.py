"""Detects that this process did not run for a while: stopped, swapped out, or its machine asleep."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

__all__ = ["StandstillClock", "running_time"]

_TICK_S = 0.5
_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def running_time() -> float:
    """Seconds that also pass while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


class StandstillClock:
    """A member of a consumer group that did not run for longer than its session timeout has lost its partitions and
    does not know it. After waking, finished work must not be published: callers check `stood_still` before every write
    to Kafka.
    """

    def __init__(self, limit_s: float, now: Callable[[], float] = running_time) -> None:
        self._limit_s, self._now = limit_s, now
        self._last = now()

    def reset(self) -> None:
        """Forgets an earlier standstill: a new membership begins."""
        self._last = self._now()

    async def tick(self) -> None:
        """Notes every half second that the process runs. Returns after a standstill; `stood_still` then stays true."""
        while True:
            await asyncio.sleep(_TICK_S)
            if self.stood_still:
                return
            self._last = self._now()

    @property
    def stood_still(self) -> bool:
        return self._now() - self._last > self._limit_s
