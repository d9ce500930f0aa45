"""Batches of records of one partition, and which of all that wait is worked on next."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from worker.streaming.budget import ByteBudget
from worker.streaming.observer import Observer
from worker.streaming.outcome import Ok, Outcome
from worker.streaming.record import Record

__all__ = ["Batch", "Dispatcher", "Work", "in_batches"]

Work = Callable[[Sequence[Record]], Awaitable[list[Outcome]]]
"""One outcome for each record, in their order. It must not raise: what it cannot do is an outcome as well."""


def in_batches(records: Iterable[Record], most: int, most_bytes: int) -> Iterator[list[Record]]:
    """Splits in order; a record larger than `most_bytes` is a batch of its own."""
    batch: list[Record] = []
    size = 0
    for record in records:
        if batch and (len(batch) >= most or size + record.size > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += record.size
    if batch:
        yield batch


class Batch:
    """`first` tells whether nothing of its partition stands before it: it may always begin, or nothing would move."""

    def __init__(self, records: list[Record], due: float, first: Callable[[Batch], bool]) -> None:
        self.records, self.due, self._first = records, due, first
        self.outcomes: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self.working: asyncio.Task[None] | None = None
        self.result_size = 0

    @property
    def begun(self) -> bool:
        return self.working is not None

    @property
    def first(self) -> bool:
        return self._first(self)

    def cancel(self) -> None:
        self.outcomes.cancel()
        if self.working is not None:
            self.working.cancel()


class Dispatcher:
    """Lets at most `parallel` batches be worked on at once, in the order of their arrival.

    What is done waits for its turn to be published, and counts against `results`: when that is full, only the first
    batch of a partition may begin. So a slow record at the head of a partition does not let the outcomes
    behind it pile up in memory.
    """

    def __init__(self, stage: str, work: Work, *, parallel: int, results: ByteBudget, observer: Observer) -> None:
        self._stage, self._work, self._parallel = stage, work, parallel
        self.results, self._observer = results, observer
        self._waiting: deque[Batch] = deque()
        self._running = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, batch: Batch) -> None:
        self._waiting.append(batch)
        self.pump()

    def forget(self, batches: Iterable[Batch]) -> None:
        """They will not be begun any more; those that were are cancelled, their outcomes are of no interest."""
        gone = set(map(id, batches))
        for batch in batches:
            batch.cancel()
            self.settled(batch)
        self._waiting = deque(batch for batch in self._waiting if id(batch) not in gone)

    def settled(self, batch: Batch) -> None:
        self.results.give(batch.result_size)
        batch.result_size = 0

    def pump(self) -> None:
        """Begins what may begin. Called whenever something has changed."""
        while self._running < self._parallel:
            batch = self._next()
            if batch is None:
                return
            self._running += 1
            batch.working = asyncio.create_task(self._run(batch))

    def _next(self) -> Batch | None:
        now = time.time()
        soonest = None
        for index, batch in enumerate(self._waiting):
            if batch.due > now:
                soonest = batch.due if soonest is None else min(soonest, batch.due)
            elif not self.results.full or batch.first:
                del self._waiting[index]
                return batch
        if soonest is not None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(soonest - now, self.pump)
        return None

    async def _run(self, batch: Batch) -> None:
        begun = time.monotonic()
        self._observer.batch_started(self._stage, batch.records)
        try:
            outcomes = await self._work(batch.records)
        except asyncio.CancelledError:
            raise
        except Exception as broken:  # noqa: BLE001 - raised where the outcomes are awaited
            if not batch.outcomes.done():
                batch.outcomes.set_exception(broken)
        else:
            self._observer.batch_finished(self._stage, batch.records, time.monotonic() - begun)
            if not batch.outcomes.done():
                batch.result_size = sum(_size(outcome) for outcome in outcomes)
                self.results.take(batch.result_size)
                batch.outcomes.set_result(outcomes)
        finally:
            self._running -= 1
            self.pump()


def _size(outcome: Outcome) -> int:
    if isinstance(outcome, Ok):
        return sum(len(output.value or b"") + 512 for output in outcome.outputs)
    return 512
