"""The ingest service: articles.raw in, articles.extracted out, on consumers of its own (docs/decisions.md says why).

It reads articles.retry as well, through an intake that holds each record back until its time has come.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from mode import Service

from worker.contract.dead_letter import DeadReason, RetryReason
from worker.contract.headers import TOMBSTONE_TYPE, cloud_event, trace_context
from worker.contract.ids import digest
from worker.contract.retry import origin_of
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.streaming.accounts import Accounts
from worker.streaming.breaker import BreakerOptions
from worker.streaming.intake import Intake, IntakeOptions
from worker.streaming.observer import Observer
from worker.streaming.offset_loss import OnOffsetLost
from worker.streaming.outcome import Dead, Ok, Outcome, Output, Retry
from worker.streaming.pool import ChildDied, OutOfMemory, ProcessPool, TimedOut
from worker.streaming.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.retries import RetryOptions

__all__ = ["INGEST", "RETRY", "IngestService", "extraction_options", "outcomes_of", "pool_of", "tombstone"]

log = logging.getLogger("claimwire.ingest")

INGEST = "ingest"
RETRY = "retry"
_RETRY_SHARE = 8
"""Of the byte budget, one part in so many is for records that wait for their next try."""


def tombstone(record: Record, topics: Topics) -> Outcome:
    """A null value asks for deletion: passed on under the same key, to whoever holds what came of the article."""
    if not record.key:
        return Dead(
            DeadReason.TOMBSTONE_WITHOUT_KEY, "a null value deletes the article in the key, and there is no key"
        )
    origin = origin_of(record.headers)
    topic, partition, offset = (
        (origin.topic, origin.partition, origin.offset) if origin else (record.topic, record.partition, record.offset)
    )
    headers = cloud_event(
        kind=TOMBSTONE_TYPE,
        event_id=digest("tombstone/1", topic, str(partition), str(offset)),
        source=f"/{topic}/{partition}/{offset}",
        subject=record.key.decode("utf-8", "replace"),
        at=datetime.now(UTC),
        carried=trace_context(record.headers),
    )
    return Ok((Output(topics.extracted, record.key, None, headers),))


def extraction_options(settings: Settings) -> dict[str, Any]:
    """What the extraction is told, beside the topics: with the same, the same article gives the same outcome."""
    return {
        "model": settings.model,
        "article_max_bytes": settings.article_max_bytes,
        "own_voice_least": settings.own_voice_least,
        "text_max_chars": settings.text_max_chars,
        "retry_delay_s": settings.retry_delay_s,
    }


def pool_of(settings: Settings, topics: Topics, observer: Observer) -> ProcessPool:
    """The processes that extract, as the settings have them."""
    return ProcessPool(
        "worker.agents.extract_batch:load",
        {"topics": topics, "logs": (settings.log_level, settings.log_format), **extraction_options(settings)},
        size=settings.processes or os.cpu_count() or 1,
        limit_s=settings.extraction_timeout_s,
        memory_bytes=settings.child_memory_bytes,
        observer=observer,
    )


class IngestService(Service):
    """Owns the pool, the producer and the intakes; their end is its end, an error of theirs ends the worker."""

    def __init__(self, settings: Settings, observer: Observer, accounts: Accounts, **service: Any) -> None:
        super().__init__(**service)
        self._settings, self._accounts = settings, accounts
        self._topics = topics = Topics.with_prefix(settings.topic_prefix)
        self._pool = pool_of(settings, topics, observer)
        self._publisher = Publisher(
            settings.brokers,
            idempotent=settings.idempotent_producer,
            compression=settings.compression,
            dead_topic=topics.dead,
            dropped_topic=topics.dropped,
            client_id=f"{settings.app_id}-ingest",
            request_timeout_s=settings.request_timeout_s,
            observer=observer,
        )
        raw = self._options(INGEST, topics.raw)
        self.intake = Intake(raw, self._work, self._publisher, observer)
        self.retry_intake = Intake(self._options(RETRY, topics.retry), self._work, self._publisher, observer)
        self._running: list[asyncio.Task[None]] = []

    def _options(self, stage: str, topic: str) -> IntakeOptions:
        settings = self._settings
        again = stage == RETRY
        return IntakeOptions(
            brokers=settings.brokers,
            group=f"{settings.app_id}-{stage}",
            topic=topic,
            stage=stage,
            batch_records=settings.batch_records,
            batch_bytes=settings.batch_bytes,
            in_flight_bytes=settings.in_flight_bytes // (_RETRY_SHARE if again else 1),
            parallel=2 * self._pool.size,  # one that is worked on, one that lies ready
            drain_timeout_s=settings.drain_timeout_s,
            session_timeout_s=settings.session_timeout_s,
            commit_interval_s=settings.commit_interval_s,
            largest_fetch=32 * 1024 * 1024,
            instance_id=settings.group_instance_id,
            on_offset_lost=OnOffsetLost(settings.on_offset_lost),
            breaker=None
            if again
            else BreakerOptions(
                share=settings.breaker_share,
                least=settings.breaker_least,
                window_s=settings.breaker_window_s,
                pause_s=settings.breaker_pause_s,
            ),
            retries=RetryOptions(
                topic=self._topics.retry, attempts=settings.retry_attempts, longest_s=settings.retry_delay_most_s
            ),
            holds_back=again,
        )

    async def on_start(self) -> None:
        log.info("Loading the extraction in %d processes", self._pool.size)
        await self._pool.start()
        await self._publisher.start()
        for intake in (self.intake, self.retry_intake):
            running = asyncio.create_task(intake.run())
            self._running.append(running)
            self.add_future(self._watch(running))

    async def _watch(self, running: asyncio.Task[None]) -> None:
        await asyncio.shield(running)  # its exception becomes this service's crash

    async def on_stop(self) -> None:
        await asyncio.gather(self.intake.stop(), self.retry_intake.stop())
        await asyncio.gather(*self._running, return_exceptions=True)
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
        return await outcomes_of(records, self._pool, self._topics, self._settings)


async def outcomes_of(
    records: Sequence[Record], pool: ProcessPool, topics: Topics, settings: Settings
) -> list[Outcome]:
    """Tombstones are answered here; articles go to the pool, and a child's end becomes its record's outcome."""
    outcomes: dict[int, Outcome] = {}
    articles: list[int] = []
    for index, record in enumerate(records):
        if record.value is None:
            outcomes[index] = tombstone(record, topics)
        else:
            articles.append(index)
    answers = await pool.run([records[i] for i in articles])
    for index, answer in zip(articles, answers, strict=True):
        outcomes[index] = _outcome(answer, settings)
    return [outcomes[index] for index in range(len(records))]


def _outcome(answer: Any, settings: Settings) -> Outcome:
    wait_s = settings.retry_delay_s
    match answer:
        case ChildDied(code):
            return Retry(RetryReason.CHILD_DIED, f"the extraction process ended with exit code {code}", wait_s)
        case TimedOut(seconds):
            return Retry(RetryReason.EXTRACTION_TIMEOUT, f"not done after {seconds:g}s", wait_s)
        case OutOfMemory(size):
            limit = settings.child_memory_bytes
            return Retry(RetryReason.MEMORY, f"its process grew to {size} bytes, twice {limit} are allowed", wait_s)
        case _:
            outcome: Outcome = answer
            return outcome
