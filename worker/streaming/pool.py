"""A pool of spawned processes that work on batches, and in which a bad record costs only itself.

The standard library's pools break as a whole when a child dies, and cannot stop a child that hangs; so each child
here has its own pipe and its own thread in the parent.
"""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

__all__ = ["ChildDied", "ProcessPool", "StartError", "TimedOut"]

Work = Callable[[Sequence[Any]], list[Any]]
_SPAWN = multiprocessing.get_context("spawn")  # fork copies the threads' locks in whatever state they are
_START_LIMIT_S = 120.0


class StartError(Exception):
    """A child could not load what it works with."""


@dataclass(frozen=True, slots=True)
class ChildDied:
    """The result of the one record at which a child ended."""

    exit_code: int | None


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The result of the one record that took longer than the limit by itself."""

    seconds: float


def _child(connection: Connection, factory: str, options: dict[str, Any]) -> None:
    # Ctrl-C goes to the whole process group; the parent decides when a child ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    module, _, name = factory.partition(":")
    try:
        work: Work = getattr(importlib.import_module(module), name)(**options)
    except BaseException as broken:  # noqa: BLE001 - whatever it is, the parent must hear of it
        connection.send(("failed", f"{type(broken).__name__}: {broken}"))
        return
    connection.send(("ready", os.getpid()))
    while True:
        try:
            batch = connection.recv()
        except (EOFError, OSError):
            return  # the parent is gone
        connection.send(work(batch))


class _Child:
    def __init__(self, factory: str, options: dict[str, Any]) -> None:
        self._factory, self._options = factory, options
        self.restarts = -1
        self.start()

    def start(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_child, args=(theirs, self._factory, self._options), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe = ours
        self._ready = False
        self.restarts += 1

    def wait_ready(self) -> None:
        if self._ready:
            return
        try:
            kind, detail = (
                self._pipe.recv() if self._pipe.poll(_START_LIMIT_S) else ("failed", "it did not start in time")
            )
        except (EOFError, OSError):
            kind, detail = "failed", f"it ended with exit code {self._process.exitcode} while starting"
        if kind != "ready":
            raise StartError(f"an extraction process could not start: {detail}")
        self._ready = True

    def call(self, batch: Sequence[Any], limit_s: float) -> list[Any] | ChildDied | TimedOut:
        self.wait_ready()
        try:
            self._pipe.send(batch)
            if self._pipe.poll(limit_s):
                results: list[Any] = self._pipe.recv()
                return results
        except (EOFError, OSError):
            self._process.join(5)
            code = self._process.exitcode
            self.replace()
            return ChildDied(code)
        self.replace()
        return TimedOut(limit_s)

    def replace(self) -> None:
        self.stop()
        self.start()

    def stop(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.join(5)


class ProcessPool:
    """`size` children, each with what `factory` ("module:function") returned for `options`.

    `run` gives one result for each item of the batch, in its order. When a child dies or is late, the batch is
    halved until the guilty item stands alone; that one's result is `ChildDied` or `TimedOut`.
    """

    def __init__(self, factory: str, options: dict[str, Any], *, size: int, limit_s: float) -> None:
        self._factory, self._options, self.size, self._limit_s = factory, options, size, limit_s
        self._children: list[_Child] = []
        self._free: asyncio.Queue[_Child] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(max_workers=size, thread_name_prefix="pool")
        self._closing = False

    async def start(self) -> None:
        """All children at once; returns when each has loaded. Raises StartError."""
        self._children = [_Child(self._factory, self._options) for _ in range(self.size)]
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self._threads, child.wait_ready) for child in self._children))
        for child in self._children:
            self._free.put_nowait(child)

    @property
    def restarts(self) -> int:
        return sum(child.restarts for child in self._children)

    async def run(self, batch: Sequence[Any]) -> list[Any]:
        if not batch:
            return []
        child = await self._free.get()
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._threads, child.call, batch, self._limit_s)
        finally:
            self._free.put_nowait(child)
        if isinstance(answer, list):
            return answer
        if len(batch) == 1:
            return [answer]
        middle = len(batch) // 2
        return await self.run(batch[:middle]) + await self.run(batch[middle:])

    async def stop(self) -> None:
        for child in self._children:
            child.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)
