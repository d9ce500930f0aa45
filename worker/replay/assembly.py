"""Puts a replay together from the settings and its plan: the same pool and the same functions as the worker's."""

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

from worker.agents.ingest import extraction_options, outcomes_of
from worker.contract.claim import Provenance
from worker.contract.codec import decode_extraction
from worker.contract.topics import Topics
from worker.replay.archive_source import ArchiveSource
from worker.replay.archives.reading import files_of
from worker.replay.lanes import Lanes
from worker.replay.pace import Pace, Share
from worker.replay.plan import Plan, Target, side_specs
from worker.replay.registry import FolderRegistry, Registry, TopicRegistry
from worker.replay.run import Replay, ReplayError, Source
from worker.replay.sinks import FileSink, Sink, TopicSink
from worker.replay.states import States
from worker.settings import Settings
from worker.streaming.outcome import Ok
from worker.streaming.pool import ProcessPool
from worker.streaming.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.shared_window import GroupOptions, SharedWindowReader
from worker.streaming.topic_admin import create_missing, existing_topics

__all__ = [
    "Assembled",
    "assembled",
    "group_of",
    "registry_of",
    "started_pool",
    "version_of",
]

log = logging.getLogger("claimwire.replay")

_PROBE = {
    "uri": "probe:",
    "body": "The mayor said on Monday that the old bridge would be open to traffic again in May.",
}


def group_of(settings: Settings, name: str) -> str:
    """The consumer group of a replay: never the live worker's."""
    return f"{settings.app_id}-replay-{name}"


def registry_of(settings: Settings, plan: Plan | None = None, folder: Path | None = None) -> Registry:
    """The topic, unless files become files: then their folder, and no Kafka is needed."""
    if folder is not None or (plan and plan.archives and plan.target is Target.FILES):
        return FolderRegistry(folder or Path(str(plan and plan.folder)))
    return TopicRegistry(settings.brokers, f"{settings.topic_prefix}replays", -1)


@contextlib.asynccontextmanager
async def started_pool(settings: Settings, topics: Topics, share: Share) -> AsyncIterator[ProcessPool]:
    """The extraction's processes, each within its share of the machine. Raises StartError."""
    pool = ProcessPool(
        "worker.replay.pace:load",
        {"duty": share.duty, "idle": share.idle, "topics": topics, **extraction_options(settings)},
        size=share.processes,
        limit_s=settings.extraction_timeout_s / share.duty,
        memory_bytes=settings.child_memory_bytes,
    )
    try:
        await pool.start()
        yield pool
    finally:
        await pool.stop()


async def version_of(pool: ProcessPool) -> Provenance:
    """Which extraction the processes have, found by having a sentence extracted. Raises ReplayError."""
    (outcome,) = await pool.run([Record("probe", 0, 0, 0, None, orjson.dumps(_PROBE), ())])
    if not isinstance(outcome, Ok) or outcome.outputs[0].value is None:
        raise ReplayError(f"the extraction does not answer as it should: {outcome}")
    return decode_extraction(outcome.outputs[0].value).provenance


@dataclass(slots=True)
class Assembled:
    replay: Replay
    source: Source
    topics: Topics


@contextlib.asynccontextmanager
async def assembled(
    plan: Plan,
    settings: Settings,
    registry: Registry,
    pool: ProcessPool,
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
            os.nice(5)  # the parent only a little: it must keep its place in the group
    sink: Sink
    if plan.target is Target.FILES:
        folder = Path(str(plan.folder)) / plan.name
        sink = FileSink(folder, topics, plan.format, piece_bytes=256 * 1024 * 1024, piece_s=settings.replay_piece_s)
    else:
        await _create_topics(plan, settings, topics)
        publisher = Publisher(
            settings.brokers,
            idempotent=settings.idempotent_producer,
            compression=settings.compression,
            dead_topic=topics.dead,
            client_id=f"{settings.app_id}-replay",
            request_timeout_s=settings.request_timeout_s,
        )
        await publisher.start()
        sink = TopicSink(publisher, settings.brokers, topics.live)
    states = States()
    lanes = Lanes(
        partial(outcomes_of, pool=pool, topics=topics, settings=settings),
        sink,
        states,
        topics,
        plan.target,
        in_flight_bytes=settings.in_flight_bytes,
        most_batches=4 * pool.size,
        attempts=settings.retry_attempts,
    )
    replay = Replay(
        plan,
        registry,
        lanes,
        brokers=settings.brokers,
        group=group_of(settings, plan.name),
        pace=Pace(rate),
        batch_records=settings.batch_records,
        batch_bytes=settings.batch_bytes,
        drain_timeout_s=settings.drain_timeout_s,
        commit_interval_s=settings.commit_interval_s,
    )
    source = await _source(plan, settings, registry, replay)
    try:
        async with contextlib.AsyncExitStack() as stack:
            if isinstance(source, SharedWindowReader):
                await stack.enter_async_context(source)
            yield Assembled(replay, source, topics)
    finally:
        await sink.stop()
        states.close()


async def _create_topics(plan: Plan, settings: Settings, topics: Topics) -> None:
    live = Topics.with_prefix(settings.topic_prefix)
    there = await existing_topics(settings.brokers)
    partitions = there.get(live.claims) or there.get(live.raw) or 8
    made = await create_missing(
        settings.brokers, side_specs(topics, plan.target), partitions=partitions, replication=-1
    )
    if made:
        log.info("Created %s with %d partitions", ", ".join(made), partitions)


async def _source(
    plan: Plan, settings: Settings, registry: Registry, replay: Replay
) -> ArchiveSource | SharedWindowReader:
    if plan.window is None:
        files = await asyncio.to_thread(files_of, [Path(name) for name in plan.archives])
        return ArchiveSource(
            files,
            plan.name,
            registry,
            given=replay.given,
            known=replay.known,
            held=replay.held,
            wanted=plan.filter.wanted(),
            most=settings.batch_records,
            most_bytes=settings.batch_bytes,
        )
    return SharedWindowReader(
        settings.brokers,
        plan.window,
        GroupOptions(
            group=group_of(settings, plan.name),
            session_timeout_s=settings.session_timeout_s,
            drain_timeout_s=settings.drain_timeout_s,
        ),
        given=replay.given,
        taken=replay.taken,
        known=replay.known,
        held=replay.held,
        wanted=plan.filter.wanted(),
    )
