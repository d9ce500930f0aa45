"""A window of a topic: offsets of partitions and times of records, fixed before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiokafka import TopicPartition

from worker.brokers import Brokers
from worker.streaming.record import Record
from worker.streaming.topics.admin import existing_topics
from worker.streaming.topics.offset_reader import Isolation, OffsetReader

__all__ = ["Bounds", "Isolation", "Selection", "Window", "WindowError", "fix_window", "narrowed"]

_PATIENCE_S = 40.0


class WindowError(Exception):
    """A window cannot be fixed or read; the message names topic, partition and cause."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Offsets of one partition, half-open. Not every offset between them has a record."""

    start: int
    end: int

    @property
    def width(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A request for a window. Offsets and times both narrow it; both are half-open, times in milliseconds since 1970.

    `from_offsets` and `to_offsets` map partitions to offsets; -1 is for all partitions not named. Timestamps in a topic
    need not rise: a record from before `to_ms` may follow younger ones. So the window reaches to the end of the topic,
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
    """A fixed window: the bounds of each partition, and the times that a record within them must have."""

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
    """Bounds by partition. Pure.

    `first`, `end`: the offsets that the topic has. `since`, `until`: the first offsets with a timestamp of at least
    `from_ms` and `to_ms + lateness_ms`, None without such a record.
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


async def fix_window(brokers: Brokers, selection: Selection, *, isolation: Isolation = "read_committed") -> Window:
    """The window up to the present end of the topic; records that come later are not in it.

    Raises:
        WindowError: the topic or a partition of the selection does not exist.
        KafkaError: the brokers do not answer.
    """
    there = set(range((await existing_topics(brokers, [selection.topic])).get(selection.topic, 0)))
    if not there:
        raise WindowError(f"there is no topic {selection.topic}")
    named = {p for p in (*selection.from_offsets, *selection.to_offsets) if p >= 0}
    unknown = ((selection.partitions or set()) | named) - there
    if unknown:
        numbers = ", ".join(map(str, sorted(unknown)))
        raise WindowError(f"{selection.topic} has no partition {numbers}; it has {len(there)}, counted from 0")
    chosen = sorted(there if selection.partitions is None else selection.partitions)
    keys = [TopicPartition(selection.topic, p) for p in chosen]
    late = None if selection.to_ms is None or selection.lateness_ms is None else selection.to_ms + selection.lateness_ms
    async with OffsetReader(brokers, limit_s=_PATIENCE_S, isolation=isolation) as offsets:
        end, first = await offsets.ends(keys), await offsets.beginnings(keys)
        since = await _first_at(offsets, keys, selection.from_ms)
        until = await _first_at(offsets, keys, late)
    bounds = narrowed(
        selection,
        {key.partition: offset for key, offset in first.items()},
        {key.partition: max(offset, first[key]) for key, offset in end.items()},
        since,
        until,
    )
    return Window(topic=selection.topic, bounds=bounds, from_ms=selection.from_ms, to_ms=selection.to_ms)


async def _first_at(offsets: OffsetReader, keys: list[TopicPartition], timestamp: int | None) -> dict[int, int | None]:
    if timestamp is None:
        return {}
    return {key.partition: offset for key, offset in (await offsets.first_at(keys, timestamp)).items()}
