"""One process of the pool: its pipe, its time limit, its memory, and its replacement by a new one."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, TypeVar

from worker.streaming.observer import ChildEnd
from worker.streaming.pool.failures import ChildDied, OutOfMemory, PoolFailure, Raised, TimedOut
from worker.streaming.pool.origin import let_origin_end, origin
from worker.streaming.pool.process_memory import settle_memory

__all__ = ["Answer", "Child", "StartError"]

In = TypeVar("In")
Out = TypeVar("Out")

_START_LIMIT_S = 120.0
_PAUSES_S = (1.0, 1.0, 1.0, 2.0, 2.0, 4.0, 4.0, 8.0, 8.0, 8.0)
"""Before each replacement of a process that ended while loading: the cause (memory, an operator) may pass."""
_POLL_S = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")
_PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """A child could not load what it works with."""


class EndedEarlyError(StartError):
    """A child ended while it was loading, without giving a reason."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[Out]):
    """The answer of a child to a batch: the results of its first items, and the failure of the item behind them.

    `failure`: None where all items have a result. `replaced`: why the child was replaced, if it was. `resident`: its
    bytes in RAM, 0: unknown.
    """

    results: list[Out]
    failure: PoolFailure | None = None
    replaced: ChildEnd | None = None
    pid: int = 0
    resident: int = 0


class _Message(Enum):
    """What a child says of its batch, each with a value: the result of the next item, or how it ended."""

    RESULT = auto()
    RAISED = auto()
    ENDED = auto()


