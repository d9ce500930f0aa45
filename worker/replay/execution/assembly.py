"""Builds a replay from the settings and its plan, with the same pool and the same extraction as the live worker."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson

from worker.archives.reading import files_of
from worker.consumer_groups import replay_group
from worker.contract.claim import Provenance
from worker.contract.codec import decode_extraction
from worker.contract.topics import Topics
from worker.publishers import publisher_of
from worker.replay.execution.archive_source import ArchiveSource
from worker.replay.execution.article_states import ArticleStates
from worker.replay.execution.checkpoints import GroupCheckpoints
from worker.replay.execution.file_sink import FileSink
from worker.replay.execution.ordered_writes import OrderedWrites, WriteLimits
from worker.replay.execution.pace import Share
from worker.replay.execution.run import Replay, ReplayError, ReplayOptions
from worker.replay.execution.sinks import Sink
from worker.replay.execution.source import ReplaySource
from worker.replay.execution.topic_sink import TopicSink
from worker.replay.plan.plan import ReplayPlan, Target, side_specs
from worker.replay.plan.registry import FolderRegistry, Registry, TopicRegistry
from worker.settings import Settings
from worker.stages.ingest import outcomes_of
from worker.streaming.access.rights import Operation, Resource, Right, missing_rights
from worker.streaming.denied import WriteDeniedError
from worker.streaming.outcome import Ok, Outcome
from worker.streaming.pace import Pace
from worker.streaming.pool.process_pool import ProcessPool
from worker.streaming.record import Record
from worker.streaming.topics.admin import create_missing, existing_topics
from worker.streaming.topics.shared_window import GroupOptions, SharedWindowReader

__all__ = [
    "Assembled",
    "assembled",
    "registry_of",
    "started_pool",
    "version_of",
]

log = logging.getLogger("claimwire.replay")

_PARTITIONS = 8
"""Of the replay's topics, where neither the live claims nor the raw topic exist."""
_PIECE_BYTES = 256 * 1024 * 1024
"""Bytes, before compression, at which a piece of files is closed."""

_PROBE = {
    "uri": "probe:",
    "body": "The mayor said on Monday that the old bridge would be open to traffic again in May.",
}


def registry_of(settings: Settings, plan: ReplayPlan | None = None, folder: Path | None = None) -> Registry:
    """The topic `replays`; for a replay from archives to files its folder, so that no Kafka is needed."""
    if folder is not None or (plan and plan.archives and plan.target is Target.FILES):
        return FolderRegistry(folder or Path(str(plan and plan.folder)))
    return TopicRegistry(settings.kafka, f"{settings.topic_prefix}replays", -1)


@contextlib.asynccontextmanager
async def started_pool(settings: Settings, topics: Topics, share: Share) -> AsyncIterator[ProcessPool[Record, Outcome]]:
    """A running pool of extraction processes, each within its share of the machine. Raises StartError."""
    pool: ProcessPool[Record, Outcome] = ProcessPool(
        "worker.replay.execution.pace:load",
        {"duty": share.duty, "idle": share.idle, "topics": topics, **settings.extraction_options()},
        size=share.processes,
        limit_s=settings.extraction_timeout_s / share.duty,
        memory_bytes=settings.child_memory_bytes,
        preload="worker.stages.preloaded",
    )
    try:
        await pool.start()
        yield pool
    finally:
        await pool.stop()


async def version_of(pool: ProcessPool[Record, Outcome]) -> Provenance:
    """The version of the extraction in the pool, from extracting one sentence with it. Raises ReplayError."""
    (outcome,) = await pool.run([Record("probe", 0, 0, 0, None, orjson.dumps(_PROBE), ())])
    if not isinstance(outcome, Ok) or outcome.outputs[0].value is None:
        raise ReplayError(f"the extraction does not answer as it should: {outcome}")
    return decode_extraction(outcome.outputs[0].value).provenance


@dataclass(slots=True)
class Assembled:
    replay: Replay
    source: ReplaySource
    topics: Topics


