"""Checks from a thread of its own that records get done, and logs the stacks of everything when they do not."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable

from aiokafka import TopicPartition

from worker.streaming.observer import Observer, Pause
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record
from worker.streaming.watch.stall import Stall

__all__ = ["Watchdog", "stacks"]

log = logging.getLogger("claimwire.watchdog")

EXIT_CODE = 70


class Watchdog(Observer):
    """Runs in a thread, because a blocked event loop could not notice that it is blocked. `ends`: after a stall the
    process exits with code 70; that is safe at any point, because nothing is committed that is not done.

    `idle_stages` may have lag and nothing to do: their records wait until they are due. `end` exits the process.
    """

    def __init__(
        self,
        observer: Observer,
        *,
        limit_s: float,
        ends: bool,
        idle_stages: Iterable[str] = (),
        end: Callable[[int], object] = os._exit,
    ) -> None:
        self._observer, self._limit_s, self._ends, self._end = observer, limit_s, ends, end
        self._idle_stages = frozenset(idle_stages)
        self._stall = Stall(limit_s, time.monotonic())
        self._beat = time.monotonic()
        self._reported_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beating: asyncio.Task[None] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        """Call it in the event loop that it watches."""
        self._loop = asyncio.get_running_loop()
        self._beating = asyncio.create_task(self._beat_on())
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if self._beating is not None:
            self._beating.cancel()

    async def _beat_on(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(min(1.0, self._limit_s / 4))

    def _watch(self) -> None:
        step = min(1.0, self._limit_s / 4)
        last = time.monotonic()
        while not self._over.wait(step):
            now = time.monotonic()
            if now - last > self._limit_s / 2:
                self._beat = now  # the whole process did not run, so the loop is not to blame
            last = now
            blocked = now - self._beat
            if blocked > self._limit_s:
                self._report(now, blocked, "the event loop is blocked")
                continue
            idle = self._stall.stalled_s(now)
            if idle is not None:
                self._report(now, idle, "no record was settled although there is lag")

    def _report(self, now: float, seconds: float, what: str) -> None:
        if now - self._reported_at < self._limit_s:
            return
        self._reported_at = now
        log.critical("For %.0fs %s. The stacks of all threads and tasks:\n%s", seconds, what, stacks(self._loop))
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._observer.stalled, seconds)
        if self._ends:
            log.critical("The process ends (watchdog_ends = true); the next one continues at the committed offsets")
            logging.shutdown()
            self._end(EXIT_CODE)

    # the events it observes

    def record_taken(self, stage: str, record: Record) -> None:
        if stage not in self._idle_stages:
            self._stall.took()

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        if stage not in self._idle_stages:
            self._stall.progressed(time.monotonic())

    def child_moved(self) -> None:
        self._stall.moved(time.monotonic())

    def abandoned(self, stage: str, record: Record) -> None:
        if stage not in self._idle_stages:
            self._stall.progressed(time.monotonic())

    def lag(self, stage: str, partition: TopicPartition, records: int) -> None:
        if stage not in self._idle_stages:
            self._stall.lags((stage, partition), records)

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        for partition in partitions:
            self._stall.forget((stage, partition))

    def loading(self, what: str | None) -> None:
        self._stall.outage("loading", time.monotonic(), holds=what is not None)

    def paused(self, stage: str, why: Pause, detail: str) -> None:
        if why is not Pause.BUDGET:
            self._stall.outage((stage, why), time.monotonic(), holds=True)

    def resumed(self, stage: str, why: Pause, seconds: float) -> None:
        if why is not Pause.BUDGET:
            self._stall.outage((stage, why), time.monotonic(), holds=False)

    def output_failing(self, topic: str, since: float, error: str) -> None:
        self._stall.outage(topic, time.monotonic(), holds=True)

    def output_mended(self, topic: str, seconds: float) -> None:
        self._stall.outage(topic, time.monotonic(), holds=False)


def stacks(loop: asyncio.AbstractEventLoop | None) -> str:
    """The stacks of all threads and of the loop's tasks, as text."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    parts = [
        f"thread {names.get(ident, ident)}\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()  # noqa: SLF001 - there is no other way to another thread's stack
    ]
    if loop is not None:
        for task in asyncio.all_tasks(loop):
            frames = "".join(
                f"  {frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_name}\n"
                for frame in task.get_stack()
            )
            parts.append(f"task {task.get_name()} {task.get_coro()!r:.200}\n{frames}")
    return "\n".join(parts)
