"""Holds outcomes back while the breaker is open, counts those that were settled, and says why intake is paused."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable

from worker.streaming.consume.breaker import Breaker, BreakerOptions, BreakerState
from worker.streaming.outcome import Dead, Outcome

__all__ = ["BreakerHold", "HeldBackError"]

log = logging.getLogger("claimwire.intake")

_POLL_S = 0.2


class HeldBackError(Exception):
    """The breaker still holds records whose partition is being drained: they are not settled here, but read again."""


class BreakerHold:
    """`topic` is the one that the records are read from."""

    def __init__(self, topic: str, options: BreakerOptions) -> None:
        self._topic, self._options = topic, options
        self._breaker = Breaker(options)

    @contextlib.asynccontextmanager
    async def admitted(self, records: int, draining: Callable[[], bool]) -> AsyncIterator[None]:
        """Waits until the breaker admits so many records; the caller settles them inside the context.

        An exception inside it means that they were not settled: as probes they are then replaced by others.

        Raises:
            HeldBackError: `draining` became true while they waited.
        """
        while not self._breaker.admits(time.monotonic()):
            if draining():
                raise HeldBackError
            await asyncio.sleep(_POLL_S)
        self._breaker.admit(records)
        try:
            yield
        except BaseException:
            self._breaker.give_back(records)
            raise

    def count(self, outcome: Outcome) -> None:
        """Counts a record whose outcome is acknowledged; logs when it is the one that opens the breaker."""
        if self._breaker.count(time.monotonic(), dead=isinstance(outcome, Dead)):
            log.error("%s", self._message())

    @property
    def pause_reason(self) -> str | None:
        """Why intake is paused, for an operator; None unless the breaker is open."""
        was_open = self._breaker.state is BreakerState.OPEN
        return self._message() if was_open and not self._breaker.admits(time.monotonic()) else None

    def _message(self) -> str:
        breaker, options = self._breaker, self._options
        return (
            f"{breaker.dead} of the last {breaker.seen} records of {self._topic} went to the dead letters, more "
            f"than breaker_share = {options.share:g} of them: the worker pauses. `claimwire dead ls` says why. Every "
            f"breaker_pause_s = {options.pause_s:g} seconds {options.min_records} records are tried, and once they "
            f"pass it goes on by itself; to let everything through as it is, restart with breaker_share = 1"
        )
