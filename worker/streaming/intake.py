"""Consumes a topic so that no record is lost: every record read ends in one outcome that the broker acknowledged.

The way of a record: fetched, counted against the byte budget, sent in a batch to the process pool, its outputs
published in the order of its partition, acknowledged, its offset committed when all below it are done as well.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from worker.contract.dead_letter import DeadReason
from worker.streaming.budget import ByteBudget
from worker.streaming.offsets import OffsetTracker
from worker.streaming.outcome import Dead, Drop, Ok, Outcome
from worker.streaming.publisher import OutputTooLargeError, Publisher, Record

__all__ = ["Intake", "IntakeOptions", "Work"]

log = logging.getLogger("claimwire.intake")

Work = Callable[[Sequence[Record]], Awaitable[list[Outcome]]]
"""One outcome for each record, in their order. It must not raise: what it cannot do is an outcome as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeOptions:
    brokers: str
    group: str
    topic: str
    batch_records: int
    batch_bytes: int
    in_flight_bytes: int
    drain_timeout_s: float
    session_timeout_s: float
    commit_interval_s: float
    largest_fetch: int


@dataclass(slots=True)
class _Batch:
    records: list[Record]
    outcomes: asyncio.Future[list[Outcome]]


@dataclass(slots=True)
class _Lane:
    """One assigned partition: its batches run side by side and are published one after the other."""

    tracker: OffsetTracker = field(default_factory=OffsetTracker)
    waiting: deque[_Batch] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    publisher: asyncio.Task[None] | None = None
    committed: int | None = None
    idle: asyncio.Event = field(default_factory=asyncio.Event)


