"""The lifecycle service: reads articles.extracted, publishes claims; its states hold what each article claims now.

It has a consumer of its own like ingest, and a producer for each partition that fences out former owners:
docs/decisions.md says why it is no Faust agent with a table.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from aiokafka import TopicPartition
from mode import Service

from worker.agents.crash import end_with
from worker.agents.state_layout import current_layout
from worker.consumer_groups import LIFECYCLE, former_groups, lifecycle_group
from worker.contract.headers.believed_headers import BelievedHeaders
from worker.contract.topics import Topics
from worker.publishers import fenced_writer, writer_options
from worker.settings import Settings
from worker.stages.article_state import wins
from worker.stages.lifecycle import decide
from worker.streaming.access.client_options import client_options
from worker.streaming.consume.options import ConsumerOptions
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Drop, Output
from worker.streaming.record import Record
from worker.streaming.settle.dead_letter import Completeness, dead_letter
from worker.streaming.settle.drop_note import drop_note
from worker.streaming.stateful.changelog import ChangelogReader, Layout
from worker.streaming.stateful.intake import StatefulIntake
from worker.streaming.stateful.owner import Committed, OwnerParts
from worker.streaming.stateful.state_file import StateFile
from worker.streaming.stateful.transactions import PlainWriter, Writer
from worker.streaming.topics.former_groups import take_over_offsets
from worker.streaming.topics.offset_reader import OffsetReader
from worker.streaming.topics.record_reader import RecordReader

__all__ = ["LifecycleService"]

log = logging.getLogger("claimwire.lifecycle")

_MAX_BATCH = 200
"""Extractions of one transaction: from here on a transaction costs as little as a plain send (measured in
docs/decisions.md).
"""
_QUEUE_BYTES = 4 * 1024 * 1024
_MAX_FETCH_BYTES = 16 * 1024 * 1024
_THREADS = 2
_DAY_MS = 24 * 3600 * 1000


class LifecycleService(Service):
    """If its intake stops or fails, so does the service, and the worker exits."""

    def __init__(self, settings: Settings, observer: Observer) -> None:
        super().__init__()
        self._settings, self._observer = settings, observer
        self._topics = Topics.with_prefix(settings.topic_prefix)
        self._group = lifecycle_group(settings.installation)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="state")
        self._offsets = OffsetReader(settings.kafka, limit_s=10.0, isolation="read_committed")
        self._records = RecordReader(settings.kafka)
        self._running: asyncio.Task[None] | None = None
        self._begun = False
        self.intake = StatefulIntake(self._options(), self._parts(), queue_bytes=_QUEUE_BYTES)

    def _parts(self) -> OwnerParts:
        settings, topics = self._settings, self._topics
        return OwnerParts(
            stage=LIFECYCLE,
            group=self._group,
            decide=partial(decide, topics=topics),
            writer_of=self._writer,
            file_of=self._file,
            changelog_of=self._changelog,
            changelog_topic=topics.live,
            keyed_topic=topics.claims,
            committed=self._committed,
            bounds=self._bounds,
            record_at=self._records.at,
            layout=self._layout,
            dead_letter=self._dead_letter,
            drop_note=self._drop_note,
            on_lost=settings.on_state_lost,
            keep_ms=settings.state_days * _DAY_MS,
            batch_records=_MAX_BATCH,
            observer=self._observer,
            threads=self._threads,
        )

    def _options(self) -> ConsumerOptions:
        settings = self._settings
        return ConsumerOptions(
            brokers=settings.kafka,
            group=self._group,
            topic=self._topics.extracted,
            stage=LIFECYCLE,
            drain_timeout_s=settings.drain_timeout_s,
            session_timeout_s=settings.session_timeout_s,
            max_fetch_bytes=_MAX_FETCH_BYTES,
            believed=BelievedHeaders.of_topic(self._topics.extracted, self._topics),
            instance_id=settings.group_instance_id,
        )

    def _writer(self, partition: TopicPartition) -> Writer:
        client_id = f"{self._group}-{partition.partition}"
        if self._settings.idempotent_producer:
            return fenced_writer(self._settings, partition, client_id)
        return PlainWriter(writer_options(self._settings, client_id), self.intake.commit)

    def _file(self, partition: TopicPartition) -> StateFile:
        folder = Path(self._settings.data_dir) / "states"
        return StateFile(folder / f"{self._group}-{partition.topic}-{partition.partition}.sqlite")

    def _changelog(self, partition: TopicPartition) -> ChangelogReader:
        options = {
            **client_options(self._settings.kafka),
            "client_id": f"{self._group}-state",
            "enable_auto_commit": False,
            "auto_offset_reset": "none",
            "isolation_level": "read_committed",
            "max_partition_fetch_bytes": 4 * 1024 * 1024,
            "fetch_max_wait_ms": 50,
        }
        where = TopicPartition(self._topics.live, partition.partition)
        return ChangelogReader(where, options, wins=wins, threads=self._threads)

    async def _committed(self, partition: TopicPartition) -> Committed:
        commit = (await self._offsets.commits(self._group, [partition])).get(partition)
        return Committed(None, "") if commit is None else Committed(commit.offset, commit.note)

    async def _bounds(self, partition: TopicPartition) -> tuple[int, int]:
        first = (await self._offsets.beginnings([partition]))[partition]
        return first, (await self._offsets.ends([partition]))[partition]

    async def _layout(self) -> Layout:
        return await current_layout(self._settings, self._offsets)

    def _dead_letter(self, record: Record, dead: Dead, completeness: Completeness) -> Output:
        return dead_letter(self._topics.dead, record, dead, completeness)

    def _drop_note(self, record: Record, drop: Drop) -> Output:
        return drop_note(self._topics.dropped, record, drop)

    async def on_start(self) -> None:
        self._running = asyncio.create_task(self._run())
        self.add_future(end_with(self._running))

    async def _run(self) -> None:
        settings, topic = self._settings, self._topics.extracted
        await take_over_offsets(settings.kafka, topic, self._group, former_groups(settings, LIFECYCLE))
        self._begun = True
        await self.intake.run()

    async def on_stop(self) -> None:
        await self.intake.stop()
        if self._running is not None:
            if not self._begun:
                self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)
        await self._offsets.close()
        await self._records.close()
        self._threads.shutdown()
