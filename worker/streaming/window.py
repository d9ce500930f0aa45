"""A window of a topic, bounded when it is fixed, read to its end without a consumer group.

The end of a partition is told by the position after a fetch, not by its last record: transaction markers and
compacted records stand below the end offset and are never seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, OffsetOutOfRangeError

from worker.streaming.budget import ByteBudget
from worker.streaming.record import Record
from worker.streaming.topic_admin import existing_topics

__all__ = [
    "Bounds",
    "Isolation",
    "Selection",
    "Stretch",
    "Window",
    "WindowError",
    "WindowReader",
    "fix_window",
    "in_batches",
    "narrowed",
]

log = logging.getLogger("claimwire.window")

Isolation = Literal["read_committed", "read_uncommitted"]
_POLL_MS = 200
_SUSPECT_S = 3.0
"""Without a step for so long a partition is probed: behind its position all may have been compacted away."""


class WindowError(Exception):
    """The window cannot be fixed or read: says which topic and partition, and why."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Offsets of one partition, half-open. Not every offset between them needs to hold a record."""

    start: int
    end: int

    @property
    def width(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is asked for. Offsets and times both narrow; times are milliseconds since 1970, both half-open.

    `from_offsets` and `to_offsets` go by partition; -1 stands for all that are not named. Timestamps in a topic need
    not rise. A record from before `to_ms` may stand behind younger ones, so the window reaches to the end of the topic
    unless `lateness_ms` bounds how much older a record can be than one before it.
    """

    topic: str
    partitions: frozenset[int] | None = None
    from_offsets: Mapping[int, int] = field(default_factory=dict)
    to_offsets: Mapping[int, int] = field(default_factory=dict)
    from_ms: int | None = None
    to_ms: int | None = None
    lateness_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What was fixed: the bounds of each partition, and the times that a record of them must have."""

    topic: str
    bounds: Mapping[int, Bounds]
    from_ms: int | None = None
    to_ms: int | None = None

    @property
    def width(self) -> int:
        return sum(bounds.width for bounds in self.bounds.values())

    def holds(self, record: Record) -> bool:
        bounds = self.bounds.get(record.partition)
        return (
            bounds is not None
            and bounds.start <= record.offset < bounds.end
            and (self.from_ms is None or record.timestamp >= self.from_ms)
            and (self.to_ms is None or 0 <= record.timestamp < self.to_ms)
        )


def narrowed(
    selection: Selection,
    first: Mapping[int, int],
    end: Mapping[int, int],
    since: Mapping[int, int | None],
    until: Mapping[int, int | None],
) -> dict[int, Bounds]:
    """Bounds by partition. `first`, `end`: what the topic holds; `since`, `until`: the first offsets with a timestamp
    at or above `from_ms` and `to_ms + lateness_ms`, None where there is no such record. Pure.
    """
    bounds = {}
    for partition in first:
        low, high = first[partition], end[partition]
        start = max(low, selection.from_offsets.get(partition, selection.from_offsets.get(-1, low)))
        stop = min(high, selection.to_offsets.get(partition, selection.to_offsets.get(-1, high)))
        if selection.from_ms is not None:
            found = since.get(partition)
            start = max(start, high if found is None else found)
        if selection.to_ms is not None and selection.lateness_ms is not None:
            found = until.get(partition)
            stop = min(stop, high if found is None else found)
        start = min(start, high)
        bounds[partition] = Bounds(start, max(start, stop))
    return bounds


async def fix_window(brokers: str, selection: Selection, *, isolation: Isolation = "read_committed") -> Window:
    """The window as the topic stands now: what comes later is not in it.

    Raises:
        WindowError: the topic or a partition of the selection does not exist.
    """
    there = set(range((await existing_topics(brokers)).get(selection.topic, 0)))
    if not there:
        raise WindowError(f"there is no topic {selection.topic}")
    named = {p for p in (*selection.from_offsets, *selection.to_offsets) if p >= 0}
    unknown = ((selection.partitions or set()) | named) - there
    if unknown:
        numbers = ", ".join(map(str, sorted(unknown)))
        raise WindowError(f"{selection.topic} has no partition {numbers}; it has {len(there)}, counted from 0")
    chosen = sorted(there if selection.partitions is None else selection.partitions)
    keys = [TopicPartition(selection.topic, p) for p in chosen]
    consumer = AIOKafkaConsumer(bootstrap_servers=brokers, isolation_level=isolation, enable_auto_commit=False)
    await consumer.start()
    try:
        end = await consumer.end_offsets(keys)
        first = await consumer.beginning_offsets(keys)
        since = await _first_at(consumer, keys, selection.from_ms)
        late = None if selection.to_ms is None or selection.lateness_ms is None else selection.lateness_ms
        until = await _first_at(consumer, keys, None if late is None else (selection.to_ms or 0) + late)
    finally:
        await consumer.stop()
    bounds = narrowed(
        selection,
        {tp.partition: offset for tp, offset in first.items()},
        {tp.partition: max(offset, first[tp]) for tp, offset in end.items()},
        since,
        until,
    )
    return Window(topic=selection.topic, bounds=bounds, from_ms=selection.from_ms, to_ms=selection.to_ms)


async def _first_at(consumer: AIOKafkaConsumer, keys: list[TopicPartition], at: int | None) -> dict[int, int | None]:
    if at is None:
        return {}
    found = await consumer.offsets_for_times(dict.fromkeys(keys, max(at, 0)))
    return {tp.partition: None if answer is None else answer.offset for tp, answer in found.items()}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A step through one partition: the records of it that were wanted, and the offset up to which all was read."""

    partition: int
    records: list[Record]
    position: int
    finished: bool
    lost: int = 0
    """Offsets before it that retention deleted before they were read."""


class WindowReader:
    """Reads a window once, each partition in the order of offsets; commits nothing, joins no group.

    `wanted` picks among the records that the window holds. With a `budget` no fetch is handed out while it is full:
    the reader takes the size of every record that it hands out, whoever has done with one gives it back. `start_at`
    goes on from offsets by partition instead of the bounds' start.

        async with WindowReader(brokers, window) as reader:
            async for record in reader: ...
    """

    def __init__(
        self,
        brokers: str,
        window: Window,
        *,
        wanted: Callable[[Record], bool] | None = None,
        budget: ByteBudget | None = None,
        start_at: Mapping[int, int] | None = None,
        isolation: Isolation = "read_committed",
        fetch_bytes: int = 16 * 1024 * 1024,
        stall_s: float = 120.0,
    ) -> None:
        self._window, self._wanted, self._budget, self._stall_s = window, wanted, budget, stall_s
        self._options: dict[str, Any] = {
            "bootstrap_servers": brokers,
            "enable_auto_commit": False,
            "auto_offset_reset": "none",  # a jump must be seen here, not made behind our back
            "isolation_level": isolation,
            "fetch_max_bytes": fetch_bytes,
            "max_partition_fetch_bytes": min(fetch_bytes, 1024 * 1024),
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
        """Steps until every partition has reached its end; one without records where only the position moved.

        Raises:
            WindowError: a partition stood still for `stall_s` although its end was not reached, or the topic was cut.
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
                self._moved = dict.fromkeys(self._moved, time.monotonic())  # nobody stands still who may not go
            for stretch in await self._step(consumer, max_records):
                yield stretch

    def _key(self, partition: int) -> TopicPartition:
        return TopicPartition(self._window.topic, partition)

    def _opened(self, partition: int) -> None:
        self._open.add(partition)
        self._moved[partition] = time.monotonic()

    async def _step(self, consumer: AIOKafkaConsumer, max_records: int) -> list[Stretch]:
        """One fetch, and what it moved."""
        try:
            fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=max_records)
        except OffsetOutOfRangeError as gone:
            with contextlib.suppress(IllegalStateError):  # it went to another member meanwhile
                await self._over_the_deleted(consumer, gone.args[0])
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

    def _picked(self, rows: Iterable[Any]) -> list[Record]:
        picked = []
        for row in rows:
            record = Record(
                row.topic, row.partition, row.offset, row.timestamp, row.key, row.value, tuple(row.headers or ())
            )
            self.read += 1
            if self._window.holds(record) and (self._wanted is None or self._wanted(record)):
                if self._budget is not None:
                    self._budget.take(record.size)
                picked.append(record)
        return picked

    async def _over_the_deleted(self, consumer: AIOKafkaConsumer, positions: Mapping[TopicPartition, int]) -> None:
        for key, position in positions.items():
            first = (await consumer.beginning_offsets([key]))[key]
            if first <= position:
                raise WindowError(
                    f"{key.topic}[{key.partition}]@{position} lies past the end: the topic was cut or made anew"
                )
            log.warning(
                "%s[%d]: offsets %d to %d were deleted before they could be read; going on at %d",
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
        """Whether the broker has no record between the position and the end, as when compaction took the last ones."""
        still = time.monotonic() - self._moved[partition]
        if still < _SUSPECT_S:
            return False
        if await self._probed_empty(partition):
            return True
        if still > self._stall_s:
            raise WindowError(
                f"{self._window.topic}[{partition}] stands at {self.positions[partition]} of "
                f"{self._window.bounds[partition].end} for {still:.0f}s: is the leader of the partition up?"
            )
        return False

    async def _probed_empty(self, partition: int) -> bool:
        """Asked for by itself, a partition with anything to read answers with at least one batch."""
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


def in_batches(stretch: Stretch, most: int, most_bytes: int) -> Iterator[Stretch]:
    """The stretch in pieces, in order; the last one has its position. One record larger than `most_bytes` is a piece."""
    batch: list[Record] = []
    size = 0
    for record in stretch.records:
        if batch and (len(batch) >= most or size + record.size > most_bytes):
            yield Stretch(stretch.partition, batch, batch[-1].offset + 1, finished=False)
            batch, size = [], 0
        batch.append(record)
        size += record.size
    yield Stretch(stretch.partition, batch, stretch.position, stretch.finished, stretch.lost)
