"""Compares what was read with what became of it, from outside: only topics and committed offsets are looked at.

Every output says which record it came from: an extraction in `ce_source`, a dead letter, a retry and a note of a
dropped record in their `claimwire_` headers. Compaction takes older extractions of a key away: a record without an outcome
counts as superseded when a newer one of its key has one. Memory: one byte for each offset of a slice of the range,
and the keys of a bounded number of records that have nothing to show.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntFlag, StrEnum

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from worker.contract.codec import BrokenRecordError, decode_article
from worker.contract.retry import Origin, origin_of
from worker.contract.topics import Topics
from worker.streaming.group_offsets import committed_offsets
from worker.streaming.record import Record
from worker.streaming.topic_admin import existing_topics
from worker.streaming.window import Bounds, Isolation, Selection, Window, WindowReader, fix_window

__all__ = ["AuditOptions", "Finding", "PartitionAudit", "Verdict", "audit", "source_of"]

ALL: Isolation = "read_uncommitted"
SLICE = 32 * 1024 * 1024
CANDIDATES = 200_000
_DAY_MS = 24 * 3600 * 1000


class Mark(IntFlag):
    EXTRACTED = 1
    DEAD = 2
    DROPPED = 4
    RETRIED = 8
    WAITING = 16


class Verdict(StrEnum):
    """What became of a record. `waiting` stands in articles.retry; `deleted`: a tombstone whose trace was compacted away."""

    OK = "ok"
    DEAD = "dead"
    DROPPED = "dropped"
    WAITING = "waiting"
    SUPERSEDED = "superseded"
    DELETED = "deleted"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditOptions:
    """`skew_ms`: outputs are looked for from so long before the first input on, since clocks differ."""

    brokers: str
    app_id: str
    topics: Topics
    selection: Selection
    skew_ms: int = 3600 * 1000
    slice_offsets: int = SLICE
    candidates: int = CANDIDATES


@dataclass(slots=True)
class PartitionAudit:
    """`read` = the sum of all verdicts. `open`: offsets of the range at or above the committed one, not yet owed."""

    partition: int
    bounds: Bounds
    open: int
    read: int = 0
    repeated: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Finding:
    """A record without an outcome."""

    record: str
    timestamp: int
    why: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    partition: int
    offset: int
    timestamp: int
    told: str
    retried: bool


def source_of(headers: Iterable[tuple[str, bytes]]) -> tuple[str, int, int] | None:
    """Topic, partition and offset from the header `ce_source` of an extraction."""
    for name, value in headers:
        if name == "ce_source" and isinstance(value, bytes):
            parts = value.decode("utf-8", "replace").rsplit("/", 2)
            if len(parts) == 3 and parts[1].isdigit() and parts[2].isdigit():
                return parts[0].removeprefix("/"), int(parts[1]), int(parts[2])
    return None


async def audit(options: AuditOptions, missing: Callable[[Finding], None]) -> list[PartitionAudit]:
    """Counts by partition of the raw topic; `missing` hears of each record without an outcome.

    Raises:
        WindowError: a topic is not there or cannot be read to its end.
    """
    there = await existing_topics(options.brokers)
    asked = await fix_window(options.brokers, options.selection, isolation=ALL)
    committed = await _committed(options.brokers, f"{options.app_id}-ingest", options.topics.raw, asked.bounds)
    rows, bounds = [], {}
    for partition, whole in sorted(asked.bounds.items()):
        end = min(whole.end, max(whole.start, committed.get(partition, 0)))
        bounds[partition] = Bounds(whole.start, end)
        rows.append(PartitionAudit(partition, bounds[partition], whole.end - end))
    window = Window(topic=asked.topic, bounds=bounds, from_ms=asked.from_ms, to_ms=asked.to_ms)
    retained = await _delete_retention_ms(options.brokers, options.topics.extracted)
    by_partition = {row.partition: row for row in rows}
    deletions: dict[tuple[int, bytes], int] = {}
    for part in reversed(list(_slices(window, options.slice_offsets))):  # what was deleted later is known by then
        await _Slice(options, part, by_partition, there, retained, deletions, missing).run()
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


async def _committed(brokers: str, group: str, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    keys = [TopicPartition(topic, partition) for partition in partitions]
    found = await committed_offsets(brokers, group, keys)
    return {key.partition: offset for key, (offset, _) in found.items()}


async def _delete_retention_ms(brokers: str, topic: str) -> int:
    """How long the broker keeps a tombstone of a compacted topic."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    finally:
        await admin.close()
    entries = [entry for answer in answers for resource in answer.resources for entry in resource[-1]]
    found = {entry[0]: str(entry[1]) for entry in entries}.get("delete.retention.ms", "")
    return int(found) if found.isdigit() else _DAY_MS


