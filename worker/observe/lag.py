"""How far behind each partition is, in records and in seconds."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from aiokafka import TopicPartition

from worker.observe.metrics import Metrics
from worker.observe.offsets import OffsetReader, OffsetsUnknownError
from worker.streaming.observer import Observer
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["LagWatch", "PartitionLag", "Positions"]

log = logging.getLogger("claimwire.lag")


@dataclass(frozen=True, slots=True)
class PartitionLag:
    """`committed` and `end` are None until they are known; `records` is 0 then."""

    agent: str
    topic: str
    partition: int
    committed: int | None
    end: int | None
    records: int
    seconds: float


@dataclass(slots=True)
class _Position:
    committed: int | None = None
    end: int | None = None
    unsettled: dict[int, int] = field(default_factory=dict)  # offset: timestamp in ms, in the order they were read
    settled_ms: int | None = None


class Positions(Observer):
    """What is read, settled, committed and still to come in each assigned partition."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._positions: defaultdict[str, dict[TopicPartition, _Position]] = defaultdict(dict)

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        for partition in partitions:
            self._positions[stage].setdefault(partition, _Position())

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        for partition in partitions:
            self._positions[stage].pop(partition, None)

    def record_taken(self, stage: str, record: Record) -> None:
        position = self._of(stage, record)
        position.unsettled[record.offset] = record.timestamp
        position.end = max(position.end or 0, record.offset + 1)

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        position = self._of(stage, record)
        position.unsettled.pop(record.offset, None)
        position.settled_ms = max(position.settled_ms or 0, record.timestamp)

    def abandoned(self, stage: str, record: Record) -> None:
        # its partition may have left already; then nothing is to be forgotten
        position = self._positions[stage].get(TopicPartition(record.topic, record.partition))
        if position is not None:
            position.unsettled.pop(record.offset, None)

    def committed(self, stage: str, partition: TopicPartition, offset: int) -> None:
        position = self._positions[stage].get(partition)
        if position is not None:
            position.committed = max(position.committed or 0, offset)

    def lag(self, stage: str, partition: TopicPartition, records: int) -> None:
        position = self._positions[stage].get(partition)
        if position is not None and position.committed is not None:
            position.end = max(position.end or 0, position.committed + records)

    def told(self, stage: str, committed: dict[TopicPartition, int], ends: dict[TopicPartition, int]) -> None:
        """What the brokers say. Ends only grow; a commit that went back (a reset by hand) is taken over."""
        for partition, position in self._positions[stage].items():
            if partition in committed:
                position.committed = committed[partition]
            if partition in ends:
                position.end = max(position.end or 0, ends[partition])

    def _of(self, stage: str, record: Record) -> _Position:
        return self._positions[stage].setdefault(TopicPartition(record.topic, record.partition), _Position())

    def partitions(self, stage: str) -> list[TopicPartition]:
        return list(self._positions[stage])

    def uncommitted(self, stage: str) -> list[TopicPartition]:
        return [partition for partition, position in self._positions[stage].items() if position.committed is None]

    def stages(self) -> list[str]:
        return list(self._positions)

    def oldest_unsettled_ms(self, stage: str) -> int | None:
        firsts = [next(iter(p.unsettled.values())) for p in self._positions[stage].values() if p.unsettled]
        return min(firsts, default=None)

    def lags(self) -> list[PartitionLag]:
        """Seconds: the age of the oldest record read and not settled; where records wait that were not read yet, the
        age of the last one settled, which is the most that theirs can be.
        """
        now = self._now()
        found = []
        for stage, positions in self._positions.items():
            for partition, position in sorted(positions.items()):
                known = position.committed is not None and position.end is not None
                records = max((position.end or 0) - (position.committed or 0), 0) if known else 0
                since: int | None = None
                if position.unsettled:
                    since = next(iter(position.unsettled.values()))
                elif records:
                    since = position.settled_ms
                seconds = max(now - since / 1000, 0.0) if since else 0.0
                at = (position.committed, position.end)
                found.append(PartitionLag(stage, partition.topic, partition.partition, *at, records, seconds))
        return found


class LagWatch:
    """Asks the brokers every `interval_s`, keeps `positions` and the lag metrics up to date."""

    def __init__(
        self,
        brokers: str,
        groups: dict[str, str],
        positions: Positions,
        metrics: Metrics,
        *,
        interval_s: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._groups, self._positions, self._metrics = groups, positions, metrics
        self._reader = OffsetReader(brokers)
        self._interval, self._clock = interval_s, clock
        self._shown: set[tuple[str, str, str]] = set()
        self.failing_since: float | None = None
        self.error = ""

    async def run(self) -> None:
        try:
            while True:
                await self.look()
                self.show()
                await asyncio.sleep(self._interval)
        finally:
            await self._reader.close()

    async def look(self) -> None:
        """One question each for the ends and for what each group has committed. A failure is kept, not raised."""
        try:
            for stage in self._positions.stages() or list(self._groups):
                partitions = self._positions.partitions(stage)
                committed = await self._reader.committed(self._groups[stage]) if stage in self._groups else {}
                ends = await self._reader.ends(partitions) if partitions else {}
                # a group that has committed nothing yet begins at the beginning
                fresh = [p for p in self._positions.uncommitted(stage) if p not in committed]
                committed |= await self._reader.beginnings(fresh) if fresh else {}
                self._positions.told(stage, committed, ends)
        except OffsetsUnknownError as failed:
            if self.failing_since is None:
                self.failing_since = self._clock()
            self.error = str(failed)
            log.warning("%s; lag is as last known", failed)
            self._metrics.broker_up.set(0)
        else:
            self.failing_since = None
            self._metrics.broker_up.set(1)

    def show(self) -> None:
        shown = set()
        for lag in self._positions.lags():
            labels = (lag.agent, lag.topic, str(lag.partition))
            self._metrics.lag_records.labels(*labels).set(lag.records)
            self._metrics.lag_seconds.labels(*labels).set(lag.seconds)
            shown.add(labels)
        for labels in self._shown - shown:
            self._metrics.lag_records.remove(*labels)
            self._metrics.lag_seconds.remove(*labels)
        self._shown = shown
