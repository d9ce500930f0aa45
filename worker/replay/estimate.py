"""What a replay would read, how long it would take, and how much it would write: counted, or told from a sample."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from worker.agents.ingest import outcomes_of
from worker.contract.topics import Topics
from worker.replay.archives.reading import files_of, read_archives
from worker.replay.counts import Counts
from worker.replay.outputs import counted, made_of
from worker.replay.plan import Plan
from worker.settings import Settings
from worker.streaming.pool import ProcessPool
from worker.streaming.record import Record
from worker.streaming.window import Bounds, Window, WindowReader

__all__ = ["Amount", "Estimate", "Speed", "estimate", "measure"]

_READ_ALL = 20_000
"""Offsets up to which everything is read and counted."""
_PLACES, _AT_EACH = 8, 100
_MEASURE_S = 8.0


@dataclass(slots=True)
class Amount:
    records: float = 0
    bytes: float = 0


@dataclass(slots=True)
class Estimate:
    """By partition (0 for archives). `exact`: everything was read; else it is told from `seen` records."""

    by_partition: dict[int, Amount] = field(default_factory=dict)
    exact: bool = True
    seen: int = 0
    sample: list[Record] = field(default_factory=list)
    """Some of the wanted records, from all over the window."""

    @property
    def total(self) -> Amount:
        amounts = self.by_partition.values()
        return Amount(sum(a.records for a in amounts), sum(a.bytes for a in amounts))


@dataclass(frozen=True, slots=True)
class Speed:
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
    """Keeps every n-th so that it stays small and is spread over all that came."""

    def __init__(self, most: int, most_bytes: int) -> None:
        self.kept: list[Record] = []
        self._most, self._most_bytes, self._every, self._seen, self._bytes = most, most_bytes, 1, 0, 0

    def add(self, record: Record) -> None:
        if self._seen % self._every == 0:
            self.kept.append(record)
            self._bytes += record.size
            while len(self.kept) > 1 and (len(self.kept) > self._most or self._bytes > self._most_bytes):
                self.kept = self.kept[::2]
                self._bytes = sum(kept.size for kept in self.kept)
                self._every *= 2
        self._seen += 1


async def estimate(plan: Plan, brokers: str, *, exact: bool) -> Estimate:
    """Reads the whole window where it is small or `exact` is asked for, else some places of each partition.

    Raises:
        WindowError, ArchiveError, KafkaError: it cannot be read.
    """
    found = Estimate()
    sample = _Sample(256, 16 * 1024 * 1024)
    if plan.window is None:
        await asyncio.to_thread(_of_archives, plan, found, sample)
    elif exact or plan.window.width <= _READ_ALL:
        found.by_partition = {p: Amount() for p in plan.window.bounds}
        async for partition, record in _read(plan, brokers, plan.window):
            amount = found.by_partition[partition]
            amount.records += 1
            amount.bytes += _bytes(record)
            found.seen += 1
            sample.add(record)
    else:
        found.exact = False
        await _of_places(plan, plan.window, brokers, found, sample)
    found.sample = sample.kept
    return found


def _of_archives(plan: Plan, found: Estimate, sample: _Sample) -> None:
    wanted = plan.filter.wanted()
    amount = found.by_partition[0] = Amount()
    for record in read_archives(files_of([Path(name) for name in plan.archives])):
        found.seen += 1
        if wanted is None or wanted(record):
            amount.records += 1
            amount.bytes += _bytes(record)
            sample.add(record)


async def _read(plan: Plan, brokers: str, window: Window) -> AsyncIterator[tuple[int, Record]]:
    async with WindowReader(brokers, window, wanted=plan.filter.wanted()) as reader:
        async for record in reader:
            yield record.partition, record


async def _of_places(plan: Plan, window: Window, brokers: str, found: Estimate, sample: _Sample) -> None:
    """Each partition is looked at in some places; what holds there is taken to hold for the stretch around it."""
    found.by_partition = {p: Amount() for p in window.bounds}
    for place in range(_PLACES):
        bounds = {}
        for partition, whole in window.bounds.items():
            start = whole.start + whole.width * place // _PLACES
            end = whole.start + whole.width * (place + 1) // _PLACES
            bounds[partition] = Bounds(start, min(end, start + _AT_EACH))
        part = Window(topic=window.topic, bounds=bounds, from_ms=window.from_ms, to_ms=window.to_ms)
        seen: dict[int, Amount] = defaultdict(Amount)
        async for partition, record in _read(plan, brokers, part):
            seen[partition].records += 1
            seen[partition].bytes += _bytes(record)
            found.seen += 1
            sample.add(record)
        for partition, amount in seen.items():
            stretch = window.bounds[partition].width / _PLACES
            scale = stretch / max(bounds[partition].width, 1)
            found.by_partition[partition].records += amount.records * scale
            found.by_partition[partition].bytes += amount.bytes * scale


def _bytes(record: Record) -> int:
    return len(record.value or b"") + len(record.key or b"")


async def measure(sample: list[Record], plan: Plan, pool: ProcessPool, topics: Topics, settings: Settings) -> Speed:
    """Extracts the sample in all processes, for some seconds at most, as the replay would; publishes nothing."""
    begun = time.monotonic()
    most = settings.batch_records
    batches = [sample[i : i + most] for i in range(0, len(sample), most)]
    whole, written = Counts(), 0

    async def one() -> None:
        nonlocal written
        while batches and time.monotonic() - begun < _MEASURE_S:
            chosen = batches.pop()
            outcomes = await outcomes_of(chosen, pool, topics, settings)
            made = [
                made_of(record, outcome, lambda _: None, topics, plan.target)
                for record, outcome in zip(chosen, outcomes, strict=True)
            ]
            whole.add(counted(chosen, made))
            written += sum(len(output.value or b"") for each in made for output in each.outputs)

    await asyncio.gather(*(one() for _ in range(pool.size)))
    return Speed(whole.read, time.monotonic() - begun, whole.claims, written, whole.dropped + whole.dead)