class Intake(ConsumerRebalanceListener):
    """`run` consumes until `stop`, or raises what made it impossible to go on; nothing is committed over that."""

    def __init__(self, options: IntakeOptions, work: Work, publisher: Publisher) -> None:
        self._options, self._work, self._publisher = options, work, publisher
        self._budget = ByteBudget(options.in_flight_bytes)
        self._lanes: dict[TopicPartition, _Lane] = {}
        self._stopping = asyncio.Event()
        self._failure: asyncio.Future[None] | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._paused = False
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        options = self._options
        self._failure = asyncio.get_running_loop().create_future()
        consumer = self._consumer = AIOKafkaConsumer(
            bootstrap_servers=options.brokers,
            group_id=options.group,
            client_id=options.group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(options.session_timeout_s * 1000),
            heartbeat_interval_ms=int(options.session_timeout_s * 1000 / 4),
            rebalance_timeout_ms=int((options.drain_timeout_s + options.session_timeout_s) * 1000),
            max_partition_fetch_bytes=1024 * 1024,
            fetch_max_bytes=min(options.in_flight_bytes, options.largest_fetch),
            fetch_max_wait_ms=250,
        )
        consumer.subscribe([options.topic], listener=self)
        await consumer.start()
        committing = asyncio.create_task(self._commit_now_and_then())
        try:
            await self._consume(consumer)
        finally:
            committing.cancel()
            await asyncio.gather(committing, return_exceptions=True)
            await self._drain(list(self._lanes), options.drain_timeout_s)
            try:
                await self._commit()
            except KafkaError as refused:
                log.warning("The last offsets were not committed (%r): their records will come again", refused)
            self._close(list(self._lanes))
            # the listener must not drain once more
            await consumer.stop()
        if self._failure.done():
            self._failure.result()

    async def stop(self) -> None:
        self._stopping.set()

    async def _consume(self, consumer: AIOKafkaConsumer) -> None:
        failure = self._failure
        while not self._stopping.is_set() and failure is not None and not failure.done():
            self._pause_or_resume(consumer)
            fetched = await consumer.getmany(timeout_ms=200, max_records=self._options.batch_records * 8)
            for partition, rows in fetched.items():
                self._take_in(partition, rows)

    def _pause_or_resume(self, consumer: AIOKafkaConsumer) -> None:
        assigned = consumer.assignment()
        if self._budget.full:
            if not self._paused:
                self.counts["pauses"] += 1
            consumer.pause(*assigned)
            self._paused = True
        elif self._paused:
            consumer.resume(*assigned)
            self._paused = False

    def _take_in(self, partition: TopicPartition, rows: Iterable[Any]) -> None:
        lane = self._lanes.get(partition)
        if lane is None:
            return  # revoked while the fetch was under way: whoever owns it now reads these again
        records = [
            Record(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, tuple(r.headers or ())) for r in rows
        ]
        for record in records:
            lane.tracker.take(record.offset)
            self._budget.take(record.size)
        self.counts["read"] += len(records)
        for batch in self._batches(records):
            lane.idle.clear()
            lane.waiting.append(_Batch(batch, asyncio.ensure_future(self._work(batch))))
        lane.arrived.set()

    def _batches(self, records: Sequence[Record]) -> Iterable[list[Record]]:
        batch: list[Record] = []
        size = 0
        for record in records:
            if batch and (len(batch) >= self._options.batch_records or size + record.size > self._options.batch_bytes):
                yield batch
                batch, size = [], 0
            batch.append(record)
            size += record.size
        if batch:
            yield batch

    async def _publish_lane(self, lane: _Lane) -> None:
        try:
            while True:
                while not lane.waiting:
                    lane.idle.set()
                    lane.arrived.clear()
                    await lane.arrived.wait()
                batch = lane.waiting[0]
                outcomes = await batch.outcomes
                await self._settle(batch.records, outcomes)
                for record in batch.records:
                    lane.tracker.done(record.offset)
                    self._budget.give(record.size)
                lane.waiting.popleft()
        except asyncio.CancelledError:
            raise
        except Exception as broken:  # noqa: BLE001 - handed to `run`, which raises it
            if self._failure is not None and not self._failure.done():
                self._failure.set_exception(broken)

    async def _settle(self, records: Sequence[Record], outcomes: Sequence[Outcome]) -> None:
        """All outcomes of a batch, in order, acknowledged. Counted only then."""
        settled: Counter[str] = Counter()
        pending: list[tuple[Record, list[asyncio.Future[Any]]]] = []
        for record, outcome in zip(records, outcomes, strict=True):
            match outcome:
                case Ok(outputs):
                    try:
                        pending.append((record, await self._publisher.enqueue(outputs)))
                        settled["ok"] += 1
                    except OutputTooLargeError as large:
                        await self._bury(record, Dead(DeadReason.OUTPUT_TOO_LARGE, str(large)), settled)
                case Drop(reason, detail):
                    settled["dropped"] += 1
                    settled[f"dropped.{reason}"] += 1
                    log.info("%s passed by: %s (%s)", record, reason, detail)
                case Dead():
                    await self._bury(record, outcome, settled)
        for record, futures in pending:
            try:
                await self._publisher.acknowledged(futures)
            except OutputTooLargeError as large:
                settled["ok"] -= 1
                await self._bury(record, Dead(DeadReason.OUTPUT_TOO_LARGE, str(large)), settled)
        self.counts.update(settled)

    async def _bury(self, record: Record, dead: Dead, settled: Counter[str]) -> None:
        log.warning("%s goes to the dead letters: %s: %s", record, dead.reason, dead.error)
        await self._publisher.bury(record, dead)
        settled["dead"] += 1
        settled[f"dead.{dead.reason}"] += 1

    async def _commit_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self._options.commit_interval_s)
            try:
                await self._commit()
            except (CommitFailedError, IllegalStateError) as stale:
                log.info("Offsets not committed while partitions move (%r); the next commit holds them", stale)
            except KafkaError as refused:
                log.warning("Offsets not committed: %r; tried again in %gs", refused, self._options.commit_interval_s)

    async def _commit(self) -> None:
        if self._consumer is None:
            return
        due = {}
        for partition, lane in self._lanes.items():
            offset = lane.tracker.committable
            if offset is not None and offset != lane.committed:
                due[partition] = offset
        if due:
            await self._consumer.commit(due)
            for partition, offset in due.items():
                if partition in self._lanes:
                    self._lanes[partition].committed = offset

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        for partition in assigned:
            if partition not in self._lanes:
                lane = self._lanes[partition] = _Lane()
                lane.idle.set()
                lane.publisher = asyncio.create_task(self._publish_lane(lane))
        self._paused = False
        self.counts["rebalances"] += 1
        log.info("Assigned: %s", ", ".join(f"{p.topic}[{p.partition}]" for p in assigned) or "nothing")

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Finish what was begun within the bound, commit it, and forget the rest: its new owner reads it again."""
        leaving = [partition for partition in revoked if partition in self._lanes]
        if not leaving:
            return
        await self._drain(leaving, self._options.drain_timeout_s)
        try:
            await self._commit()
        except KafkaError as refused:
            log.warning("Offsets of revoked partitions not committed (%r): their records will come twice", refused)
        self._close(leaving)

    async def _drain(self, partitions: Sequence[TopicPartition], limit_s: float) -> None:
        waiting = [asyncio.create_task(self._lanes[p].idle.wait()) for p in partitions if p in self._lanes]
        if self._failure is not None and self._failure.done():
            limit_s = 0.0  # what cannot be published now would only be waited for in vain
        if not waiting:
            return
        begun = time.monotonic()
        _, late = await asyncio.wait(waiting, timeout=limit_s)
        for task in late:
            task.cancel()
        if late:
            log.warning(
                "%d partitions were not drained in %.1fs: their last records will come again",
                len(late),
                time.monotonic() - begun,
            )

    def _close(self, partitions: Sequence[TopicPartition]) -> None:
        """Fences the lanes: a late result of theirs is neither published nor committed."""
        for partition in partitions:
            lane = self._lanes.pop(partition, None)
            if lane is None:
                continue
            if lane.publisher is not None:
                lane.publisher.cancel()
            for batch in lane.waiting:
                batch.outcomes.cancel()
                for record in batch.records:
                    self._budget.give(record.size)
