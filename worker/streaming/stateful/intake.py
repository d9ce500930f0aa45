"""Reads a topic in a consumer group of its own; each assigned partition has an owner that works on it.

A rebalance asks all members to give up everything and gives most of it back: owners are held meanwhile and go on when
they are assigned again, so that only what really moves is opened anew. The fence is theirs, not this loop's: an owner
that goes on though the group gave its partition away cannot write.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterable

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError, OffsetOutOfRangeError
from aiokafka.structs import OffsetAndMetadata

from worker.streaming.backoff import Backoff
from worker.streaming.consume.client import (
    fetch_patiently,
    is_expelled,
    join_for_membership,
    known_position,
    leave,
    missing_topic,
    new_consumer,
)
from worker.streaming.consume.doubled_instance import DoubledInstance
from worker.streaming.consume.ending import Ending, end_after_standstill
from worker.streaming.consume.fetch_errors import outlast
from worker.streaming.consume.options import ConsumerOptions
from worker.streaming.consume.partition_count import PartitionCount
from worker.streaming.consume.rejoin import keep_joined
from worker.streaming.consume.strangers import Strangers
from worker.streaming.record import Record, names_of
from worker.streaming.standstill import StandstillClock
from worker.streaming.stateful.owner import OwnerParts, PartitionOwner

__all__ = ["StatefulIntake"]

log = logging.getLogger("claimwire.intake")

_POLL_MS = 200
_IDLE_POLL_MS = 1000
"""Records end a poll at once, and each poll wakes the worker, also where nothing happens for hours."""
_FETCHED_BATCHES = 4
_LAG_S = 1.0


class StatefulIntake(ConsumerRebalanceListener):
    """`run` reads until `stop`, or raises what no repeat can mend."""

    def __init__(self, options: ConsumerOptions, parts: OwnerParts, *, queue_bytes: int) -> None:
        """`queue_bytes`: what a partition may have waiting before its fetching pauses."""
        self._options, self._parts, self._queue_bytes = options, parts, queue_bytes
        self._owners: dict[TopicPartition, PartitionOwner] = {}
        self._running: dict[TopicPartition, asyncio.Task[None]] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._standstill = StandstillClock(options.session_timeout_s)
        self._backoff = Backoff(0.2, 5.0)
        self._stopping = asyncio.Event()
        self._ending: Ending | None = None
        self._generation = 0
        self._doubled = DoubledInstance(options.group, options.instance_id)
        self._strangers = Strangers(options.group)
        self._waiting: str | None = None

    async def run(self) -> None:
        """Raises StateLostError, NotAllowedError, KafkaError, or what an owner ended with."""
        await keep_joined(self._options.group, self._stopping, self._membership)

    async def stop(self) -> None:
        self._stopping.set()
        if self._ending is not None:
            self._ending.finish()

    async def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        """For brokers without transactions. Raises KafkaError."""
        if self._consumer is None:
            raise KafkaError("no member of the group")
        await self._consumer.commit(offsets)

    async def _membership(self, first: bool) -> None:  # noqa: FBT001 - as keep_joined calls it
        options = self._options
        ending = self._ending = Ending()
        consumer, count = new_consumer(options)
        self._consumer = consumer
        background: list[asyncio.Task[None]] = []
        try:
            await join_for_membership(consumer, options, self, self._report, ending, first=first)
            self._standstill.reset()
            background = [
                asyncio.create_task(end_after_standstill(self._standstill, options.session_timeout_s, ending)),
                asyncio.create_task(self._watch_lag(consumer)),
                asyncio.create_task(self._strangers.watch(consumer)),
            ]
            await self._read(consumer, count, ending)
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await self._give_up(list(self._owners))
            await leave(consumer, options.group, options.session_timeout_s)

    async def _read(self, consumer: AIOKafkaConsumer, count: PartitionCount, ending: Ending) -> None:
        max_records = self._parts.batch_records * _FETCHED_BATCHES
        while not ending.reached:
            self._pause_or_resume(consumer)
            self._report_waiting(consumer)
            count.check()
            poll = consumer.getmany(timeout_ms=_POLL_MS if self._busy else _IDLE_POLL_MS, max_records=max_records)
            try:
                fetched = await ending.unless(poll)
            except OffsetOutOfRangeError as gone:
                for partition in gone.args[0]:
                    await self._reopen(partition)
            except KafkaError as broken:
                await outlast(broken, self._options.group, self._backoff)
            else:
                self._backoff.reset()
                for partition, rows in (fetched or {}).items():
                    owner = self._owners.get(partition)
                    if owner is not None:
                        owner.take([Record.of(row, self._options.believed.of_record) for row in rows])
                self._pass_over_what_holds_no_record(consumer)
                fetch_patiently(consumer, idle=not fetched and not self._busy)
        ending.check()

    def _pass_over_what_holds_no_record(self, consumer: AIOKafkaConsumer) -> None:
        for partition, owner in list(self._owners.items()):
            if owner.is_open and not owner.waiting:
                position = known_position(consumer, partition)
                if position is not None:
                    owner.pass_over(position)

    @property
    def _busy(self) -> bool:
        """What is looked at between two polls changes only while an owner opens or has something to do."""
        return any(owner.waiting or not (owner.is_open or owner.is_unused) for owner in self._owners.values())

    def _report_waiting(self, consumer: AIOKafkaConsumer) -> None:
        opening = sum(not owner.is_open and not owner.is_unused for owner in self._owners.values())
        if not consumer.partitions_for_topic(self._options.topic):
            reason: str | None = missing_topic(self._options.topic)
        elif (named := self._doubled.reason or self._strangers.reason) is not None:
            reason = named
        elif opening:
            reason = f"the states of {opening} partitions are being read"
        else:
            reason = None
        self._report(reason)

    def _report(self, reason: str | None) -> None:
        if reason != self._waiting:
            self._waiting = reason
            self._parts.observer.waiting(self._options.stage, reason)

    def _pause_or_resume(self, consumer: AIOKafkaConsumer) -> None:
        for partition in consumer.assignment():
            owner = self._owners.get(partition)
            if owner is not None and owner.is_open and owner.queued_bytes < self._queue_bytes:
                consumer.resume(partition)
            else:
                consumer.pause(partition)

    def _begin_at(self, partition: TopicPartition, offset: int) -> None:
        if self._consumer is not None and partition in self._consumer.assignment():
            self._consumer.seek(partition, offset)
            self._consumer.resume(partition)

    async def _reopen(self, partition: TopicPartition) -> None:
        """The log is another one, or was cut: states and offset are looked at again."""
        await self._give_up([partition])
        if self._consumer is not None and partition in self._consumer.assignment():
            self._own(partition)

    def _own(self, partition: TopicPartition) -> None:
        self._hold_still(partition)
        owner = self._owners[partition] = PartitionOwner(partition, self._parts, self._begin_at)
        task = self._running[partition] = asyncio.create_task(owner.run())
        task.add_done_callback(self._owner_ended)

    def _hold_still(self, partition: TopicPartition) -> None:
        """Gives a partition a position where nothing is read until its owner says so. Call it before anything is waited
        for: meanwhile the client would look up a position, and where the group has none yet, reading would fail.
        """
        consumer, owner = self._consumer, self._owners.get(partition)
        assert consumer is not None  # noqa: S101 - called by the consumer
        consumer.pause(partition)
        consumer.seek(partition, 0 if owner is None or owner.next_offset is None else owner.next_offset)

    def _owner_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (broken := task.exception()) is not None and self._ending is not None:
            self._ending.fail(broken)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Lets each owner end the batch under way, within the bound, and holds it until the next assignment."""
        if self._consumer is not None and is_expelled(self._consumer):
            self._doubled.expelled()
        owners = [self._owners[p] for p in revoked if p in self._owners]
        holding = [asyncio.create_task(owner.hold()) for owner in owners]
        if holding:
            _, late = await asyncio.wait(holding, timeout=self._options.drain_timeout_s)
            for task in late:
                task.cancel()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        partitions = sorted(assigned)
        for partition in partitions:
            self._hold_still(partition)
        self._generation += 1
        moved = [p for p in self._owners if p not in partitions]
        await self._give_up(moved)
        for partition in partitions:
            owner = self._owners.get(partition)
            if owner is None:
                self._own(partition)
            else:
                if owner.next_offset is not None:
                    self._begin_at(partition, owner.next_offset)
                owner.go_on()
        self._parts.observer.assigned(self._parts.stage, partitions, self._generation)
        log.info("Assigned to %s: %s", self._options.group, names_of(partitions))

    async def _give_up(self, partitions: Iterable[TopicPartition]) -> None:
        tasks: dict[TopicPartition, asyncio.Task[None]] = {}
        left = 0
        for partition in list(partitions):
            owner, task = self._owners.pop(partition, None), self._running.pop(partition, None)
            if owner is not None and task is not None:
                left += owner.waiting
                owner.close()
                tasks[partition] = task
        if not tasks:
            return
        _, late = await asyncio.wait(tasks.values(), timeout=self._options.drain_timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        self._parts.observer.revoked(self._parts.stage, sorted(tasks), left)

    async def _watch_lag(self, consumer: AIOKafkaConsumer) -> None:
        """Lag as last known from fetches, against what is committed."""
        while True:
            await asyncio.sleep(_LAG_S)
            for partition, owner in list(self._owners.items()):
                with contextlib.suppress(IllegalStateError):
                    end = consumer.last_stable_offset(partition)
                    if end is not None and owner.committed is not None:
                        behind = 0 if owner.next_offset == end and not owner.waiting else max(0, end - owner.committed)
                        self._parts.observer.lag(self._parts.stage, partition, behind)
