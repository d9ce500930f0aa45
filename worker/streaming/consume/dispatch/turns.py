"""Whose turn it is: batches side by side, or one suspect record alone (attempts.py)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

__all__ = ["Turns"]


class Turns:
    """Shared by all that one worker works on. Turns come in the order in which they are asked for."""

    def __init__(self) -> None:
        self._next = asyncio.Lock()
        self._side_by_side = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextlib.asynccontextmanager
    async def turn(self, *, alone: bool) -> AsyncIterator[None]:
        """While the work is done. `alone`: nothing else is meanwhile."""
        if alone:
            async with self._next:
                await self._idle.wait()
                yield
            return
        async with self._next:
            self._side_by_side += 1
            self._idle.clear()
        try:
            yield
        finally:
            self._side_by_side -= 1
            if not self._side_by_side:
                self._idle.set()