class _Slice:
    """A part of the range that fits into memory: first all outputs, then the inputs, then those without an outcome."""

    def __init__(
        self,
        options: AuditOptions,
        window: Window,
        rows: dict[int, PartitionAudit],
        there: dict[str, int],
        tombstones_ms: int,
        deletions: dict[tuple[int, bytes], int],
        missing: Callable[[Finding], None],
    ) -> None:
        self._options, self._window, self._rows, self._there = options, window, rows, there
        self._tombstones_ms, self._missing = tombstones_ms, missing
        self._marks = {p: bytearray(bounds.width) for p, bounds in window.bounds.items()}
        self._deletions = deletions
        self._since: int | None = None

    async def run(self) -> None:
        self._since = await self._first_timestamp()
        topics = self._options.topics
        async for record in self._outputs(topics.extracted):
            source = source_of(record.headers)
            if source is not None:
                self._mark(Origin(topic=source[0], partition=source[1], offset=source[2], timestamp=0), Mark.EXTRACTED)
        for topic, mark in ((topics.dead, Mark.DEAD), (topics.dropped, Mark.DROPPED)):
            async for record in self._outputs(topic):
                self._mark(origin_of(record.headers), mark)
        done = (
            await _committed(
                self._options.brokers, f"{self._options.app_id}-retry", topics.retry, range(self._there[topics.retry])
            )
            if topics.retry in self._there
            else {}
        )
        async for record in self._outputs(topics.retry):
            waiting = record.offset >= done.get(record.partition, 0)
            self._mark(origin_of(record.headers), Mark.WAITING if waiting else Mark.RETRIED)
        await self._inputs()

    async def _first_timestamp(self) -> int | None:
        """Of the first inputs, less the skew: no output of theirs is older."""
        first: list[int] = []
        for partition, bounds in self._window.bounds.items():
            one = Window(topic=self._window.topic, bounds={partition: Bounds(bounds.start, bounds.end)})
            async with WindowReader(self._options.brokers, one, isolation=ALL) as reader:
                async for record in reader:
                    first.append(record.timestamp)
                    break
        return max(0, min(first) - self._options.skew_ms) if first else None

    async def _outputs(self, topic: str) -> AsyncIterator[Record]:
        if topic not in self._there or self._since is None:
            return
        window = await fix_window(self._options.brokers, Selection(topic=topic, from_ms=self._since), isolation=ALL)
        async with WindowReader(self._options.brokers, window, isolation=ALL) as reader:
            async for record in reader:
                yield record

    def _mark(self, origin: Origin | None, mark: Mark) -> None:
        if origin is None or origin.topic != self._window.topic:
            return
        bounds = self._window.bounds.get(origin.partition)
        if bounds is None or not bounds.start <= origin.offset < bounds.end:
            return
        marks, index = self._marks[origin.partition], origin.offset - bounds.start
        if marks[index] & mark and mark is not Mark.RETRIED:
            self._rows[origin.partition].repeated += 1
        marks[index] |= mark

    async def _inputs(self) -> None:
        candidates: dict[bytes, list[_Candidate]] = {}
        left: list[tuple[bytes, _Candidate]] = []
        held = 0
        async with WindowReader(self._options.brokers, self._window, isolation=ALL) as reader:
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
                    row.verdicts[Verdict.DELETED] += 1
                    place = (record.partition, _digest(key))
                    self._deletions[place] = max(record.offset, self._deletions.get(place, -1))
                    continue
                candidates.setdefault(_digest(key), []).append(
                    _Candidate(
                        record.partition,
                        record.offset,
                        record.timestamp,
                        str(record),
                        retried=bool(mark & Mark.RETRIED),
                    )
                )
                held += 1
                if held >= self._options.candidates:
                    left += await self._not_superseded(candidates)
                    candidates, held = {}, 0
        self._settle(left + await self._not_superseded(candidates))

    async def _not_superseded(self, candidates: dict[bytes, list[_Candidate]]) -> list[tuple[bytes, _Candidate]]:
        """Those of whose key no extraction came of a newer record."""
        superseded: set[tuple[int, int]] = set()
        if candidates:
            async for record in self._outputs(self._options.topics.extracted):
                source = source_of(record.headers)
                for each in candidates.get(_digest(record.key), ()) if source else ():
                    same = source is not None and source[1] == each.partition
                    newer = (
                        source is not None and source[2] > each.offset if same else record.timestamp > each.timestamp
                    )
                    if newer:
                        superseded.add((each.partition, each.offset))
        left = []
        for digest, group in candidates.items():
            for each in group:
                if (each.partition, each.offset) in superseded:
                    self._rows[each.partition].verdicts[Verdict.SUPERSEDED] += 1
                else:
                    left.append((digest, each))
        return left

    def _settle(self, left: list[tuple[bytes, _Candidate]]) -> None:
        """Superseded by a later deletion, or missing."""
        for digest, each in left:
            verdicts = self._rows[each.partition].verdicts
            if self._deletions.get((each.partition, digest), -1) > each.offset:
                verdicts[Verdict.SUPERSEDED] += 1
                continue
            verdicts[Verdict.MISSING] += 1
            why = "it went through articles.retry, and nothing came of it" if each.retried else "no outcome"
            self._missing(Finding(each.told, each.timestamp, why))


def _verdict(mark: int) -> Verdict | None:
    """The last word on a record: one that was retried has another mark, or is waiting."""
    if mark & Mark.EXTRACTED:
        return Verdict.OK
    if mark & Mark.DEAD:
        return Verdict.DEAD
    if mark & Mark.DROPPED:
        return Verdict.DROPPED
    return Verdict.WAITING if mark & Mark.WAITING else None


def _output_key(record: Record) -> bytes | None:
    """The key that an extraction of the record would have."""
    if record.value is None:
        return record.key
    try:
        return decode_article(record.value).uri.encode("utf-8", "replace")
    except BrokenRecordError:
        return None


def _digest(key: bytes | None) -> bytes:
    return hashlib.blake2b(key, digest_size=12).digest() if key is not None else b""
