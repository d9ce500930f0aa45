"""The ingest service: articles.raw in, articles.extracted out, on its own consumer (docs/decisions.md says why)."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from mode import Service

from worker.contract.dead_letter import DeadReason
from worker.contract.headers import TOMBSTONE_TYPE, cloud_event, trace_context
from worker.contract.ids import digest
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.streaming.intake import Intake, IntakeOptions
from worker.streaming.outcome import Dead, Ok, Outcome, Output
from worker.streaming.pool import ChildDied, ProcessPool, TimedOut
from worker.streaming.publisher import Publisher, Record

__all__ = ["IngestService", "outcomes_of", "tombstone"]

log = logging.getLogger("claimwire.ingest")


def tombstone(record: Record, topics: Topics) -> Outcome:
    """A null value asks for deletion: passed on under the same key, to whoever holds what came of the article."""
    if not record.key:
        return Dead(
            DeadReason.TOMBSTONE_WITHOUT_KEY, "a null value deletes the article in the key, and there is no key"
        )
    headers = cloud_event(
        kind=TOMBSTONE_TYPE,
        event_id=digest("tombstone/1", record.topic, str(record.partition), str(record.offset)),
        source=f"/{record.topic}/{record.partition}/{record.offset}",
        subject=record.key.decode("utf-8", "replace"),
        at=datetime.now(UTC),
        carried=trace_context(record.headers),
    )
    return Ok((Output(topics.extracted, record.key, None, headers),))


async def outcomes_of(records: Sequence[Record], pool: ProcessPool, topics: Topics) -> list[Outcome]:
    """Tombstones are answered here; articles go to the pool, and a child's end becomes its record's outcome."""
    outcomes: dict[int, Outcome] = {}
    articles: list[int] = []
    for index, record in enumerate(records):
        if record.value is None:
            outcomes[index] = tombstone(record, topics)
        else:
            articles.append(index)
    for index, answer in zip(articles, await pool.run([records[i] for i in articles]), strict=True):
        match answer:
            case ChildDied(code):
                outcomes[index] = Dead(DeadReason.CHILD_DIED, f"the extraction process ended with exit code {code}")
            case TimedOut(seconds):
                outcomes[index] = Dead(DeadReason.EXTRACTION_TIMEOUT, f"not done after {seconds:g}s")
            case outcome:
                outcomes[index] = outcome
    return [outcomes[index] for index in range(len(records))]


class IngestService(Service):
    """Owns the pool, the producer and the intake; their end is its end, an error of theirs ends the worker."""

    def __init__(self, settings: Settings, **service: Any) -> None:
        super().__init__(**service)
        self._settings = settings
        self._topics = Topics.with_prefix(settings.topic_prefix)
        self._pool = ProcessPool(
            "worker.agents.extract_batch:load",
            {"model": settings.model, "topics": self._topics, "article_max_bytes": settings.article_max_bytes},
            size=settings.processes or os.cpu_count() or 1,
            limit_s=settings.extraction_timeout_s,
        )
        self._publisher = Publisher(
            settings.brokers,
            idempotent=settings.idempotent_producer,
            compression=settings.compression,
            dead_topic=self._topics.dead,
            client_id=f"{settings.app_id}-ingest",
        )
        self.intake = Intake(
            IntakeOptions(
                brokers=settings.brokers,
                group=f"{settings.app_id}-ingest",
                topic=self._topics.raw,
                batch_records=settings.batch_records,
                batch_bytes=settings.batch_bytes,
                in_flight_bytes=settings.in_flight_bytes,
                drain_timeout_s=settings.drain_timeout_s,
                session_timeout_s=settings.session_timeout_s,
                commit_interval_s=settings.commit_interval_s,
                largest_fetch=32 * 1024 * 1024,
            ),
            partial(outcomes_of, pool=self._pool, topics=self._topics),
            self._publisher,
        )
        self._running: asyncio.Task[None] | None = None

    async def on_start(self) -> None:
        log.info("Loading the extraction in %d processes", self._pool.size)
        await self._pool.start()
        await self._publisher.start()
        self._running = asyncio.create_task(self.intake.run())
        self.add_future(self._watch())

    async def _watch(self) -> None:
        if self._running is not None:
            await asyncio.shield(self._running)  # its exception becomes this service's crash

    async def on_stop(self) -> None:
        await self.intake.stop()
        if self._running is not None:
            await asyncio.gather(self._running, return_exceptions=True)
        await self._publisher.stop()
        await self._pool.stop()
        counts = self.intake.counts
        log.info("Ingest ended: %s", ", ".join(f"{k}={counts[k]}" for k in ("read", "ok", "dropped", "dead")))
