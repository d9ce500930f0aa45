"""Waits for what a part of the worker that runs in this process does, by its counts and its readiness."""

from __future__ import annotations

import asyncio
import time


class Waiting:
    """Of something with `_running`, the task that runs it, `whole`, its counts, and `condition`."""

    WHAT, LIMIT_S = "it", 60

    async def ended(self, limit_s=60):
        """Waits for it to end by itself. Returns the exception."""
        await asyncio.wait([self._running], timeout=limit_s)
        assert self._running.done(), f"{self.WHAT} still runs: {self.condition.why_not_ready()}"
        return self._running.exception()

    async def until(self, done, limit_s=None):
        """Waits until done() holds; fails when it ends first."""
        limit_s = limit_s or self.LIMIT_S
        end = time.monotonic() + limit_s
        while not done():
            if self._running.done():
                raise AssertionError(f"{self.WHAT} ended: {self._running.exception()!r}")
            if time.monotonic() > end:
                raise AssertionError(f"not within {limit_s}s: {self.whole}, {self.condition.why_not_ready()}")
            await asyncio.sleep(0.05)

    async def settled(self, count, limit_s=None):
        await self.until(lambda: self.whole.settled >= count, limit_s)
