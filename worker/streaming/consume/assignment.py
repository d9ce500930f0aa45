"""The partitions that this member of the group owns: taken over when assigned; drained, committed and fenced when
revoked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition

from worker.streaming.consume.client import committed_notes, is_expelled
from worker.streaming.consume.commits import Committer
from worker.streaming.consume.dispatch.attempts import Attempts
from worker.streaming.consume.ending import Ending
from worker.streaming.consume.options import IntakeOptions
from worker.streaming.consume.partition import AssignedPartition, PartitionParts
from worker.streaming.record import name_of, names_of

__all__ = ["Assignment"]

log = logging.getLogger("claimwire.intake")


class Assignment(ConsumerRebalanceListener):
    """The client calls the `on_partitions_...` methods from its background task; a rebalance waits until they return.

    `partitions` maps each partition that is assigned now. The dict object never changes, so others may keep a
    reference. `discard_queued` drops the outputs that the producer still has queued: what a new owner publishes must
    not be followed by leftovers of this one.
    """

    def __init__(
        self,
        options: IntakeOptions,
        parts: PartitionParts,
        ending: Ending,
        consumer: AIOKafkaConsumer,
        discard_queued: Callable[[], Awaitable[None]],
    ) -> None:
        self._options, self._parts, self._ending = options, parts, ending
        self._consumer, self._discard_queued = consumer, discard_queued
        self.committer = Committer(options.stage, consumer, parts.observer)
        self.partitions: dict[TopicPartition, AssignedPartition] = {}
        self._generation = 0

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        keys = sorted(assigned)
        self._generation += 1
        notes = await committed_notes(self._consumer, [key for key in keys if key not in self.partitions])
        for key in keys:
            self._take_over(key, notes.get(key, ""))
        self._parts.observer.assigned(self._options.stage, keys, self._generation)
        log.info("Assigned to %s: %s", self._options.group, names_of(keys))

    def _take_over(self, key: TopicPartition, note: str = "") -> None:
        if key in self.partitions:
            return
        attempts = Attempts(note)
        if attempts.suspects_any:
            log.warning(
                "%s: a worker did not come back from records that it had begun (%s); each is worked on alone",
                name_of(key),
                note,
            )
        self.partitions[key] = AssignedPartition(key, self._parts, self._ending, attempts, self._write_down)

    async def _write_down(self) -> None:
        await self.committer.commit_now(self.partitions)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Drains and commits within the time limit, and releases the rest: the next owner reads it again."""
        expelled = is_expelled(self._consumer)
        if expelled:
            self._parts.doubled.expelled()
        await self.release(list(revoked), lost=expelled, limit_s=self._options.drain_timeout_s)

    async def restart(self, key: TopicPartition) -> None:
        """Releases a partition and takes it over again: from now on its offsets may be lower than before."""
        await self.release([key], lost=False, limit_s=self._options.drain_timeout_s)
        self._take_over(key)

    async def release_all(self, *, lost: bool, limit_s: float) -> None:
        await self.release(list(self.partitions), lost=lost, limit_s=limit_s)

    async def release(self, keys: Sequence[TopicPartition], *, lost: bool, limit_s: float) -> None:
        """Drains for at most `limit_s`, commits, then fences. `lost`: others own the partitions already, so nothing is
        drained or committed.
        """
        leaving = {key: self.partitions[key] for key in keys if key in self.partitions}
        if not leaving:
            return
        drained, not_started = False, 0
        try:
            if not lost:
                not_started = sum(partition.start_draining() for partition in leaving.values())
                drained = await _drained(list(leaving.values()), limit_s)
                for partition in leaving.values():
                    partition.give_up()
                if not await self.committer.commit(leaving):
                    log.warning("%s: the last offsets were not committed, records come again", names_of(leaving))
        finally:
            in_the_middle = sum(partition.fence() for partition in leaving.values())
            for key, partition in leaving.items():
                if self.partitions.get(key) is partition:
                    del self.partitions[key]
            self._parts.observer.revoked(self._options.stage, sorted(leaving), not_started + in_the_middle)
        if not drained:
            why = "the group had given them away" if lost else f"not drained in {limit_s:g}s"
            log.warning("%s: %d records were left in the middle (%s)", names_of(leaving), in_the_middle, why)
            await self._discard_queued()


async def _drained(partitions: Sequence[AssignedPartition], limit_s: float) -> bool:
    """Waits for all of them; False when the time is over first."""
    waiting = [asyncio.create_task(partition.drained()) for partition in partitions]
    begun = time.monotonic()
    _, late = await asyncio.wait(waiting, timeout=limit_s)
    for task in late:
        task.cancel()
    total = len(partitions)
    log.debug("%d of %d partitions drained in %.1fs", total - len(late), total, time.monotonic() - begun)
    return not late
