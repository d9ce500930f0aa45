"""Reads a window in several processes that share its partitions as one consumer group.

The committed offsets of the group are the checkpoints. The metadata of a commit holds the counts up to its offset: both
are written at once, so they cannot differ. If a process dies, the others take over its partitions.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError, NoOffsetForPartitionError

from worker.brokers import Brokers
from worker.streaming.record import Record
from worker.streaming.topics.offset_reader import committed_offsets
from worker.streaming.topics.window import Window, WindowError
from worker.streaming.topics.window_reader import Stretch, WindowReader

__all__ = ["Checkpoint", "GroupOptions", "ShareListener", "SharedWindowReader", "read_checkpoints"]

_PAUSE_AFTER_S = 5.0
_UNPLACED_S = 30.0

log = logging.getLogger("claimwire.window")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything before `position` is done. `note` was committed with it: UTF-8 text of at most 4,000 bytes."""

    position: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOptions:
    group: str
    session_timeout_s: float
    drain_timeout_s: float


async def read_checkpoints(brokers: Brokers, group: str, topic: str) -> dict[int, Checkpoint]:
    """The checkpoints of a group on a topic, by partition; empty for a group that never committed.

    Raises:
        KafkaError: the group's coordinator does not answer.
    """
    found = await committed_offsets(brokers, group)
    return {tp.partition: Checkpoint(*at) for tp, at in found.items() if tp.topic == topic}


class ShareListener(Protocol):
    """The questions and reports of a reader go to its listener."""

    def assigned(self, partition: int, checkpoint: Checkpoint | None) -> None:
        """Called before the first stretch of a partition. None: there is no checkpoint of this reading."""

    async def revoked(self, partitions: Sequence[int]) -> None:
        """Called when partitions go to another process. Must finish and commit what it can, in bounded time."""

    def is_own(self, checkpoint: Checkpoint) -> bool:
        """False if an earlier reading of the same group name left the checkpoint behind: it is ignored."""

    def must_wait(self) -> bool:
        """True while nothing more may be handed out."""


class SharedWindowReader(WindowReader, ConsumerRebalanceListener):
    """Hands out this process's share of the window until `stop`."""

    def __init__(
        self,
        brokers: Brokers,
        window: Window,
        group: GroupOptions,
        listener: ShareListener,
        *,
        wanted: Callable[[Record], bool] | None = None,
    ) -> None:
        super().__init__(brokers, window, wanted=wanted)
        self._brokers, self._group, self._listener = brokers, group, listener
        self._stopping = False
        self._failure: Exception | None = None
        self._mine: set[int] = set()
        self._generation = 0
        self._options |= {
            "group_id": group.group,
            "session_timeout_ms": int(group.session_timeout_s * 1000),
            "heartbeat_interval_ms": int(group.session_timeout_s * 1000 / 4),
            "rebalance_timeout_ms": int((group.drain_timeout_s + group.session_timeout_s) * 1000),
        }

    @property
    def ended(self) -> bool:
        """Always False: a member that dies may leave its share to this reader, so it never ends by itself."""
        return False

    def stop(self) -> None:
        self._stopping = True

    async def stretches(self, max_records: int = 500) -> AsyncIterator[Stretch]:
        """As those of WindowReader, for the partitions assigned to this process, until `stop` is called.

        Raises:
            WindowError, KafkaError: it cannot go on.
        """
        consumer = self._consumer = AIOKafkaConsumer(**self._options)
        consumer.subscribe([self._window.topic], listener=self)
        await consumer.start()
        unplaced_since: float | None = None
        while not self._stopping:
            if self._failure is not None:
                raise self._failure
            if self._listener.must_wait():
                await self._hold(consumer)
                continue
            generation = self._generation
            try:
                steps = await self._step(consumer, max_records)
            except NoOffsetForPartitionError as unplaced:
                # fetched before `on_partitions_assigned` has set the position
                unplaced_since = unplaced_since or time.monotonic()
                if time.monotonic() > unplaced_since + _UNPLACED_S:
                    raise WindowError(f"{self._window.topic}: partitions without a position: {unplaced}") from unplaced
                continue
            unplaced_since = None
            for stretch in steps:
                # records fetched before a rebalance are fetched again after it, by the partition's new owner
                if generation == self._generation and stretch.partition in self._mine:
                    yield stretch

    async def _hold(self, consumer: AIOKafkaConsumer) -> None:
        """Waits while the listener says so. After a while it pauses the partitions but keeps polling, because Kafka
        evicts a member that has not polled for five minutes.
        """
        since = time.monotonic()
        while self._waits():
            if time.monotonic() < since + _PAUSE_AFTER_S:
                await asyncio.sleep(0.01)
                continue
            # not at once: a pause throws away what was fetched ahead
            consumer.pause(*(key for key in map(self._key, self._open) if key in consumer.assignment()))
            await consumer.getmany(timeout_ms=200)
        consumer.resume(*(key for key in map(self._key, self._open) if key in consumer.assignment()))
        for partition in self._open:
            self._opened(partition)  # a partition that had to wait is not stalled

    def _waits(self) -> bool:
        return self._listener.must_wait() and not self._stopping and self._failure is None

    async def commit(self, due: Mapping[int, Checkpoint]) -> bool:
        """Commits checkpoints by partition. False during a rebalance: a later commit or the next owner does it.

        Raises:
            KafkaError: the broker refuses for another reason.
        """
        consumer = self._consumer
        if consumer is None or not due:
            return False
        offsets = {
            self._key(p): (at.position, at.note) for p, at in due.items() if self._key(p) in consumer.assignment()
        }
        if not offsets:
            return False
        try:
            await consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as moving:
            log.info("Not committed while partitions move: %r", moving)
            return False
        return len(offsets) == len(due)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Sets the positions. aiokafka would only log an exception, so it is kept and raised by `stretches`."""
        try:
            await self._start_at_checkpoints(set(assigned))
        except Exception as broken:  # noqa: BLE001 - raised in `stretches`
            self._failure = broken

    async def _start_at_checkpoints(self, assigned: set[TopicPartition]) -> None:
        consumer = self._consumer
        if consumer is None:
            return
        self._generation += 1
        committed = await read_checkpoints(self._brokers, self._group.group, self._window.topic)
        mine = {key.partition for key in assigned} & self._window.bounds.keys()
        for key in assigned:
            if key.partition not in mine:
                consumer.pause(key)
                consumer.seek(key, 0)  # without a position the client would fail each fetch for the lack of it
        for partition in sorted(mine):
            bounds = self._window.bounds[partition]
            found = committed.get(partition)
            checkpoint = found if found is not None and self._listener.is_own(found) else None
            position = bounds.start if checkpoint is None else max(checkpoint.position, bounds.start)
            self.positions[partition] = position
            consumer.seek(self._key(partition), position)
            self._mine.add(partition)
            self._listener.assigned(partition, checkpoint)
            if position < bounds.end:
                self._opened(partition)
            else:
                consumer.pause(self._key(partition))
        log.info("Partitions of this process: %s", ", ".join(map(str, sorted(mine))) or "none")

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._generation += 1
        leaving = sorted(key.partition for key in revoked if key.partition in self._window.bounds)
        self._open -= set(leaving)
        self._mine -= set(leaving)
        try:
            await self._listener.revoked(leaving)
        except KafkaError as refused:
            log.warning("Not committed at a rebalance (%r): the next owner does the last records again", refused)
        except Exception as broken:  # noqa: BLE001 - raised in `stretches`
            self._failure = broken
