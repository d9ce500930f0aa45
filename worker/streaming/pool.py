"""A pool of spawned processes that work on batches, and in which a bad record costs only itself.

The standard library's pools break as a whole when a child dies, and cannot stop a child that hangs; so each child
here has its own pipe and its own thread in the parent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from worker.streaming.observer import SILENT, Observer
from worker.streaming.pool_child import Answer, Child, ChildDied, OutOfMemory, StartError, TimedOut, at, resident_bytes

__all__ = ["ChildDied", "OutOfMemory", "ProcessPool", "StartError", "TimedOut", "at"]


class ProcessPool:
    """`size` children, each with what `factory` ("module:function") returned for `options`.

    `run` gives one result for each item of the batch, in its order. When a child dies, is late or grows too large,
    the item that it was at is tried alone and the rest without it; where the child did not say (see `at`), the batch
    is halved until the guilty item stands alone. That one's result is `ChildDied`, `TimedOut` or `OutOfMemory`.
    """

    def __init__(
        self,
        factory: str,
        options: dict[str, Any],
        *,
        size: int,
        limit_s: float,
        memory_bytes: int = 0,
        observer: Observer = SILENT,
    ) -> None:
        self._factory, self._options, self.size, self._limit_s = factory, options, size, limit_s
        self._memory_bytes, self._observer = memory_bytes, observer
        self._children: list[Child] = []
        self._free: asyncio.Queue[Child] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(max_workers=size, thread_name_prefix="pool")

    async def start(self) -> None:
        """All children at once; returns when each has loaded. Raises StartError."""
        self._children = [Child(self._factory, self._options, self._memory_bytes) for _ in range(self.size)]
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, child.wait_ready) for child in self._children))
        for child in self._children:
            self._free.put_nowait(child)

    @property
    def restarts(self) -> int:
        return sum(child.restarts for child in self._children)

    def resident(self) -> dict[int, int]:
        """Bytes that each child has in RAM now, by its process id."""
        return {child.pid: resident_bytes(child.pid) for child in self._children}

    async def run(self, batch: Sequence[Any]) -> list[Any]:
        """Raises StartError: a child that had to be replaced cannot start any more."""
        if not batch:
            return []
        answer = await self._call(batch)
        if answer.replaced is not None:
            what = f"{answer.resident} bytes" if isinstance(answer.results, list) else str(answer.results)
            self._observer.child_restarted(answer.replaced, f"process {answer.pid}: {what}")
        if answer.resident:
            self._observer.child_memory(answer.pid, answer.resident)
        if isinstance(answer.results, list):
            return answer.results
        if len(batch) == 1:
            return [answer.results]
        if answer.at is None or answer.at >= len(batch):
            middle = len(batch) // 2
            return await self.run(batch[:middle]) + await self.run(batch[middle:])
        before, suspect, after = batch[: answer.at], batch[answer.at : answer.at + 1], batch[answer.at + 1 :]
        return await self.run(before) + await self.run(suspect) + await self.run(after)

    async def _call(self, batch: Sequence[Any]) -> Answer:
        child = await self._free.get()
        calling = asyncio.get_running_loop().run_in_executor(self._threads, child.call, batch, self._limit_s)
        # whoever waits may give up; the child is not free before its thread is
        calling.add_done_callback(lambda done: self._done(child, done))
        return await asyncio.shield(calling)

    def _done(self, child: Child, calling: asyncio.Future[Answer]) -> None:
        if not calling.cancelled():
            calling.exception()  # raised where it was awaited, if anybody still waits
        self._free.put_nowait(child)

    async def stop(self) -> None:
        """Ends the children, whatever they are at."""
        for child in self._children:
            child.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
