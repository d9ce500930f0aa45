"""The lag of each assigned partition, in records and in seconds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from aiokafka import TopicPartition

from worker.brokers import Brokers
from worker.observe.metrics import Metrics
from worker.streaming.access.diagnosis import why_turned_away
from worker.streaming.observer import Observer
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record, age_s, names_of
from worker.streaming.topics.offset_reader import OffsetReader, OffsetsUnknownError

__all__ = ["LagWatch", "PartitionLag", "Positions"]

log = logging.getLogger("claimwire.lag")

_STALE_S = 10.0
"""An end that no broker has told for so long is not known any more: records may wait behind it since then."""
_OUTAGE_S, _ASK_AGAIN_S = 5.0, 15.0
"""A silence of so long is no passing one: it is asked why, and asked again."""


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
    end_seen_s: float | None = None  # when a broker last told the end, in seconds since 1970


class Positions(Observer):
    """The offsets read, settled and committed, and the end offset, of each assigned partition."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._positions: defaultdict[str, dict[TopicPartition, _Position]] = defaultdict(dict)
        self.assigned_now = asyncio.Event()
        """Set at each assignment: of what is new nothing is known yet."""

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        for partition in partitions:
            self._positions[stage].setdefault(partition, _Position())
        self.assigned_now.set()

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
        # the partition may have been revoked already; then there is nothing to remove
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
            position.end_seen_s = self._now()

    def update(self, stage: str, committed: dict[TopicPartition, int], ends: dict[TopicPartition, int]) -> None:
        """Takes over what the brokers answered. Ends only grow; a committed offset can go back, by a manual reset."""
        for partition, position in self._positions[stage].items():
            if partition in committed:
                position.committed = committed[partition]
            if partition in ends:
                position.end = max(position.end or 0, ends[partition])
                position.end_seen_s = self._now()

    def _of(self, stage: str, record: Record) -> _Position:
        return self._positions[stage].setdefault(TopicPartition(record.topic, record.partition), _Position())

    def partitions(self, stage: str) -> list[TopicPartition]:
        return list(self._positions[stage])

    def uncommitted(self, stage: str) -> list[TopicPartition]:
        return [partition for partition, position in self._positions[stage].items() if position.committed is None]

    def stages(self) -> list[str]:
        return list(self._positions)

    def lags(self) -> list[PartitionLag]:
        """`seconds` is the age of the oldest record read and not settled. If all records read are settled and others
        wait, it is the age of the last one settled, an upper bound for theirs. Records whose timestamp tells no
        time are left out. It is never less than the time since which a partition's end is not known.
        """
        now = self._now()
        lags = []
        for stage, positions in self._positions.items():
            for partition, position in sorted(positions.items()):
                known = position.committed is not None and position.end is not None
                records = max((position.end or 0) - (position.committed or 0), 0) if known else 0
                if position.unsettled:
                    ages = (age_s(timestamp, now) for timestamp in position.unsettled.values())
                    seconds = next((age for age in ages if age is not None), 0.0)
                elif records and position.settled_ms is not None:
                    seconds = age_s(position.settled_ms, now) or 0.0
                else:
                    seconds = 0.0
                seconds = max(seconds, _unknown_s(position, now))
                at = (position.committed, position.end)
                lags.append(PartitionLag(stage, partition.topic, partition.partition, *at, records, seconds))
        return lags


def _unknown_s(position: _Position, now: float) -> float:
    since = now - position.end_seen_s if position.end_seen_s is not None else 0.0
    return since if since > _STALE_S else 0.0