def _child(connection: Connection, factory: str, options: Mapping[str, object]) -> None:
    # Ctrl-C, and a terminal that is closed, go to the whole process group, but the parent decides when a child ends
    for of_the_terminal in (signal.SIGINT, signal.SIGHUP):
        signal.signal(of_the_terminal, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        # a child in an endless loop would outlive a worker that was killed
        let_origin_end()
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        worker = multiprocessing.parent_process()
        if worker is None or not worker.is_alive():
            return
    module, _, name = factory.partition(":")
    try:
        work: Callable[[object], Iterable[object]] = getattr(importlib.import_module(module), name)(**options)
    except BaseException as broken:  # noqa: BLE001 - whatever it is, the parent must hear of it
        connection.send(("failed", f"{type(broken).__name__}: {broken}"))
        return
    settle_memory()
    connection.send(("ready", os.getpid()))
    while True:
        try:
            for message in _messages(work, connection.recv_bytes()):
                connection.send_bytes(message)
        except (EOFError, OSError):
            return  # the parent is gone


def _messages(work: Callable[[object], Iterable[object]], batch: bytes) -> Iterator[bytes]:
    """The messages about a batch, pickled: each result when it is there, or the exception that an item ended with."""
    results = None
    while True:
        try:
            results = iter(work(pickle.loads(batch))) if results is None else results  # noqa: S301 - the parent's own bytes
            message = pickle.dumps((_Message.RESULT, next(results)))
        except StopIteration:
            yield pickle.dumps((_Message.ENDED, None))
            return
        except BaseException as broken:  # noqa: BLE001 - it costs the item that it happened at, not the process
            yield pickle.dumps((_Message.RAISED, Raised.of(broken)))
            return
        yield message


def _resident_bytes(pid: int) -> int:
    """Memory that a process has in RAM; 0 where the system does not say (it is gone, or this is not Linux)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


@contextlib.contextmanager
def _terminal_unheard() -> Iterator[None]:
    """What is started meanwhile does not hear of a terminal that is closed: the process that forks would end before
    the worker, which decides, could stop in order.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGHUP,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Child(Generic[In, Out]):
    """Its methods block: they run in a thread of the pool. `memory_bytes` 0: no limit. `moved` is called there whenever
    an item has a result. `preload`: see `origin`.

    Memory is watched from outside, because an address-space limit counts what libraries only reserve, and kills them.
    Above `memory_bytes` a child is replaced when its batch is done, above twice that at once.
    """

    def __init__(
        self,
        factory: str,
        options: Mapping[str, object],
        memory_bytes: int,
        moved: Callable[[], object],
        preload: str = "",
    ) -> None:
        self._factory, self._options, self._memory_bytes, self._moved = factory, options, memory_bytes, moved
        self._origin = origin(preload)
        self._closed = threading.Event()
        self._process: BaseProcess | None = None
        self.restarts = -1

    def start(self) -> None:
        """Returns when the process is there: the first one that is forked waits for what is loaded before the fork.

        Raises EndedEarlyError.
        """
        self._pipe, theirs = self._origin.Pipe()
        self._ready = False
        self.restarts += 1
        process = self._origin.Process(target=_child, args=(theirs, self._factory, self._options), daemon=True)
        try:
            with _terminal_unheard():
                process.start()
        except (EOFError, OSError) as ended:
            raise EndedEarlyError(f"an extraction process could not start: {ended!r} while it was forked") from ended
        finally:
            theirs.close()
        self._process = process
        if self._closed.is_set():  # another thread stopped the pool in between
            self._end()

    def wait_ready(self) -> None:
        """Starts the process if there is none. Raises StartError."""
        if self._closed.is_set():
            raise StartError("the pool is stopped")
        if self._process is None:
            self.start()
        if self._ready:
            return
        try:
            kind, detail = (
                self._pipe.recv() if self._pipe.poll(_START_LIMIT_S) else ("failed", "it did not start in time")
            )
        except (EOFError, OSError):
            raise EndedEarlyError(
                f"an extraction process could not start: it ended with exit code {self._exit_code()} while starting"
            ) from None
        if kind != "ready":
            raise StartError(f"an extraction process could not start: {detail}")
        self._ready = True

    def _wait_replaced(self) -> None:
        """Waits for a replacement to load. One that ends while loading is replaced as well, for most of a minute.

        Raises:
            StartError: it reports why it cannot start, or it ends again and again.
        """
        for pause in _PAUSES_S:
            try:
                self.wait_ready()
            except EndedEarlyError:
                if self._closed.wait(pause):
                    raise
                self._end()
            else:
                return
        self.wait_ready()

    def call(self, batch: Sequence[In], limit_s: float) -> Answer[Out]:
        """The child's answer to a batch. `limit_s`: how long it may take for each item.

        Raises StartError: a replaced child cannot start.
        """
        ended = self._ended_idle()
        self._wait_replaced()
        answer = self._call(batch, limit_s)
        return replace(answer, replaced=ChildEnd.DIED) if ended and answer.replaced is None else answer

    def _ended_idle(self) -> bool:
        """Whether the process has ended while it had nothing to do; then it is gone, and no record pays for it."""
        process = self._process
        if process is None or not self._ready or process.is_alive():
            return False
        self._end()
        return True

    def _call(self, batch: Sequence[In], limit_s: float) -> Answer[Out]:
        pid = self._pid
        results: list[Out] = []
        try:
            self._pipe.send(batch)
            while (failed := self._waited(limit_s)) is None:
                kind, value = self._pipe.recv()
                if kind is _Message.RESULT:
                    results.append(value)
                    self._moved()
                    continue
                return self._answered(results, value, len(batch), pid)
        except (EOFError, OSError):
            failed = ChildDied(self._exit_code()), ChildEnd.DIED
        failure, why = failed
        self._replace()
        return Answer(results, failure, replaced=why, pid=pid)

    def _waited(self, limit_s: float) -> tuple[PoolFailure, ChildEnd] | None:
        """Waits for a message; why the child must be replaced, where it takes too long or grows too large meanwhile."""
        until = time.monotonic() + limit_s
        while not self._pipe.poll(max(0.0, min(_POLL_S, until - time.monotonic()))):
            resident = _resident_bytes(self._pid)
            if self._memory_bytes and resident > 2 * self._memory_bytes:
                return OutOfMemory(resident), ChildEnd.MEMORY
            if time.monotonic() >= until:
                return TimedOut(limit_s), ChildEnd.TIMED_OUT
        return None

    def _answered(self, results: list[Out], raised: Raised | None, items: int, pid: int) -> Answer[Out]:
        """The answer of a child that is done with its batch. It is replaced if it has grown too large."""
        failure = raised
        if failure is None and len(results) < items:
            failure = Raised("RuntimeError", f"the work gave {len(results)} results for {items} items")
        resident = _resident_bytes(pid)
        if not self._memory_bytes or resident <= self._memory_bytes:
            return Answer(results, failure, pid=pid, resident=resident)
        self._replace()
        return Answer(results, failure, replaced=ChildEnd.MEMORY, pid=pid, resident=resident)

    @property
    def _pid(self) -> int:
        process = self._process
        return process.pid or 0 if process is not None else 0

    def _exit_code(self) -> int | None:
        """Of a process that has ended, or is about to."""
        process = self._process
        if process is None:
            return None
        process.join(5)
        return process.exitcode

    def _replace(self) -> None:
        self._end()
        if not self._closed.is_set():
            with contextlib.suppress(EndedEarlyError):  # the next call tries again
                self.start()

    def stop(self) -> None:
        """Ends the process at once. May be called from another thread while `call` runs."""
        self._closed.set()
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.is_alive():  # the number of one that has ended may be another's
            process.kill()
        process.join(5)
        with contextlib.suppress(OSError):
            self._pipe.close()
