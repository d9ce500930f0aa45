"""Notices that this process stood still: stopped, swapped out, or its machine asleep."""

from __future__ import annotations

import asyncio
import time

__all__ = ["StandstillClock", "running_time"]

_TICK_S = 0.5
_BOOT = getattr(time, "CLOCK_BOOTTIME", None)


def running_time() -> float:
    """Seconds that also pass while the machine sleeps, where the system has such a clock."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


class StandstillClock:
    """A member of a group that stood still for longer than its session has lost its partitions and does not know it.

    What is ready when it wakes would go on where it stood: so it asks `stood_still` before each step outwards.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._last = running_time()

    def reset(self) -> None:
        """What lies behind does not matter any more."""
        self._last = running_time()

    async def tick(self) -> None:
        """Until cancelled, or until it has stood still: then it returns, and `stood_still` stays true."""
        while True:
            await asyncio.sleep(_TICK_S)
            if self.stood_still:
                return
            self._last = running_time()

    @property
    def stood_still(self) -> bool:
        return running_time() - self._last > self._limit_s
