"""Checks from outside that every raw record has an outcome. It reads only topics and committed offsets.

Every output names the raw record it was made from: an extraction in `ce_source`; a dead letter, a retry and the note of
a dropped record in their `claimwire_` headers. Compaction removes older extractions of a key, so a record without an
outcome counts as superseded when a newer record of its key has one. Memory: one byte for each offset of a slice of the
range, and the keys of a bounded number of records without an outcome.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum

from aiokafka import TopicPartition

from worker.brokers import Brokers
from worker.consumer_groups import ingest_group, retry_group
from worker.contract.codec import BrokenRecordError, decode_article
from worker.contract.coordinates import Coordinates, origin_of
from worker.contract.topics import Topics
from worker.streaming.record import Record
from worker.streaming.topics.admin import existing_topics
from worker.streaming.topics.description import topic_configs
from worker.streaming.topics.offset_reader import committed_offsets
from worker.streaming.topics.window import Bounds, Isolation, Selection, Window, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["AuditOptions", "AuditVerdict", "Finding", "PartitionAudit", "audit"]

ALL: Isolation = "read_uncommitted"
SLICE_OFFSETS = 32 * 1024 * 1024
MAX_UNACCOUNTED = 200_000
_DAY_MS = 24 * 3600 * 1000


class _Trace(IntFlag):
    """The outputs that were found of a record."""

    EXTRACTED = 1
    DEAD = 2
    DROPPED = 4
    RETRIED = 8
    WAITING = 16


class AuditVerdict(StrEnum):
    """The outcome of a record.

    `waiting`: its next try is in articles.retry. `deleted`: a tombstone, and compaction has removed what it left.
    """

    OK = "ok"
    DEAD = "dead"
    DROPPED = "dropped"
    WAITING = "waiting"
    SUPERSEDED = "superseded"
    DELETED = "deleted"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """`skew_ms`: outputs are read from this long before the first input, since clocks differ.

    `isolation`: that with which the worker reads articles.raw; records that it never sees have no outcome.
    `slice_offsets` and `max_unaccounted` bound the memory: offsets, and records without an outcome, held at once.
    """

    brokers: Brokers
    installation: str
    topics: Topics
    selection: Selection
    isolation: Isolation = "read_committed"
    skew_ms: int = 3600 * 1000
    slice_offsets: int = SLICE_OFFSETS
    max_unaccounted: int = MAX_UNACCOUNTED


@dataclass(slots=True)
class PartitionAudit:
    """`read` is the sum of all verdicts. `open`: offsets of the range that are not committed, so need no outcome yet.

    `repeated`: outputs beyond the first of a kind of one record, as after a restart.
    """

    partition: int
    bounds: Bounds
    open: int
    read: int = 0
    repeated: int = 0
    verdicts: Counter[AuditVerdict] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Finding:
    """A record without an outcome."""

    record: str
    timestamp: int
    why: str


@dataclass(frozen=True, slots=True)
class _Unaccounted:
    """A record of which no output was found. `name` is its form in messages."""

    partition: int
    offset: int
    timestamp: int
    name: str
    retried: bool


async def audit(options: AuditOptions, missing: Callable[[Finding], None]) -> list[PartitionAudit]:
    """The counts of each partition of the raw topic. `missing` is called with each record without an outcome.

    Raises:
        WindowError: a topic is not there or cannot be read to its end.
    """
    existing = await existing_topics(options.brokers, [spec.name for spec in options.topics.specs()])
    asked = await fix_window(options.brokers, options.selection, isolation=options.isolation)
    committed = await _committed(options.brokers, ingest_group(options.installation), options.topics.raw, asked.bounds)
    rows, bounds = [], {}
    for partition, whole in sorted(asked.bounds.items()):
        end = min(whole.end, max(whole.start, committed.get(partition, 0)))
        bounds[partition] = Bounds(whole.start, end)
        rows.append(PartitionAudit(partition, bounds[partition], whole.end - end))
    window = Window(topic=asked.topic, bounds=bounds, from_ms=asked.from_ms, to_ms=asked.to_ms)
    retained = await _delete_retention_ms(options.brokers, options.topics.extracted)
    by_partition = {row.partition: row for row in rows}
    deletions: dict[tuple[int, bytes], int] = {}
    for part in reversed(
        list(_slices(window, options.slice_offsets))
    ):  # backwards: deletions that came later are known by then
        await _Slice(options, part, by_partition, existing, retained, deletions, missing).run()
    return rows


def _slices(window: Window, size: int) -> Iterator[Window]:
    """The window in parts of at most `size` offsets, one partition after the other."""
    share: dict[int, Bounds] = {}
    room = size
    for partition, bounds in window.bounds.items():
        start = bounds.start
        while start < bounds.end:
            end = min(bounds.end, start + room)
            share[partition] = Bounds(start, end)
            room -= end - start
            start = end
            if not room:
                yield Window(topic=window.topic, bounds=share, from_ms=window.from_ms, to_ms=window.to_ms)
                share, room = {}, size
    if share:
        yield Window(topic=window.topic, bounds=share, from_ms=window.from_ms, to_ms=window.to_ms)


async def _committed(brokers: Brokers, group: str, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    keys = [TopicPartition(topic, partition) for partition in partitions]
    found = await committed_offsets(brokers, group, keys)
    return {key.partition: offset for key, (offset, _) in found.items()}


async def _delete_retention_ms(brokers: Brokers, topic: str) -> int:
    """How long the broker keeps a tombstone of a compacted topic, in milliseconds."""
    found = (await topic_configs(brokers, topic)).get("delete.retention.ms", "")
    return int(found) if found.isdigit() else _DAY_MS


class _Slice:
    """A part of the range that fits into memory. It reads all outputs, then the inputs, then sorts out the rest."""

    def __init__(
        self,
        options: AuditOptions,
        window: Window,
        rows: dict[int, PartitionAudit],
        existing: dict[str, int],
        tombstones_ms: int,
        deletions: dict[tuple[int, bytes], int],
        missing: Callable[[Finding], None],
    ) -> None:
        self._options, self._window, self._rows, self._existing = options, window, rows, existing
        self._tombstones_ms, self._missing = tombstones_ms, missing
        self._marks = {p: bytearray(bounds.width) for p, bounds in window.bounds.items()}
        self._deletions = deletions
        self._since: int | None = None

    async def run(self) -> None:
        self._since = await self._first_timestamp()
        topics = self._options.topics
        async for record in self._outputs(topics.extracted):
            self._mark(Coordinates.in_event(record.headers), _Trace.EXTRACTED)
        for topic, mark in ((topics.dead, _Trace.DEAD), (topics.dropped, _Trace.DROPPED)):
            async for record in self._outputs(topic):
                self._mark(_origin(record), mark)
        done = (
            await _committed(
                self._options.brokers,
                retry_group(self._options.installation),
                topics.retry,
                range(self._existing[topics.retry]),
            )
            if topics.retry in self._existing
            else {}
        )
        async for record in self._outputs(topics.retry):
            waiting = record.offset >= done.get(record.partition, 0)
            self._mark(_origin(record), _Trace.WAITING if waiting else _Trace.RETRIED)
        await self._inputs()

    async def _first_timestamp(self) -> int | None:
        """The earliest timestamp that an output of this slice can have; None for a slice without inputs."""
        first: list[int] = []
        for partition, bounds in self._window.bounds.items():
            one = Window(topic=self._window.topic, bounds={partition: Bounds(bounds.start, bounds.end)})
            async with WindowReader(self._options.brokers, one, isolation=self._options.isolation) as reader:
                async for record in reader:
                    first.append(record.timestamp)
                    break
        return max(0, min(first) - self._options.skew_ms) if first else None

    async def _outputs(self, topic: str) -> AsyncIterator[Record]:
        if topic not in self._existing or self._since is None:
            return
        window = await fix_window(self._options.brokers, Selection(topic=topic, from_ms=self._since), isolation=ALL)
        async with WindowReader(self._options.brokers, window, isolation=ALL) as reader:
            async for record in reader:
                yield record

    def _mark(self, origin: Coordinates | None, trace: _Trace) -> None:
        if origin is None or origin.topic != self._window.topic:
            return
        bounds = self._window.bounds.get(origin.partition)
        if bounds is None or not bounds.start <= origin.offset < bounds.end:
            return
        marks, index = self._marks[origin.partition], origin.offset - bounds.start
        if marks[index] & trace and trace is not _Trace.RETRIED:
            self._rows[origin.partition].repeated += 1
        marks[index] |= trace

    async def _inputs(self) -> None:
        unaccounted: dict[bytes, list[_Unaccounted]] = {}
        left: list[tuple[bytes, _Unaccounted]] = []
        held = 0
        async with WindowReader(self._options.brokers, self._window, isolation=self._options.isolation) as reader:
            async for record in reader:
                row = self._rows[record.partition]
                row.read += 1
                mark = self._marks[record.partition][record.offset - self._window.bounds[record.partition].start]
                verdict = _verdict(mark)
                if verdict is not None:
                    row.verdicts[verdict] += 1
                    continue
                key = _output_key(record)
                deletion = record.value is None and key is not None
                if deletion and record.timestamp < time.time() * 1000 - self._tombstones_ms:
                    row.verdicts[AuditVerdict.DELETED] += 1
                    place = (record.partition, _digest(key))
                    self._deletions[place] = max(record.offset, self._deletions.get(place, -1))
                    continue
                unaccounted.setdefault(_digest(key), []).append(
                    _Unaccounted(
                        record.partition,
                        record.offset,
                        record.timestamp,
                        str(record),
                        retried=bool(mark & _Trace.RETRIED),
                    )
                )
                held += 1
                if held >= self._options.max_unaccounted:
                    left += await self._not_superseded(unaccounted)
                    unaccounted, held = {}, 0
        self._decide(left + await self._not_superseded(unaccounted))

    async def _not_superseded(self, unaccounted: dict[bytes, list[_Unaccounted]]) -> list[tuple[bytes, _Unaccounted]]:
        """Those without an extraction of a newer record of the same key."""
        superseded: set[tuple[int, int]] = set()
        if unaccounted:
            async for record in self._outputs(self._options.topics.extracted):
                raw = Coordinates.in_event(record.headers)
                if raw is None:
                    continue
                for each in unaccounted.get(_digest(record.key), ()):
                    if _is_newer(record, raw, each):
                        superseded.add((each.partition, each.offset))
        left = []
        for digest, group in unaccounted.items():
            for each in group:
                if (each.partition, each.offset) in superseded:
                    self._rows[each.partition].verdicts[AuditVerdict.SUPERSEDED] += 1
                else:
                    left.append((digest, each))
        return left

    def _decide(self, left: list[tuple[bytes, _Unaccounted]]) -> None:
        """Counts each as superseded by a later deletion of its key, or as missing."""
        for digest, each in left:
            verdicts = self._rows[each.partition].verdicts
            if self._deletions.get((each.partition, digest), -1) > each.offset:
                verdicts[AuditVerdict.SUPERSEDED] += 1
                continue
            verdicts[AuditVerdict.MISSING] += 1
            why = "it went through articles.retry, and nothing came of it" if each.retried else "no outcome"
            self._missing(Finding(each.name, each.timestamp, why))


def _is_newer(extraction: Record, raw: Coordinates, than: _Unaccounted) -> bool:
    """By offset in the same partition; else by time, since adding partitions moves keys to other ones."""
    if raw.partition == than.partition:
        return raw.offset > than.offset
    return extraction.timestamp > than.timestamp


def _origin(record: Record) -> Coordinates | None:
    origin = origin_of(record.headers)
    return origin.coordinates if origin else None


def _verdict(mark: int) -> AuditVerdict | None:
    """The verdict on a record from the outputs found of it; None: none, or only a retry that was read again."""
    if mark & _Trace.EXTRACTED:
        return AuditVerdict.OK
    if mark & _Trace.DEAD:
        return AuditVerdict.DEAD
    if mark & _Trace.DROPPED:
        return AuditVerdict.DROPPED
    return AuditVerdict.WAITING if mark & _Trace.WAITING else None


def _output_key(record: Record) -> bytes | None:
    """The key that an extraction of the record would have; None for what is no article."""
    if record.value is None:
        return record.key
    try:
        return decode_article(record.value).uri.encode("utf-8", "replace")
    except BrokenRecordError:
        return None


def _digest(key: bytes | None) -> bytes:
    return hashlib.blake2b(key, digest_size=12).digest() if key is not None else b""
