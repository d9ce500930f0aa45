"""One assigned partition: its batches are worked on side by side, and settled one after the other in their order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from aiokafka import TopicPartition

from worker.streaming.batch import Batch, Dispatcher
from worker.streaming.budget import ByteBudget
from worker.streaming.observer import Observer
from worker.streaming.offsets import OffsetTracker
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["HeldBackError", "Lane"]


class HeldBackError(Exception):
    """Raised by `settle` of a lane that is to be given up: its records are not settled now and come again."""


class Lane:
    """Lives from an assignment to the next revocation: `generation` is the fence. Once it is closed, a late result
    of it is neither published nor committed; a new assignment of the same partition begins a new lane.
    """

    def __init__(
        self,
        partition: TopicPartition,
        generation: int,
        *,
        stage: str,
        dispatcher: Dispatcher,
        budget: ByteBudget,
        settle: Callable[[Lane, Sequence[Record], Sequence[Outcome]], Awaitable[None]],
        failed: Callable[[BaseException], None],
        observer: Observer,
    ) -> None:
        self.partition, self.generation = partition, generation
        self.tracker = OffsetTracker()
        self.committed: int | None = None
        self.last_taken: int | None = None
        self._stage, self._dispatcher, self._budget = stage, dispatcher, budget
        self._settle, self._failed, self._observer = settle, failed, observer
        self._batches: deque[Batch] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._open = True
        self._draining = False
        self._settling = asyncio.create_task(self._settle_in_order())

    @property
    def open(self) -> bool:
        return self._open

    @property
    def draining(self) -> bool:
        """It is to be given up soon; what is not under way need not be begun."""
        return self._draining

    @property
    def unsettled(self) -> int:
        """Records taken and without an acknowledged outcome."""
        return self.tracker.in_flight

    def take(self, records: list[Record], due: float) -> None:
        """A batch of records, to be begun not before `due` (seconds since 1970)."""
        for record in records:
            self.tracker.take(record.offset)
            self.last_taken = record.offset
            self._budget.take(record.size)
            self._observer.record_taken(self._stage, record)
        batch = Batch(records, due, self._is_first)
        self._batches.append(batch)
        self._idle.clear()
        self._arrived.set()
        self._dispatcher.add(batch)

    def _is_first(self, batch: Batch) -> bool:
        return bool(self._batches) and self._batches[0] is batch

    async def _settle_in_order(self) -> None:
        try:
            while True:
                while not self._batches:
                    self._idle.set()
                    self._arrived.clear()
                    await self._arrived.wait()
                batch = self._batches[0]
                outcomes = await batch.outcomes
                await self._settle(self, batch.records, outcomes)
                for record in batch.records:
                    self.tracker.done(record.offset)
                    self._budget.give(record.size)
                self._batches.popleft()
                self._dispatcher.settled(batch)
                self._dispatcher.pump()
        except asyncio.CancelledError:
            raise
        except HeldBackError:
            self._idle.set()
        except Exception as broken:  # noqa: BLE001 - handed to the intake, which ends with it
            self._failed(broken)

    def cut(self) -> int:
        """Lets go of what was not begun, and of all behind it: whoever owns the partition next reads it again.

        Returns how many records that are.
        """
        self._draining = True
        kept: deque[Batch] = deque()
        for batch in self._batches:
            if not batch.begun:
                break
            kept.append(batch)
        gone = self._abandon(list(self._batches)[len(kept) :])
        self._batches = kept
        if not kept:
            self._idle.set()  # its task stands at a batch that is gone now
        return gone

    async def drained(self) -> None:
        await self._idle.wait()

    def close(self) -> int:
        """Fences the lane; returns how many records were let go of in the middle."""
        self._open = False
        self._settling.cancel()
        gone = self._abandon(list(self._batches))
        self._batches.clear()
        return gone

    def _abandon(self, batches: Sequence[Batch]) -> int:
        self._dispatcher.forget(batches)
        records = [record for batch in batches for record in batch.records]
        for record in records:
            self._budget.give(record.size)
            self._observer.abandoned(self._stage, record)
        return len(records)
