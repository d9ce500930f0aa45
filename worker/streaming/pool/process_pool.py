"""A pool of processes that work on batches, and in which a bad record costs only itself.

The standard library's pools break as a whole when a child dies, and cannot stop a child that hangs. So each child here
has a pipe and a thread of its own in the parent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from worker.streaming.observer import SILENT, ChildEnd, Observer
from worker.streaming.pool.child import Answer, Child, StartError
from worker.streaming.pool.failures import ChildDied, OutOfMemory, PoolFailure, Raised, TimedOut

__all__ = ["ChildDied", "OutOfMemory", "PoolFailure", "ProcessPool", "Raised", "StartError", "TimedOut"]

In = TypeVar("In")
Out = TypeVar("Out")


class ProcessPool(Generic[In, Out]):
    """`size` children. In each of them `factory` ("module:function") is called once with `options`, and returns the
    function that turns a batch (a sequence of `In`) into its results (an iterable of `Out`, one for each item, in
    order). Each result leaves the child when it is there, so that what ends the child costs only the item it was at.

    When a child raises, dies, takes longer than `limit_s` for an item or grows beyond twice `memory_bytes` (0: no
    limit), the result of that item is a `PoolFailure`. It is not tried again; what is behind it goes to the next free
    child. `preload`: a module whose import loads what the children share (origin.py).
    """

    def __init__(
        self,
        factory: str,
        options: Mapping[str, object],
        *,
        size: int,
        limit_s: float,
        memory_bytes: int = 0,
        preload: str = "",
        observer: Observer = SILENT,
    ) -> None:
        self._factory, self._options, self.size, self._limit_s = factory, options, size, limit_s
        self._memory_bytes, self._preload, self._observer = memory_bytes, preload, observer
        self._children: list[Child[In, Out]] = []
        self._free: asyncio.Queue[Child[In, Out]] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(max_workers=size, thread_name_prefix="pool")

    async def start(self) -> None:
        """Starts all children at once; returns when each has loaded. Raises StartError."""
        loop = asyncio.get_running_loop()

        def moved() -> None:
            loop.call_soon_threadsafe(self._observer.child_moved)

        self._children = [
            Child(self._factory, self._options, self._memory_bytes, moved, self._preload) for _ in range(self.size)
        ]
        await asyncio.gather(*(loop.run_in_executor(self._threads, child.wait_ready) for child in self._children))
        for child in self._children:
            self._free.put_nowait(child)

    @property
    def restarts(self) -> int:
        """How often a child was replaced."""
        return sum(child.restarts for child in self._children)

    async def run(self, batch: Sequence[In]) -> list[Out | PoolFailure]:
        """One result for each item, in order. Raises StartError: a child that had to be replaced cannot start."""
        results: list[Out | PoolFailure] = []
        while len(results) < len(batch):
            answer = await self._call(batch[len(results) :])
            self._report(answer)
            results += answer.results
            if answer.failure is not None:
                results.append(answer.failure)
        return results

    def _report(self, answer: Answer[Out]) -> None:
        if answer.replaced is not None:
            what = str(answer.failure or (f"{answer.resident} bytes" if answer.replaced is ChildEnd.MEMORY else "idle"))
            self._observer.child_restarted(answer.replaced, f"process {answer.pid}: {what}")
        if answer.resident:
            self._observer.child_memory(answer.pid, answer.resident)

    async def _call(self, batch: Sequence[In]) -> Answer[Out]:
        child = await self._free.get()
        calling = asyncio.get_running_loop().run_in_executor(self._threads, child.call, batch, self._limit_s)
        # the caller may be cancelled; the child is not free before its thread is
        calling.add_done_callback(lambda done: self._give_back(child, done))
        return await asyncio.shield(calling)

    def _give_back(self, child: Child[In, Out], calling: asyncio.Future[Answer[Out]]) -> None:
        if not calling.cancelled():
            calling.exception()  # raised where it was awaited, unless nobody waits any more
        self._free.put_nowait(child)

    async def stop(self) -> None:
        """Ends the children at once, whatever they are working on."""
        for child in self._children:
            child.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