@contextlib.asynccontextmanager
async def assembled(
    plan: ReplayPlan,
    settings: Settings,
    registry: Registry,
    pool: ProcessPool[Record, Outcome],
    topics: Topics,
    *,
    rate: float | None,
    share: Share,
) -> AsyncIterator[Assembled]:
    """A replay ready to run. Its topics are created with as many partitions as the live ones where they are missing.

    Raises:
        TopicError, KafkaError: Kafka refuses.
    """
    if share.idle:
        with contextlib.suppress(OSError):
            os.nice(5)  # the parent only a little: it must answer its consumer group in time
    sink = await _sink(plan, settings, topics)
    states = ArticleStates()
    try:
        writes = OrderedWrites(
            partial(outcomes_of, pool=pool, topics=topics, settings=settings),
            sink,
            states,
            topics,
            plan.target,
            WriteLimits(
                in_flight_bytes=settings.in_flight_bytes,
                max_batches=4 * pool.size,
                attempts=settings.retry_attempts,
            ),
        )
        replay = Replay(
            plan,
            registry,
            writes,
            GroupCheckpoints(settings.kafka, replay_group(settings.installation, plan.name), plan),
            Pace(rate),
            ReplayOptions(
                live=Topics.with_prefix(settings.topic_prefix),
                batch_records=settings.batch_records,
                batch_bytes=settings.batch_bytes,
                drain_timeout_s=settings.drain_timeout_s,
                commit_interval_s=settings.commit_interval_s,
            ),
        )
        async with await _source(plan, settings, registry, replay) as source:
            yield Assembled(replay, source, topics)
    finally:
        await sink.stop()
        states.close()


async def _sink(plan: ReplayPlan, settings: Settings, topics: Topics) -> Sink:
    if plan.target is Target.FILES:
        folder = Path(str(plan.folder)) / plan.name
        return FileSink(folder, topics, plan.format, piece_bytes=_PIECE_BYTES, piece_s=settings.replay_piece_s)
    await _create_topics(plan, settings, topics)
    await _refuse_without_writing(settings, [spec.name for spec in side_specs(topics, plan.target)])
    publisher = publisher_of(settings, "replay")
    await publisher.start()
    return TopicSink(publisher, settings.kafka, topics.live)


async def _create_topics(plan: ReplayPlan, settings: Settings, topics: Topics) -> None:
    live = Topics.with_prefix(settings.topic_prefix)
    existing = await existing_topics(settings.kafka, [live.claims, live.raw])
    partitions = existing.get(live.claims) or existing.get(live.raw) or _PARTITIONS
    created = await create_missing(
        settings.kafka, side_specs(topics, plan.target), partitions=partitions, replication=-1
    )
    if created:
        log.info("Created %s with %d partitions", ", ".join(created), partitions)


async def _refuse_without_writing(settings: Settings, names: list[str]) -> None:
    """Raises WriteDeniedError: a topic may not be written to; the publisher would try it again without end."""
    needed = [Right(Operation.WRITE, Resource.TOPIC, name) for name in names]
    if missing := await missing_rights(settings.kafka, needed):
        raise WriteDeniedError([right.name for right in missing])


async def _source(plan: ReplayPlan, settings: Settings, registry: Registry, replay: Replay) -> ReplaySource:
    if plan.window is None:
        files = await asyncio.to_thread(files_of, [Path(name) for name in plan.archives])
        return ArchiveSource(
            files,
            plan.name,
            registry,
            replay,
            wanted=plan.filter.wanted(),
            max_records=settings.batch_records,
            max_bytes=settings.batch_bytes,
        )
    return SharedWindowReader(
        settings.kafka,
        plan.window,
        GroupOptions(
            group=replay_group(settings.installation, plan.name),
            session_timeout_s=settings.session_timeout_s,
            drain_timeout_s=settings.drain_timeout_s,
        ),
        replay,
        wanted=plan.filter.wanted(),
    )
