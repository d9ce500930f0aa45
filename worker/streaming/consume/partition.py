"""One assigned partition: its batches are worked on side by side, and settled one after the other in their order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiokafka import TopicPartition

from worker.contract.reasons import DeadReason
from worker.streaming.byte_budget import ByteBudget
from worker.streaming.consume.breaker_hold import BreakerHold, HeldBackError
from worker.streaming.consume.dispatch.attempts import Attempts
from worker.streaming.consume.dispatch.batches import Batch
from worker.streaming.consume.dispatch.dispatcher import Dispatcher
from worker.streaming.consume.doubled_instance import DoubledInstance
from worker.streaming.consume.ending import Ending, RejoinError
from worker.streaming.consume.offset_tracker import OffsetTracker
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead
from worker.streaming.record import Record
from worker.streaming.settle.settler import Settler
from worker.streaming.standstill import StandstillClock

__all__ = ["AssignedPartition", "PartitionParts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionParts:
    """The objects that all partitions of an intake share. They outlive a membership of the group."""

    stage: str
    dispatcher: Dispatcher
    budget: ByteBudget
    """Bytes of the records that were taken and are neither settled nor released."""
    settler: Settler
    hold: BreakerHold
    standstill: StandstillClock
    doubled: DoubledInstance
    observer: Observer


class AssignedPartition:
    """Lives from an assignment to the next revocation. Once it is fenced, a late result of its records is neither
    published nor committed. When the partition is assigned again, a new object takes over.

    An error while settling ends the membership through `ending`. `write_down` commits the partition's `progress` and
    returns when that is done or cannot be done now.
    """

    def __init__(
        self,
        partition: TopicPartition,
        parts: PartitionParts,
        ending: Ending,
        attempts: Attempts,
        write_down: Callable[[], Awaitable[None]],
    ) -> None:
        self.partition = partition
        self.tracker = OffsetTracker()
        self.committed: int | None = None
        """The offset that was committed last."""
        self.noted = ""
        """The note with it."""
        self._attempts, self._write_down = attempts, write_down
        self._parts, self._ending = parts, ending
        self._batches: deque[Batch] = deque()
        self._arrived = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._fenced = False
        self._draining = False
        self._settling = asyncio.create_task(self._settle_in_order())

    @property
    def fenced(self) -> bool:
        return self._fenced

    @property
    def takes(self) -> bool:
        """Whether it takes records. Those that it does not take must not count as passed over either."""
        return not self._draining and not self._fenced

    def take(self, records: Sequence[Record], due: float) -> None:
        """Takes a batch of records, to be started not before `due` (seconds since 1970).

        A partition that is being drained takes nothing: it would begin these records while the ones before them, which
        it has released, wait for the next owner.
        """
        parts = self._parts
        if not self.takes:
            return
        for record in records:
            self.tracker.take(record.offset)
            parts.budget.take(record.size)
            parts.observer.record_taken(parts.stage, record)
        for some, suspect in self._attempts.apart(records):
            batch = Batch(some, due, self._is_first, self._begin, self._came_back, alone=suspect)
            self._batches.append(batch)
            why_left = self._attempts.left_by(some[0]) if suspect else None
            if why_left is not None:
                batch.outcomes.set_result([Dead(DeadReason.WORKER_DIED, why_left)])
            else:
                parts.dispatcher.add(batch)
        self._idle.clear()
        self._arrived.set()

    async def _begin(self, batch: Batch) -> None:
        self._attempts.begin(batch.records, alone=batch.alone)
        await self._write_down()

    async def _came_back(self, batch: Batch) -> None:
        if batch.alone:
            self._attempts.came_back(batch.records)
            await self._write_down()

    @property
    def progress(self) -> tuple[int, str] | None:
        """The offset below which all is done, and the note of what is begun; None before the first record was taken."""
        offset = self.tracker.committable
        return None if offset is None else (offset, self._attempts.note(offset))

    def _is_first(self, batch: Batch) -> bool:
        return bool(self._batches) and self._batches[0] is batch

    async def _settle_in_order(self) -> None:
        try:
            while True:
                while not self._batches:
                    self._idle.set()
                    self._arrived.clear()
                    await self._arrived.wait()
                await self._settle(self._batches[0])
        except asyncio.CancelledError:
            raise
        except HeldBackError:
            self._idle.set()
        except Exception as broken:  # noqa: BLE001 - it ends the membership, which raises it
            self._ending.fail(broken)

    async def _settle(self, batch: Batch) -> None:
        """Waits for the outcomes of the partition's first batch and settles them."""
        parts = self._parts
        outcomes = await batch.outcomes
        if parts.standstill.stood_still:
            raise RejoinError("the process stood still, its partitions may have another owner", lost=True)
        async with parts.hold.admitted(len(batch.records), lambda: self._draining):
            await parts.settler.settle(batch.records, outcomes, self._is_ours)
        for record in batch.records:
            self.tracker.done(record.offset)
            parts.budget.give(record.size)
        self._batches.popleft()
        parts.dispatcher.settled(batch)

    def _is_ours(self) -> bool:
        return not self._fenced and not self._parts.standstill.stood_still

    def start_draining(self) -> int:
        """Releases the batches that were not started, and all behind them. Returns how many records those are."""
        self._draining = True
        kept: deque[Batch] = deque()
        for batch in self._batches:
            if not batch.begun:
                break
            kept.append(batch)
        released = self._release(list(self._batches)[len(kept) :])
        self._batches = kept
        if not kept:
            self._idle.set()  # the settling task still waits for a batch that is gone
        return released

    def give_up(self) -> None:
        """From now on `progress` says of no record that it was begun here."""
        self._attempts.given_up()

    async def drained(self) -> None:
        """Returns when all that was started is settled, or the breaker holds it back."""
        await self._idle.wait()

    def fence(self) -> int:
        """Releases all that is left. Returns how many records those are; nothing of them is written to Kafka now."""
        self._fenced = True
        self._settling.cancel()
        released = self._release(list(self._batches))
        self._batches.clear()
        return released

    def _release(self, batches: Sequence[Batch]) -> int:
        parts = self._parts
        parts.dispatcher.release(batches)
        records = [record for batch in batches for record in batch.records]
        for record in records:
            parts.budget.give(record.size)
            parts.observer.abandoned(parts.stage, record)
        return len(records)
