"""Decides which of the waiting batches is worked on next, and starts it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from worker.streaming.byte_budget import ByteBudget
from worker.streaming.consume.dispatch.batches import Batch
from worker.streaming.consume.dispatch.turns import Turns
from worker.streaming.observer import Observer
from worker.streaming.outcome import Ok, Outcome
from worker.streaming.record import Record

__all__ = ["Dispatcher", "Work"]

Work = Callable[[Sequence[Record]], Awaitable[list[Outcome]]]
"""Returns one outcome for each record, in their order. A failure of a record is an outcome as well; an exception ends
the intake.
"""

_OVERHEAD_BYTES = 512
"""Memory that an outcome, and each output of it, takes beside the output's value, roughly."""


class Dispatcher:
    """Lets at most `parallel` batches be worked on at once, in the order of their arrival.

    Outcomes wait until it is their turn to be published, and count against `results` meanwhile. While that budget is
    full, only the first batch of a partition may start: so the outcomes behind a slow record at the head of a
    partition do not pile up in memory. `turns`: a suspect record is worked on alone, and once all before it is settled,
    so that the offset that is committed then is its own. `now` gives seconds since 1970.
    """

    def __init__(
        self,
        stage: str,
        work: Work,
        *,
        parallel: int,
        results: ByteBudget,
        observer: Observer,
        turns: Turns,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._stage, self._work, self._parallel = stage, work, parallel
        self._results, self._observer, self._turns, self._now = results, observer, turns, now
        self._waiting: deque[Batch] = deque()
        self._running = 0
        self._timer: asyncio.TimerHandle | None = None

    def add(self, batch: Batch) -> None:
        self._waiting.append(batch)
        self._start_due()

    def settled(self, batch: Batch) -> None:
        """The outcomes of the batch are acknowledged: their bytes are free again, and others may start."""
        self._give_back(batch)
        self._start_due()

    def release(self, batches: Sequence[Batch]) -> None:
        """The batches are not started any more; those that were are cancelled and their outcomes thrown away."""
        released = set(map(id, batches))
        for batch in batches:
            batch.cancel()
            self._give_back(batch)
        self._waiting = deque(batch for batch in self._waiting if id(batch) not in released)

    def _give_back(self, batch: Batch) -> None:
        self._results.give(batch.result_size)
        batch.result_size = 0

    def _start_due(self) -> None:
        """Starts what may start. Called whenever something has changed."""
        while self._running < self._parallel:
            batch = self._next()
            if batch is None:
                return
            self._running += 1
            batch.working = asyncio.create_task(self._run(batch))

    def _next(self) -> Batch | None:
        now = self._now()
        soonest: float | None = None
        for index, batch in enumerate(self._waiting):
            if batch.due > now:
                soonest = batch.due if soonest is None else min(soonest, batch.due)
            elif batch.first or not (batch.alone or self._results.full):
                del self._waiting[index]
                return batch
        if soonest is not None:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(soonest - now, self._start_due)
        return None

    async def _run(self, batch: Batch) -> None:
        try:
            async with self._turns.turn(alone=batch.alone):
                await batch.begin()
                begun = time.monotonic()
                self._observer.batch_started(self._stage, batch.records)
                outcomes = await self._work(batch.records)
                await batch.came_back()
        except asyncio.CancelledError:
            raise
        except Exception as broken:  # noqa: BLE001 - raised where the outcomes are awaited
            if not batch.outcomes.done():
                batch.outcomes.set_exception(broken)
        else:
            self._observer.batch_finished(self._stage, batch.records, time.monotonic() - begun)
            if not batch.outcomes.done():
                batch.result_size = sum(_size(outcome) for outcome in outcomes)
                self._results.take(batch.result_size)
                batch.outcomes.set_result(outcomes)
        finally:
            self._running -= 1
            self._start_due()


def _size(outcome: Outcome) -> int:
    if isinstance(outcome, Ok):
        return sum(len(output.value or b"") + _OVERHEAD_BYTES for output in outcome.outputs)
    return _OVERHEAD_BYTES
