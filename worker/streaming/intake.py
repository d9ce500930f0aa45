"""Consumes a topic so that no record is lost: every record read ends in one outcome that the broker acknowledged.

The way of a record: fetched and counted against the byte budget (intake.py), worked on in a batch (batch.py), its outcome
published in the order of its partition (lane.py, settle.py), its offset committed when all below it are done as well
(committer.py). A rebalance is met in lanes.py, an error of the fetch in fetch_errors.py; what holds intake up
stands in gate.py, and who hears of it all in observer.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from worker.streaming.backoff import Backoff
from worker.streaming.batch import Dispatcher, Work, in_batches
from worker.streaming.breaker import Breaker, BreakerOptions, BreakerState
from worker.streaming.budget import ByteBudget
from worker.streaming.clock import StandstillClock
from worker.streaming.committer import Committer
from worker.streaming.fetch_errors import FetchErrors, RejoinError
from worker.streaming.gate import Gate
from worker.streaming.lag import watch_lag
from worker.streaming.lane import HeldBackError, Lane
from worker.streaming.lanes import Lanes
from worker.streaming.observer import SILENT, Observer, Pause
from worker.streaming.offset_loss import OnOffsetLost
from worker.streaming.outcome import Dead, Outcome
from worker.streaming.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.retries import RetryOptions, due_ms
from worker.streaming.settle import Settler

__all__ = ["Intake", "IntakeOptions", "Work"]

log = logging.getLogger("claimwire.intake")

_COMMIT_ALLOWANCE_S = 5.0
_MOST_REJOINS = 8
_UNJOINED = -1
_BREAKER_LOOK_S = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeOptions:
    brokers: str
    group: str
    topic: str
    stage: str
    batch_records: int
    batch_bytes: int
    in_flight_bytes: int
    parallel: int
    """Batches that are worked on at once; those beyond wait, and are let go of first at a rebalance or a stop."""
    drain_timeout_s: float
    session_timeout_s: float
    commit_interval_s: float
    largest_fetch: int
    instance_id: str = ""
    """Static membership: a member that comes back under it within the session timeout keeps its partitions."""
    on_offset_lost: OnOffsetLost = OnOffsetLost.STOP
    breaker: BreakerOptions | None = None
    retries: RetryOptions | None = None
    holds_back: bool = False
    """Records wait until the time in their retry ticket has come."""


class Intake:
    """`run` consumes until `stop`, or raises what made it impossible to go on; nothing is committed over that."""

    def __init__(self, options: IntakeOptions, work: Work, publisher: Publisher, observer: Observer = SILENT) -> None:
        self._options, self._publisher, self._observer = options, publisher, observer
        self._budget = ByteBudget(options.in_flight_bytes)
        self._dispatcher = Dispatcher(
            options.stage,
            work,
            parallel=options.parallel,
            results=ByteBudget(options.in_flight_bytes),
            observer=observer,
        )
        self._breaker = Breaker(options.breaker) if options.breaker else None
        self._settler = Settler(
            options.stage, publisher, observer, retries=options.retries, counted=self._count_for_breaker
        )
        self._lanes = Lanes(options.group, options.stage, options.drain_timeout_s, self, observer)
        self._errors = FetchErrors(options.group, options.stage, options.on_offset_lost, observer, self._renumber)
        self._clock = StandstillClock(options.session_timeout_s)
        self._joined = False
        self._stopping = asyncio.Event()
        self._ended: asyncio.Future[None] | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._committer: Committer | None = None
        self.gate = Gate(options.stage, observer)

    async def run(self) -> None:
        """Raises OffsetLostError, NotAllowedError, KafkaError, PublishError, or what the work raised."""
        backoff = Backoff(0.5, 10.0)
        while not self._stopping.is_set():
            begun = time.monotonic()
            try:
                await self._membership()
            except RejoinError as again:
                if time.monotonic() - begun > 60.0:
                    backoff.reset()
                if backoff.attempts >= _MOST_REJOINS:
                    raise KafkaError(f"group {self._options.group} could not be kept: {again}") from again
                log.warning("Group %s is joined anew: %s", self._options.group, again)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), backoff.next_s())

    async def stop(self) -> None:
        self._stopping.set()
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    async def _membership(self) -> None:
        """From joining the group to leaving it."""
        options = self._options
        ended = self._ended = asyncio.get_running_loop().create_future()
        consumer = self._consumer = self._new_consumer()
        self._committer = Committer(options.stage, consumer, self._observer, options.commit_interval_s)
        self._clock.reset()
        consumer.subscribe([options.topic], listener=self._lanes)
        background: list[asyncio.Task[None]] = []
        lost = False
        try:
            await self._join(consumer, ended)
            background = [
                asyncio.create_task(self._committer.now_and_then(self._lanes.held)),
                asyncio.create_task(self._watch_clock()),
                asyncio.create_task(watch_lag(options.stage, consumer, self._lanes.held, self._observer)),
            ]
            await self._consume(consumer, ended)
        except RejoinError as again:
            lost = again.lost
            raise
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            failed = ended.done() and ended.exception() is not None
            # what cannot be published now would only be waited for in vain
            await self._lanes.let_go(
                list(self._lanes.held), lost=lost, limit_s=0.0 if failed else options.drain_timeout_s
            )
            await self._leave(consumer)

    async def _join(self, consumer: AIOKafkaConsumer, ended: asyncio.Future[None]) -> None:
        try:
            await _unless(ended, consumer.start())
        except KafkaError as away:
            if self._joined:
                raise RejoinError(f"no answer from Kafka: {away!r}", lost=True) from away
            raise
        self._joined = True

    async def _leave(self, consumer: AIOKafkaConsumer) -> None:
        try:
            async with asyncio.timeout(self._options.session_timeout_s):
                await consumer.stop()
        except (TimeoutError, KafkaError) as late:
            log.warning("Group %s was not left in order (%r): Kafka notices by itself", self._options.group, late)

    def _new_consumer(self) -> AIOKafkaConsumer:
        options = self._options
        rebalance_s = options.drain_timeout_s + _COMMIT_ALLOWANCE_S + options.session_timeout_s
        return AIOKafkaConsumer(
            bootstrap_servers=options.brokers,
            group_id=options.group,
            group_instance_id=options.instance_id or None,
            client_id=options.group,
            enable_auto_commit=False,
            auto_offset_reset="none",  # a lost offset is decided on here, never in silence
            session_timeout_ms=int(options.session_timeout_s * 1000),
            heartbeat_interval_ms=int(options.session_timeout_s * 1000 / 4),
            rebalance_timeout_ms=int(rebalance_s * 1000),
            request_timeout_ms=int((rebalance_s + 5.0) * 1000),  # joining waits for the slowest member
            max_partition_fetch_bytes=1024 * 1024,
            fetch_max_bytes=min(options.in_flight_bytes, options.largest_fetch),
            fetch_max_wait_ms=250,
            metadata_max_age_ms=60_000,
        )

    async def _watch_clock(self) -> None:
        await self._clock.tick()
        limit_s = self._options.session_timeout_s
        self._fail(RejoinError(f"the process stood still for more than session_timeout_s = {limit_s:g}", lost=True))

    def _fail(self, broken: BaseException) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.set_exception(broken)

    async def _consume(self, consumer: AIOKafkaConsumer, ended: asyncio.Future[None]) -> None:
        most = self._options.batch_records * 8
        while not ended.done():
            self._open_or_shut(consumer)
            try:
                fetched = await _unless(ended, consumer.getmany(timeout_ms=200, max_records=most))
            except KafkaError as broken:
                await self._errors.handle(broken, consumer)
            else:
                self._errors.none()
                for partition, rows in (fetched or {}).items():
                    self._take_in(partition, rows)
        ended.result()

    def _open_or_shut(self, consumer: AIOKafkaConsumer) -> None:
        """Pauses or resumes for what holds now."""
        now = time.monotonic()
        self.gate.set(Pause.BUDGET, now, f"{self._budget.in_flight} bytes in flight" if self._budget.full else None)
        failing = self._publisher.failing_since
        self.gate.set(
            Pause.OUTPUT_FAILING, now, f"outputs fail since {now - failing:.0f}s" if failing is not None else None
        )
        opened = self._breaker is not None and self._breaker.state is BreakerState.OPEN
        self.gate.set(Pause.BREAKER, now, self._breaker_words() if opened and not self._admits() else None)
        assigned = consumer.assignment()
        if self.gate.closed:
            consumer.pause(*assigned)
        else:
            consumer.resume(*assigned)

    def _take_in(self, partition: TopicPartition, rows: Iterable[Any]) -> None:
        lane = self._lanes.held.get(partition)
        if lane is None:
            return  # revoked while the fetch was under way: whoever owns it now reads these again
        options = self._options
        records = [
            Record(r.topic, r.partition, r.offset, r.timestamp, r.key, r.value, tuple(r.headers or ())) for r in rows
        ]
        for due, together in self._by_due(records):
            for batch in in_batches(together, options.batch_records, options.batch_bytes):
                lane.take(batch, due)

    def _by_due(self, records: Sequence[Record]) -> Iterable[tuple[float, Iterable[Record]]]:
        """Neighbours that are due in the same second go together; 0.0: at once."""
        retries = self._options.retries
        if not self._options.holds_back or retries is None:
            return ((0.0, records),)
        now_ms = int(time.time() * 1000)
        return groupby(records, key=lambda r: float(-(-due_ms(r, retries.longest_s, now_ms) // 1000)))

    async def _settle(self, lane: Lane, records: Sequence[Record], outcomes: Sequence[Outcome]) -> None:
        if self._clock.stood_still:
            raise RejoinError("the process stood still, its partitions may have another owner", lost=True)
        while not self._admits():
            if lane.draining:
                raise HeldBackError
            await asyncio.sleep(_BREAKER_LOOK_S)
        if self._breaker:
            self._breaker.let_through(len(records))
        try:
            await self._settler.settle(records, outcomes, lambda: lane.open and not self._clock.stood_still)
        except BaseException:
            if self._breaker:
                self._breaker.given_back(len(records))
            raise

    def _admits(self) -> bool:
        return self._breaker is None or self._breaker.admits(time.monotonic())

    async def _renumber(self, partition: TopicPartition) -> None:
        await self._lanes.let_go([partition], lost=False, limit_s=self._options.drain_timeout_s)
        self._lanes.begin(partition)

    def _count_for_breaker(self, outcome: Outcome) -> None:
        if self._breaker and self._breaker.settled(time.monotonic(), dead=isinstance(outcome, Dead)):
            log.error("%s", self._breaker_words())

    def _breaker_words(self) -> str:
        breaker, options = self._breaker, self._options.breaker
        if breaker is None or options is None:
            return ""
        return (
            f"{breaker.dead} of the last {breaker.seen} records of {self._options.topic} went to the dead letters, more "
            f"than breaker_share = {options.share:g} of them: the worker pauses. `claimwire dead ls` says why. Every "
            f"breaker_pause_s = {options.pause_s:g} seconds {options.least} records are tried, and once they pass it "
            f"goes on by itself; to let everything through as it is, restart with breaker_share = 1"
        )

    # what its lanes ask of it

    def new_lane(self, partition: TopicPartition, generation: int) -> Lane:
        return Lane(
            partition,
            generation,
            stage=self._options.stage,
            dispatcher=self._dispatcher,
            budget=self._budget,
            settle=self._settle,
            failed=self._fail,
            observer=self._observer,
        )

    def thrown_out(self) -> bool:
        coordinator = self._consumer._coordinator if self._consumer else None  # noqa: SLF001 - told nowhere else
        return coordinator is not None and getattr(coordinator, "generation", 0) == _UNJOINED

    async def commit(self, lanes: Mapping[TopicPartition, Lane]) -> bool:
        return self._committer is None or await self._committer.commit(lanes)

    async def drop_queued(self) -> None:
        await self._publisher.line.cut()


async def _unless(ended: asyncio.Future[None], action: Any) -> Any:
    """The result of `action`; None when the end comes first, and then `action` is cancelled."""
    acting = asyncio.ensure_future(action)
    try:
        await asyncio.wait([acting, ended], return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not acting.done():
            acting.cancel()
            await asyncio.gather(acting, return_exceptions=True)
    return None if acting.cancelled() else acting.result()
