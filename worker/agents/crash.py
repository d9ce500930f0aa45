"""How a service of the worker crashes with the work that it began."""

from __future__ import annotations

import asyncio

__all__ = ["end_with"]


async def end_with(running: asyncio.Task[None]) -> None:
    """For `add_future` of a service: the end of `running` is the service's, its exception becomes the crash."""
    await asyncio.wait([running])
    if not running.cancelled():
        running.result()
