"""One process of the pool: its pipe, its time limit, its memory, and its replacement by a new one."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from worker.streaming.observer import ChildEnd

__all__ = ["Answer", "Child", "ChildDied", "OutOfMemory", "StartError", "TimedOut", "at", "resident_bytes"]

Work = Callable[[Sequence[Any]], list[Any]]
_SPAWN = multiprocessing.get_context("spawn")  # fork copies the threads' locks in whatever state they are
_START_LIMIT_S = 120.0
_PAUSES_S = (1.0, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 8.0, 8.0, 8.0)
"""Before each replacement of a process that ended while it loaded: what kills it (memory, an operator) may pass."""
_LOOK_S = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """A child could not load what it works with."""


class EndedEarlyError(StartError):
    """A child ended without a word before it had loaded."""


@dataclass(frozen=True, slots=True)
class ChildDied:
    """The result of the one record at which a child ended."""

    exit_code: int | None


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The result of the one record that took longer than the limit by itself."""

    seconds: float


@dataclass(frozen=True, slots=True)
class OutOfMemory:
    """The result of the one record over which a child grew beyond the limit, so that it was ended."""

    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child gave: results, or the failure and the item that it was at (None: it did not say)."""

    results: list[Any] | ChildDied | TimedOut | OutOfMemory
    at: int | None = None
    replaced: ChildEnd | None = None
    pid: int = 0
    resident: int = 0


_place: Any = None


def at(index: int) -> None:
    """Called in a child before each item of its batch: when it ends there, only this item is suspected."""
    if _place is not None:
        _place.value = index


def _child(connection: Connection, place: Any, parent: int, factory: str, options: dict[str, Any]) -> None:
    global _place  # noqa: PLW0603 - one for each process, and there is one batch at a time
    _place = place
    # Ctrl-C goes to the whole process group; the parent decides when a child ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        # a child in an endless loop would outlive a parent that was killed
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return
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


def resident_bytes(pid: int) -> int:
    """Memory that a process has in RAM; 0 where the system does not say (it is gone, or this is no Linux)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


class Child:
    """Its methods block: they run in a thread of the pool. `memory_bytes` 0: no limit.

    Memory is watched from outside: an address-space limit counts what libraries only reserve, and kills them.
    Above `memory_bytes` a child is replaced when its batch is done, above twice that at once.
    """

    def __init__(self, factory: str, options: dict[str, Any], memory_bytes: int) -> None:
        self._factory, self._options, self._memory_bytes = factory, options, memory_bytes
        self._closed = threading.Event()
        self.restarts = -1
        self.start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def start(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._place = _SPAWN.RawValue(ctypes.c_long, -1)
        self._process = _SPAWN.Process(
            target=_child, args=(theirs, self._place, os.getpid(), self._factory, self._options), daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        self._ready = False
        self.restarts += 1

    def wait_ready(self) -> None:
        """Raises StartError."""
        if self._ready:
            return
        try:
            kind, detail = (
                self._pipe.recv() if self._pipe.poll(_START_LIMIT_S) else ("failed", "it did not start in time")
            )
        except (EOFError, OSError):
            self._process.join(5)
            code = self._process.exitcode
            raise EndedEarlyError(
                f"an extraction process could not start: it ended with exit code {code} while starting"
            ) from None
        if kind != "ready":
            raise StartError(f"an extraction process could not start: {detail}")
        self._ready = True

    def _wait_replaced(self) -> None:
        """A replacement that ends while it loads is replaced as well, for most of a minute.

        Raises:
            StartError: it says why it cannot start, or it ends again and again.
        """
        for pause in _PAUSES_S:
            try:
                self.wait_ready()
            except EndedEarlyError:
                if self._closed.wait(pause):
                    raise
                self.replace()
            else:
                return
        self.wait_ready()

    def call(self, batch: Sequence[Any], limit_s: float) -> Answer:
        """Raises StartError: a replaced child cannot start."""
        self._wait_replaced()
        self._place.value = -1
        pid = self.pid
        until = time.monotonic() + limit_s
        resident = 0
        try:
            self._pipe.send(batch)
            while not self._pipe.poll(max(0.0, min(_LOOK_S, until - time.monotonic()))):
                resident = resident_bytes(pid)
                if self._memory_bytes and resident > 2 * self._memory_bytes:
                    return self._ended(OutOfMemory(resident), ChildEnd.MEMORY, pid)
                if time.monotonic() >= until:
                    return self._ended(TimedOut(limit_s), ChildEnd.TIMED_OUT, pid)
            results: list[Any] = self._pipe.recv()
        except (EOFError, OSError):
            self._process.join(5)
            return self._ended(ChildDied(self._process.exitcode), ChildEnd.DIED, pid)
        resident = resident_bytes(pid)
        if self._memory_bytes and resident > self._memory_bytes:
            self.replace()
            return Answer(results, replaced=ChildEnd.MEMORY, pid=pid, resident=resident)
        return Answer(results, pid=pid, resident=resident)

    def _ended(self, failure: ChildDied | TimedOut | OutOfMemory, why: ChildEnd, pid: int) -> Answer:
        place = int(self._place.value)
        self.replace()
        return Answer(failure, at=place if place >= 0 else None, replaced=why, pid=pid)

    def replace(self) -> None:
        self._end()
        if not self._closed.is_set():
            self.start()
            if self._closed.is_set():  # the pool was stopped just now, by another thread
                self._end()

    def stop(self) -> None:
        self._closed.set()
        self._end()

    def _end(self) -> None:
        self._process.kill()
        self._process.join(5)
        with contextlib.suppress(OSError):
            self._pipe.close()
