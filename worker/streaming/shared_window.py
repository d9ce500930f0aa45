"""A window that several processes read together, as a consumer group of its own: each its share, to the fixed end.

The group's committed offsets are the checkpoint, and the metadata of a commit holds what was counted up to it: both
are written at once, so counts and place cannot differ. A process that dies leaves its share to the others.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError, NoOffsetForPartitionError

from worker.streaming.group_offsets import committed_offsets
from worker.streaming.window import Stretch, Window, WindowReader

__all__ = ["Checkpoint", "GroupOptions", "SharedWindowReader", "read_checkpoints"]

_PAUSE_AFTER_S = 5.0

log = logging.getLogger("claimwire.window")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything below `position` is done; `note` is what was committed with it, UTF-8 text of at most 4,000 bytes."""

    position: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOptions:
    group: str
    session_timeout_s: float
    drain_timeout_s: float


async def read_checkpoints(brokers: str, group: str, topic: str) -> dict[int, Checkpoint]:
    """What a group has committed on a topic, by partition; empty for a group that never was.

    Raises:
        KafkaError: the group's coordinator does not answer.
    """
    found = await committed_offsets(brokers, group)
    return {tp.partition: Checkpoint(*at) for tp, at in found.items() if tp.topic == topic}


class SharedWindowReader(WindowReader, ConsumerRebalanceListener):
    """Hands out this process's share of the window until `stop`.

    `given(partition, checkpoint)` is called for each partition that becomes this process's own, before its first
    stretch; `taken(partitions)` is awaited when they leave: it finishes and commits what it can in bounded time.
    `known` tells checkpoints of this replay from those of another one that had its name.
    """

    def __init__(
        self,
        brokers: str,
        window: Window,
        group: GroupOptions,
        *,
        given: Callable[[int, Checkpoint | None], None],
        taken: Callable[[Sequence[int]], Awaitable[None]],
        known: Callable[[Checkpoint], bool],
        held: Callable[[], bool],
        **options: Any,
    ) -> None:
        super().__init__(brokers, window, **options)
        self._brokers, self._group = brokers, group
        self._given, self._taken, self._known, self._held = given, taken, known, held
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

    def stop(self) -> None:
        self._stopping = True

    async def stretches(self, max_records: int = 500) -> AsyncIterator[Stretch]:
        """As of a reader alone, but only of the partitions that the group gives to this process, and without end.

        Raises:
            WindowError, KafkaError: it cannot go on.
        """
        consumer = self._consumer = AIOKafkaConsumer(**self._options)
        consumer.subscribe([self._window.topic], listener=self)
        await consumer.start()
        while not self._stopping:
            if self._failure is not None:
                raise self._failure
            if self._held():
                await self._hold(consumer)
                continue
            generation = self._generation
            try:
                steps = await self._step(consumer, max_records)
            except NoOffsetForPartitionError:
                continue  # asked before our own place was set: it is set in `on_partitions_assigned`
            for stretch in steps:
                # what was fetched before a rebalance is fetched again behind it, by whoever has the partition then
                if generation == self._generation and stretch.partition in self._mine:
                    yield stretch

    async def _hold(self, consumer: AIOKafkaConsumer) -> None:
        """Waits; for a longer time without fetching, but polling: who does not for five minutes is taken for dead."""
        since = time.monotonic()
        while self._waits():
            if time.monotonic() < since + _PAUSE_AFTER_S:
                await asyncio.sleep(0.01)
                continue
            # what was fetched ahead is thrown away by a pause: not worth it for a moment
            consumer.pause(*(key for key in map(self._key, self._open) if key in consumer.assignment()))
            await consumer.getmany(timeout_ms=200)
        consumer.resume(*(key for key in map(self._key, self._open) if key in consumer.assignment()))
        for partition in self._open:
            self._opened(partition)  # nobody stood still who might not go

    def _waits(self) -> bool:
        return self._held() and not self._stopping and self._failure is None

    async def commit(self, due: Mapping[int, Checkpoint]) -> bool:
        """False where the partitions move just now: a later commit, or their next owner, does it.

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
        """An exception here would only be logged by aiokafka: it is kept, and the reading raises it."""
        try:
            await self._place(set(assigned))
        except Exception as broken:  # noqa: BLE001 - raised in `stretches`
            self._failure = broken

    async def _place(self, assigned: set[TopicPartition]) -> None:
        consumer = self._consumer
        if consumer is None:
            return
        self._generation += 1
        committed = await read_checkpoints(self._brokers, self._group.group, self._window.topic)
        mine = {key.partition for key in assigned} & self._window.bounds.keys()
        consumer.pause(*(key for key in assigned if key.partition not in mine))
        for partition in sorted(mine):
            bounds = self._window.bounds[partition]
            found = committed.get(partition)
            checkpoint = found if found is not None and self._known(found) else None
            position = bounds.start if checkpoint is None else max(checkpoint.position, bounds.start)
            self.positions[partition] = position
            consumer.seek(self._key(partition), position)
            self._mine.add(partition)
            self._given(partition, checkpoint)
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
            await self._taken(leaving)
        except KafkaError as refused:
            log.warning("Not committed at a rebalance (%r): the next owner does the last records again", refused)
        except Exception as broken:  # noqa: BLE001 - raised in `stretches`
            self._failure = broken
