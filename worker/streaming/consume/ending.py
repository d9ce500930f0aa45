"""How a membership of a consumer group ends: by request, or with the error that makes going on impossible."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from worker.streaming.standstill import StandstillClock

__all__ = ["Ending", "RejoinError", "end_after_standstill"]

T = TypeVar("T")


class RejoinError(Exception):
    """This membership is of no further use; the intake joins the group again.

    `lost`: others may own its partitions already, so nothing more may be published or committed for them.
    """

    def __init__(self, why: str, *, lost: bool) -> None:
        super().__init__(why)
        self.lost = lost


class Ending:
    """The first call of `finish` or `fail` decides how the membership ends; later ones change nothing.

    Whatever serves a membership (its partitions, its background tasks) gets this object instead of the membership.
    Make it inside the event loop.
    """

    def __init__(self) -> None:
        self._future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def finish(self) -> None:
        """Ends it by request."""
        if not self._future.done():
            self._future.set_result(None)

    def fail(self, error: BaseException) -> None:
        """Ends it with an error."""
        if not self._future.done():
            self._future.set_exception(error)

    @property
    def reached(self) -> bool:
        return self._future.done()

    @property
    def failed(self) -> bool:
        return self._future.done() and self._future.exception() is not None

    def check(self) -> None:
        """Raises the error of `fail`. Call it only once the end is reached."""
        self._future.result()

    async def unless(self, action: Awaitable[T]) -> T | None:
        """The result of `action`, or None when the end comes first; then `action` is cancelled."""
        acting = asyncio.ensure_future(action)
        try:
            both: list[asyncio.Future[T] | asyncio.Future[None]] = [acting, self._future]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not acting.done():
                acting.cancel()
                await asyncio.gather(acting, return_exceptions=True)
        return None if acting.cancelled() else acting.result()


async def end_after_standstill(standstill: StandstillClock, session_timeout_s: float, ending: Ending) -> None:
    """Ends a membership when this process has not run for longer than the group waits for a member."""
    await standstill.tick()
    why = f"the process stood still for more than session_timeout_s = {session_timeout_s:g}"
    ending.fail(RejoinError(why, lost=True))
