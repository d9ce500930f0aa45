"""Estimates a replay: records to read, duration and bytes to write, from counting or from a sample."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from worker.archives.reading import files_of, read_archives
from worker.brokers import Brokers
from worker.contract.topics import Topics
from worker.replay.execution.believed import believed
from worker.replay.execution.outputs import count_outcomes, record_outputs
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import ReplayPlan
from worker.settings import Settings
from worker.stages.ingest import outcomes_of
from worker.streaming.outcome import Outcome
from worker.streaming.pool.process_pool import ProcessPool
from worker.streaming.record import Record
from worker.streaming.topics.window import Bounds, Window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["Estimate", "ExtractionSpeed", "RecordVolume", "estimate", "measure"]

_READ_ALL = 20_000
"""Offsets up to which everything is read and counted."""
_PLACES, _AT_EACH = 8, 100
_MEASURE_S = 8.0


@dataclass(slots=True)
class RecordVolume:
    records: float = 0
    bytes: float = 0


@dataclass(slots=True)
class Estimate:
    """By partition (0 for archives). `exact`: everything was read; else it is estimated from `seen` records."""

    by_partition: dict[int, RecordVolume] = field(default_factory=dict)
    exact: bool = True
    seen: int = 0
    sample: list[Record] = field(default_factory=list)
    """Some of the wanted records, from all over the window."""

    @property
    def total(self) -> RecordVolume:
        amounts = self.by_partition.values()
        return RecordVolume(sum(a.records for a in amounts), sum(a.bytes for a in amounts))


@dataclass(frozen=True, slots=True)
class ExtractionSpeed:
    """Measured on some of the records that would be replayed."""

    records: int
    seconds: float
    claims: int
    bytes_written: int
    passed: int

    @property
    def rate(self) -> float:
        return self.records / self.seconds if self.seconds else 0.0


class _Sample:
    """Keeps every n-th record. n doubles whenever the sample gets too large, so it stays spread over all records."""

    def __init__(self, max_records: int, max_bytes: int) -> None:
        self.kept: list[Record] = []
        self._max_records, self._max_bytes = max_records, max_bytes
        self._every, self._seen, self._bytes = 1, 0, 0

    def add(self, record: Record) -> None:
        if self._seen % self._every == 0:
            self.kept.append(record)
            self._bytes += record.size
            while len(self.kept) > 1 and (len(self.kept) > self._max_records or self._bytes > self._max_bytes):
                self.kept = self.kept[::2]
                self._bytes = sum(kept.size for kept in self.kept)
                self._every *= 2
        self._seen += 1


async def estimate(plan: ReplayPlan, brokers: Brokers, *, exact: bool) -> Estimate:
    """Reads the whole window if it is small or `exact` is set, else some places of each partition.

    Raises:
        WindowError, ArchiveError, KafkaError: it cannot be read.
    """
    estimated = Estimate()
    sample = _Sample(256, 16 * 1024 * 1024)
    if plan.window is None:
        await asyncio.to_thread(_of_archives, plan, estimated, sample)
    elif exact or plan.window.width <= _READ_ALL:
        estimated.by_partition = {p: RecordVolume() for p in plan.window.bounds}
        async for partition, record in _read(plan, brokers, plan.window):
            amount = estimated.by_partition[partition]
            amount.records += 1
            amount.bytes += _bytes(record)
            estimated.seen += 1
            sample.add(record)
    else:
        estimated.exact = False
        await _of_places(plan, plan.window, brokers, estimated, sample)
    estimated.sample = sample.kept
    return estimated


def _of_archives(plan: ReplayPlan, estimated: Estimate, sample: _Sample) -> None:
    wanted = plan.filter.wanted()
    amount = estimated.by_partition[0] = RecordVolume()
    for record in read_archives(files_of([Path(name) for name in plan.archives])):
        estimated.seen += 1
        if wanted is None or wanted(record):
            amount.records += 1
            amount.bytes += _bytes(record)
            sample.add(record)


async def _read(plan: ReplayPlan, brokers: Brokers, window: Window) -> AsyncIterator[tuple[int, Record]]:
    async with WindowReader(brokers, window, wanted=plan.filter.wanted()) as reader:
        async for record in reader:
            yield record.partition, record


async def _of_places(plan: ReplayPlan, window: Window, brokers: Brokers, estimated: Estimate, sample: _Sample) -> None:
    """Reads each partition at some places, and scales the figures of a place up to the offsets around it."""
    estimated.by_partition = {p: RecordVolume() for p in window.bounds}
    for place in range(_PLACES):
        bounds = {}
        for partition, whole in window.bounds.items():
            start = whole.start + whole.width * place // _PLACES
            end = whole.start + whole.width * (place + 1) // _PLACES
            bounds[partition] = Bounds(start, min(end, start + _AT_EACH))
        part = Window(topic=window.topic, bounds=bounds, from_ms=window.from_ms, to_ms=window.to_ms)
        seen: dict[int, RecordVolume] = defaultdict(RecordVolume)
        async for partition, record in _read(plan, brokers, part):
            seen[partition].records += 1
            seen[partition].bytes += _bytes(record)
            estimated.seen += 1
            sample.add(record)
        for partition, amount in seen.items():
            stretch = window.bounds[partition].width / _PLACES
            scale = stretch / max(bounds[partition].width, 1)
            estimated.by_partition[partition].records += amount.records * scale
            estimated.by_partition[partition].bytes += amount.bytes * scale


def _bytes(record: Record) -> int:
    return len(record.value or b"") + len(record.key or b"")


async def measure(
    sample: list[Record], plan: ReplayPlan, pool: ProcessPool[Record, Outcome], topics: Topics, settings: Settings
) -> ExtractionSpeed:
    """Measures the speed: extracts the sample in all processes as the replay would, for some seconds at most.

    Publishes nothing.
    """
    sample = believed(sample, Topics.with_prefix(settings.topic_prefix))
    begun = time.monotonic()
    size = settings.batch_records
    batches = [sample[i : i + size] for i in range(0, len(sample), size)]
    counts, written = ReplayCounts(), 0

    async def extract_batches() -> None:
        nonlocal written
        while batches and time.monotonic() - begun < _MEASURE_S:
            batch = batches.pop()
            outcomes = await outcomes_of(batch, pool, topics, settings)
            results = [
                record_outputs(record, outcome, lambda _: None, topics, plan.target)
                for record, outcome in zip(batch, outcomes, strict=True)
            ]
            counts.add(count_outcomes(batch, results))
            written += sum(len(output.value or b"") for result in results for output in result.outputs)

    await asyncio.gather(*(extract_batches() for _ in range(pool.size)))
    return ExtractionSpeed(counts.read, time.monotonic() - begun, counts.claims, written, counts.dropped + counts.dead)
