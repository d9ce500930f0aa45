"""Clients of Kafka beside the worker's consumers: started or ended, and ended within a bound."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from aiokafka.errors import KafkaError

__all__ = ["ended", "started"]

_END_S = 2.0


class _Client(Protocol):
    async def start(self) -> None: ...


C = TypeVar("C", bound=_Client)


async def started(client: C, end: Callable[[], Awaitable[object]]) -> C:
    """Starts the client; where that fails, `end` ends it and the error is raised."""
    try:
        await client.start()
    except BaseException:
        await end()
        raise
    return client


async def ended(ending: Awaitable[object]) -> None:
    """Waits for the end of a client for two seconds at most; it may be ended because it was broken. Does not raise."""
    with contextlib.suppress(KafkaError, TimeoutError, OSError):
        await asyncio.wait_for(ending, _END_S)
