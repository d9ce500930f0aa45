"""Goes through as many memberships of a consumer group as it takes."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable

from aiokafka.errors import KafkaError

from worker.streaming.backoff import Backoff
from worker.streaming.consume.ending import RejoinError

__all__ = ["keep_joined"]

log = logging.getLogger("claimwire.intake")

_MAX_REJOINS = 8
"""In a row; a membership of more than a minute begins a new row."""
_LASTING_S = 60.0


async def keep_joined(group: str, stopping: asyncio.Event, membership: Callable[[bool], Awaitable[None]]) -> None:
    """Calls `membership` until `stopping` is set; its argument says whether it is the first.

    Raises:
        KafkaError: the group could not be kept. What else `membership` raises, RejoinError excepted.
    """
    backoff = Backoff(0.5, 10.0)
    first = True
    while not stopping.is_set():
        begun = time.monotonic()
        try:
            await membership(first)
        except RejoinError as again:
            if time.monotonic() - begun > _LASTING_S:
                backoff.reset()
            if backoff.attempts >= _MAX_REJOINS:
                raise KafkaError(f"group {group} could not be kept: {again}") from again
            log.warning("Group %s is joined again: %s", group, again)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), backoff.next_s())
        first = False