class LagWatch:
    """Asks the brokers every `interval_s` and keeps `positions` and the lag metrics up to date."""

    def __init__(
        self,
        brokers: Brokers,
        groups: dict[str, str],
        positions: Positions,
        metrics: Metrics,
        *,
        interval_s: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._brokers, self._groups, self._positions, self._metrics = brokers, groups, positions, metrics
        # two, for a group's coordinator that is silent must not close the way to the leaders of the partitions
        self._coordinators = OffsetReader(brokers, isolation="read_committed")
        self._leaders = OffsetReader(brokers, isolation="read_committed")
        self._interval, self._clock = interval_s, clock
        self._shown: set[tuple[str, str, str]] = set()
        self.failing_since: float | None = None
        self.error = ""
        self._refusal = ""
        """Why Kafka turns the worker away, where it answers but does not let it in."""
        self._asked_at = 0.0
        self._asking: asyncio.Task[None] | None = None

    async def run(self) -> None:
        try:
            while True:
                self._positions.assigned_now.clear()
                await self.look()
                self.show()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._positions.assigned_now.wait(), self._interval)
        finally:
            if self._asking is not None:
                self._asking.cancel()
            await asyncio.gather(self._coordinators.close(), self._leaders.close())

    async def look(self) -> None:
        """Asks for the end offsets and for the committed offsets of each group. A failure is kept, not raised, and what
        other brokers answer is taken over all the same.
        """
        asked = [self._look_at(stage) for stage in self._positions.stages() or list(self._groups)]
        failures = [failure for failure in await asyncio.gather(*asked) if failure]
        if failures:
            if self.failing_since is None:
                self.failing_since = self._clock()
            self._ask_why(self.failing_since)
            self.error = self._refusal or failures[0]
            log.warning("%s; the lag of these partitions is as last known, and as old", self.error)
        else:
            self.failing_since, self._refusal = None, ""
        self._metrics.broker_up.set(0 if failures else 1)

    def _ask_why(self, since: float) -> None:
        """Beside the looking, which must notice at once when Kafka answers again."""
        now = self._clock()
        if now - since > _OUTAGE_S and now - self._asked_at > _ASK_AGAIN_S:
            self._asked_at = now
            self._asking = asyncio.create_task(self._why())

    async def _why(self) -> None:
        turned_away = await why_turned_away(self._brokers)
        self._refusal = str(turned_away) if turned_away is not None and turned_away.reached else ""

    async def _look_at(self, stage: str) -> str:
        """What was not answered, in words."""
        partitions = self._positions.partitions(stage)
        failure = ""
        committed: dict[TopicPartition, int] = {}
        ends: dict[TopicPartition, int] = {}
        try:
            committed = await self._coordinators.committed(self._groups[stage]) if stage in self._groups else {}
        except OffsetsUnknownError as failed:
            failure = str(failed)
        try:
            ends = await self._leaders.ends_known(partitions) if partitions else {}
            # a group that has committed nothing yet begins at the oldest record
            fresh = [p for p in self._positions.uncommitted(stage) if p not in committed and p in ends and not failure]
            committed |= await self._leaders.beginnings(fresh) if fresh else {}
        except OffsetsUnknownError as failed:
            failure = failure or str(failed)
        silent = [partition for partition in partitions if partition not in ends]
        if silent and not failure:
            failure = f"no answer from the leader of {names_of(silent)}"
        self._positions.update(stage, committed, ends)
        return failure

    def broker_silent(self) -> tuple[float, str] | None:
        """Since when (monotonic) and with which error the brokers have not answered; None while they answer."""
        return None if self.failing_since is None else (self.failing_since, self.error)

    def show(self) -> None:
        """Sets the lag metrics, and removes those of partitions that were revoked. What is not known yet has none."""
        shown = set()
        for lag in self._positions.lags():
            if lag.committed is None or lag.end is None:
                continue
            labels = (lag.agent, lag.topic, str(lag.partition))
            self._metrics.lag_records.labels(*labels).set(lag.records)
            self._metrics.lag_seconds.labels(*labels).set(lag.seconds)
            shown.add(labels)
        for labels in self._shown - shown:
            self._metrics.lag_records.remove(*labels)
            self._metrics.lag_seconds.remove(*labels)
        self._shown = shown
