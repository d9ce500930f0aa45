"""Reads a window of a topic to its end, without a consumer group.

A partition is finished when the position after a fetch has reached the end, not when its last record was seen: before
the end there may be transaction markers and compacted records, which are never returned.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, OffsetOutOfRangeError

from worker.brokers import Brokers
from worker.contract.coordinates import Coordinates
from worker.streaming.access.client_options import client_options
from worker.streaming.byte_budget import ByteBudget, in_batches
from worker.streaming.record import ConsumedRow, Record
from worker.streaming.topics.window import Isolation, Window, WindowError

__all__ = ["Stretch", "WindowReader", "stretch_in_batches"]

log = logging.getLogger("claimwire.window")

_POLL_MS = 200
_SUSPECT_S = 3.0
"""A partition that has not moved for so long is probed: compaction may have removed all records after its position."""
_STALL_S = 120.0
"""A partition that has not moved for so long, although the probe finds records, ends the reading with an error."""
_FETCH_BYTES = 16 * 1024 * 1024
_PARTITION_FETCH_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step through one partition: its wanted records, and the offset up to which everything has been read."""

    partition: int
    records: list[Record]
    position: int
    finished: bool
    lost: int = 0
    """Offsets before `position` that retention deleted before they were read."""


class WindowReader:
    """Reads a window once, each partition in the order of offsets. It commits nothing and joins no group.

    `wanted` filters the records of the window. `budget`: the reader takes the size of each record that it hands out and
    waits while the budget is full; the caller gives the size back when it is done with the record. `start_at`: offsets
    by partition to begin at instead of the start of the bounds.

        async with WindowReader(brokers, window) as reader:
            async for record in reader: ...
    """

    def __init__(
        self,
        brokers: Brokers,
        window: Window,
        *,
        wanted: Callable[[Record], bool] | None = None,
        budget: ByteBudget | None = None,
        start_at: Mapping[int, int] | None = None,
        isolation: Isolation = "read_committed",
    ) -> None:
        self._window, self._wanted, self._budget = window, wanted, budget
        self._options: dict[str, object] = {
            **client_options(brokers),
            "enable_auto_commit": False,
            "auto_offset_reset": "none",  # deleted offsets are counted here instead of skipped by the client
            "isolation_level": isolation,
            "fetch_max_bytes": _FETCH_BYTES,
            "max_partition_fetch_bytes": _PARTITION_FETCH_BYTES,
            "fetch_max_wait_ms": 100,
        }
        self.positions = {p: max(b.start, (start_at or {}).get(p, b.start)) for p, b in window.bounds.items()}
        self.read = 0
        self.lost = 0
        """Offsets that retention deleted before they were read, in all."""
        self._lost: dict[int, int] = {}
        self._open: set[int] = set()
        self._moved: dict[int, float] = {}
        self._consumer: AIOKafkaConsumer | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await consumer.stop()

    async def __aiter__(self) -> AsyncIterator[Record]:
        async for stretch in self.stretches():
            for record in stretch.records:
                yield record

    async def stretches(self, max_records: int = 500) -> AsyncIterator[Stretch]:
        """Steps until every partition has reached its end. A step may have no records: only the position moved.

        Raises:
            WindowError: a partition did not move for two minutes before its end, or the topic was truncated.
        """
        for partition, bounds in self._window.bounds.items():
            if self.positions[partition] >= bounds.end:
                yield Stretch(partition, [], self.positions[partition], finished=True)
            else:
                self._opened(partition)
        if not self._open:
            return  # without a connection: aiokafka cannot stop a consumer that has only just started
        consumer = self._consumer = AIOKafkaConsumer(**self._options)
        await consumer.start()
        consumer.assign([self._key(partition) for partition in self._open])
        for partition in self._open:
            consumer.seek(self._key(partition), self.positions[partition])
        while self._open:
            while self._budget is not None and self._budget.full:
                await asyncio.sleep(0.01)
                self._moved = dict.fromkeys(
                    self._moved, time.monotonic()
                )  # a partition held back by the budget is not stalled
            for stretch in await self._step(consumer, max_records):
                yield stretch

    def _key(self, partition: int) -> TopicPartition:
        return TopicPartition(self._window.topic, partition)

    def _opened(self, partition: int) -> None:
        self._open.add(partition)
        self._moved[partition] = time.monotonic()

    async def _step(self, consumer: AIOKafkaConsumer, max_records: int) -> list[Stretch]:
        """One fetch: a stretch for each partition that it moved."""
        try:
            fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=max_records)
        except OffsetOutOfRangeError as gone:
            with contextlib.suppress(IllegalStateError):  # the partition was assigned to another member meanwhile
                await self._skip_deleted(consumer, gone.args[0])
            fetched = {}
        stretches = []
        for partition in sorted(self._open):
            key, end = self._key(partition), self._window.bounds[partition].end
            try:
                position = await consumer.position(key)
            except IllegalStateError:
                continue  # no longer assigned
            if position <= self.positions[partition]:
                if not await self._nothing_follows(partition):
                    continue
                position = end
            self.positions[partition] = min(position, end)
            self._moved[partition] = time.monotonic()
            if position >= end:
                self._open.discard(partition)
                consumer.pause(key)
            picked = self._picked(fetched.get(key, ()))
            lost = self._lost.pop(partition, 0)
            stretches.append(Stretch(partition, picked, self.positions[partition], position >= end, lost))
        return stretches

    def _picked(self, rows: Iterable[ConsumedRow]) -> list[Record]:
        picked = []
        for row in rows:
            record = Record.of(row)
            self.read += 1
            if self._window.holds(record) and (self._wanted is None or self._wanted(record)):
                if self._budget is not None:
                    self._budget.take(record.size)
                picked.append(record)
        return picked

    async def _skip_deleted(self, consumer: AIOKafkaConsumer, positions: Mapping[TopicPartition, int]) -> None:
        for key, position in positions.items():
            first = (await consumer.beginning_offsets([key]))[key]
            if first <= position:
                at = Coordinates(key.topic, key.partition, position)
                raise WindowError(f"{at} is past the end: the topic was truncated or created again")
            log.warning(
                "%s[%d]: offsets %d to %d were deleted before they could be read; reading goes on at %d",
                key.topic,
                key.partition,
                position,
                first - 1,
                first,
            )
            lost = min(first, self._window.bounds[key.partition].end) - position
            self.lost += lost
            self._lost[key.partition] = self._lost.get(key.partition, 0) + lost
            consumer.seek(key, first)

    async def _nothing_follows(self, partition: int) -> bool:
        """True if no record is left between the position and the end, since compaction removed the last ones."""
        still = time.monotonic() - self._moved[partition]
        if still < _SUSPECT_S:
            return False
        if await self._probed_empty(partition):
            return True
        if still > _STALL_S:
            raise WindowError(
                f"{self._window.topic}[{partition}] has not moved from {self.positions[partition]} (its end is "
                f"{self._window.bounds[partition].end}) for {still:.0f}s: is the leader of the partition up?"
            )
        return False

    async def _probed_empty(self, partition: int) -> bool:
        """Fetches the partition alone: with anything left to read the broker would return at least one batch."""
        key = self._key(partition)
        async with AIOKafkaConsumer(**self._options) as probe:
            probe.assign([key])
            probe.seek(key, self.positions[partition])
            try:
                rows = await probe.getmany(timeout_ms=1000, max_records=1)
            except OffsetOutOfRangeError:
                return False
            answered = probe.last_poll_timestamp(key) is not None
            return answered and not rows and await probe.position(key) == self.positions[partition]


def stretch_in_batches(stretch: Stretch, max_records: int, max_bytes: int) -> Iterator[Stretch]:
    """Splits a stretch, in order; the last part has its position. A record larger than `max_bytes` is a part alone."""
    pieces = list(in_batches(stretch.records, max_records, max_bytes)) or [[]]
    for records in pieces[:-1]:
        yield Stretch(stretch.partition, records, records[-1].offset + 1, finished=False)
    yield Stretch(stretch.partition, pieces[-1], stretch.position, stretch.finished, stretch.lost)
