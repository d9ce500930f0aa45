"""The ingest service: reads articles.raw, publishes articles.extracted, with consumers of its own beside Faust's.

docs/decisions.md gives the reason. It also reads articles.retry, through an intake that holds each record back until it
is due.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from dataclasses import replace

from mode import Service

from worker.agents.crash import end_with
from worker.agents.state_layout import current_layout
from worker.consumer_groups import INGEST, RETRY, former_groups, ingest_group, retry_group
from worker.contract.headers.believed_headers import BelievedHeaders
from worker.contract.headers.ticket_signature import TicketKeys
from worker.contract.topics import Topics
from worker.publishers import publisher_of
from worker.settings import Settings
from worker.stages.ingest import outcomes_of
from worker.streaming.consume.breaker import NEVER_OPENS, BreakerOptions
from worker.streaming.consume.dispatch.turns import Turns
from worker.streaming.consume.intake import Intake
from worker.streaming.consume.offset_loss import OnOffsetLost
from worker.streaming.consume.options import IntakeOptions
from worker.streaming.observer import Observer
from worker.streaming.outcome import Ok, Outcome
from worker.streaming.pool.process_memory import settle_memory
from worker.streaming.pool.process_pool import ProcessPool
from worker.streaming.publish.partitioning import kept_in
from worker.streaming.record import Record
from worker.streaming.settle.retries import RetryOptions
from worker.streaming.settle.settler import OutcomeTopics
from worker.streaming.stateful.changelog import MissingTopicError
from worker.streaming.topics.former_groups import take_over_offsets
from worker.streaming.topics.offset_reader import OffsetReader, OffsetsUnknownError
from worker.streaming.watch.accounts import Accounts

__all__ = ["IngestService", "pool_of"]

log = logging.getLogger("claimwire.ingest")

_RETRY_BUDGET_DIVISOR = 8
"""The intake of articles.retry gets this part of the byte budget: its records wait, and waiting records fill it."""
_MAX_FETCH_BYTES = 32 * 1024 * 1024
_TOPICS_AGAIN_S = 2.0
_MEMBERS_S = 5.0


def pool_of(settings: Settings, topics: Topics, observer: Observer) -> ProcessPool[Record, Outcome]:
    """The pool of extracting processes, not started."""
    return ProcessPool(
        "worker.stages.extract:load",
        {
            "topics": topics,
            "logs": (settings.log_level, settings.log_format),
            "recrawls": _recrawls(settings),
            **settings.extraction_options(),
        },
        size=settings.processes or os.cpu_count() or 1,
        limit_s=settings.extraction_timeout_s,
        memory_bytes=settings.child_memory_bytes,
        preload="worker.stages.preloaded",
        observer=observer,
    )


def _recrawls(settings: Settings) -> tuple[str, int, float] | None:
    if not settings.recrawl_bytes:
        return None
    return settings.data_dir, settings.recrawl_bytes, settings.recrawl_days


class IngestService(Service):
    """Owns the pool, the publisher and the two intakes. If an intake stops or fails, so does the service, and the
    worker exits.
    """

    def __init__(self, settings: Settings, observer: Observer, accounts: Accounts) -> None:
        super().__init__()
        self._settings, self._accounts = settings, accounts
        self._topics = Topics.with_prefix(settings.topic_prefix)
        self._pool = pool_of(settings, self._topics, observer)
        self._publisher = publisher_of(settings, INGEST, observer)
        self._turns = Turns()
        self.intake = Intake(self._raw_options(), self._work, self._publisher, observer, turns=self._turns)
        self.retry_intake = Intake(self._retry_options(), self._work, self._publisher, observer, turns=self._turns)
        self._observer = observer
        self._running: asyncio.Task[None] | None = None
        self._loading: asyncio.Task[None] | None = None
        self._begun = False
        self._partitions = 1

    def _raw_options(self) -> IntakeOptions:
        settings = self._settings
        return IntakeOptions(
            brokers=settings.kafka,
            group=ingest_group(settings.installation),
            topic=self._topics.raw,
            stage=INGEST,
            batch_records=settings.batch_records,
            batch_bytes=settings.batch_bytes,
            in_flight_bytes=settings.in_flight_bytes,
            parallel=2 * self._pool.size,  # for each process one batch at work and one ready
            drain_timeout_s=settings.drain_timeout_s,
            session_timeout_s=settings.session_timeout_s,
            commit_interval_s=settings.commit_interval_s,
            max_fetch_bytes=min(settings.in_flight_bytes, _MAX_FETCH_BYTES),
            isolation=settings.isolation,
            believed=BelievedHeaders.of_topic(self._topics.raw, self._topics),
            outcome_topics=OutcomeTopics(
                dead=self._topics.dead,
                dropped=self._topics.dropped,
                retries=RetryOptions(
                    topic=self._topics.retry,
                    attempts=settings.retry_attempts,
                    max_wait_s=settings.retry_delay_most_s,
                    keys=self._ticket_keys,
                ),
            ),
            instance_id=settings.group_instance_id,
            on_offset_lost=OnOffsetLost(settings.on_offset_lost),
            breaker=BreakerOptions(
                share=settings.breaker_share,
                min_records=settings.breaker_least,
                window_s=settings.breaker_window_s,
                pause_s=settings.breaker_pause_s,
            ),
        )

    def _retry_options(self) -> IntakeOptions:
        return replace(
            self._raw_options(),
            group=retry_group(self._settings.installation),
            topic=self._topics.retry,
            believed=replace(BelievedHeaders.of_topic(self._topics.retry, self._topics), keys=self._ticket_keys),
            stage=RETRY,
            in_flight_bytes=self._settings.in_flight_bytes // _RETRY_BUDGET_DIVISOR,
            breaker=NEVER_OPENS,
            holds_back=True,
        )

    @property
    def _ticket_keys(self) -> TicketKeys | None:
        return TicketKeys(self._settings.ticket_key) if self._settings.ticket_key else None

    async def on_start(self) -> None:
        self._running = asyncio.create_task(self._run())
        self.add_future(end_with(self._running))

    async def _run(self) -> None:
        """The models load while the groups are joined: Kafka lets the first member of a group wait for seconds. Where
        others read already, it joins when it can work: its share of the partitions would stand still meanwhile.
        """
        log.info("Loading the extraction in %d processes", self._pool.size)
        self._observer.loading(f"the extraction, in {self._pool.size} processes")
        self._loading = asyncio.create_task(self._load())
        await self._publisher.start()
        self._partitions = await self._state_partitions()
        for intake_options in (self._raw_options(), self._retry_options()):
            former = former_groups(self._settings, intake_options.stage)
            await take_over_offsets(self._settings.kafka, intake_options.topic, intake_options.group, former)
        if await self._others_read():
            await self._loading
        self._observer.waiting(INGEST, None)
        self._begun = True
        await asyncio.gather(self._loading, self.intake.run(), self.retry_intake.run())

    async def _load(self) -> None:
        """Raises StartError. Nothing is begun before: a start that fails is no record's fault."""
        async with self._turns.turn(alone=True):
            await self._pool.start()
        settle_memory()
        self._observer.loading(None)

    async def _others_read(self) -> bool:
        async with OffsetReader(self._settings.kafka, limit_s=_MEMBERS_S) as offsets:
            try:
                return await offsets.has_members(self._raw_options().group)
            except OffsetsUnknownError as unknown:
                log.info("Whether others are in the group is not known: %s", unknown)
                return True

    async def _state_partitions(self) -> int:
        """Waits for topics that are missing. Raises StateLostError."""
        async with OffsetReader(self._settings.kafka, limit_s=20.0) as offsets:
            while True:
                try:
                    return (await current_layout(self._settings, offsets)).partitions
                except MissingTopicError as missing:
                    self._observer.waiting(INGEST, str(missing))
                    log.warning("Waiting: %s", missing)
                    await asyncio.sleep(_TOPICS_AGAIN_S)

    async def on_stop(self) -> None:
        if self._running is not None:
            if not self._begun:
                self._running.cancel()
            await asyncio.gather(self.intake.stop(), self.retry_intake.stop())
            if self._loading is not None:
                self._loading.cancel()
            await asyncio.gather(*filter(None, (self._running, self._loading)), return_exceptions=True)
        await self._publisher.stop()
        await self._pool.stop()
        for stage, name in ((INGEST, "Ingest"), (RETRY, "Retry")):
            whole = self._accounts.total(stage)
            log.info(
                "%s ended: read=%d, ok=%d, dropped=%d, retried=%d, dead=%d",
                name,
                whole.read,
                whole.ok,
                whole.dropped,
                whole.retried,
                whole.dead,
            )

    async def _work(self, records: Sequence[Record]) -> list[Outcome]:
        if self._loading is not None:
            await asyncio.shield(self._loading)
        outcomes = await outcomes_of(records, self._pool, self._topics, self._settings)
        return [self._kept_in_place(outcome) for outcome in outcomes]

    def _kept_in_place(self, outcome: Outcome) -> Outcome:
        """An extraction goes to the partition in which its article has its state."""
        if not isinstance(outcome, Ok):
            return outcome
        return replace(outcome, outputs=kept_in(self._partitions, self._topics.extracted, outcome.outputs))
