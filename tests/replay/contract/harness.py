"""The interchangeable parts of a replay, each opened the same way over files or over topics of a real Kafka."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from tests.replay.claims import extracted
from tests.running import send
from worker.archives.lines import LinesWriter, record_line
from worker.contract.reasons import DeadReason, DropReason
from worker.contract.topics import Topics, TopicSpec
from worker.replay.diff.sides import FileSide, TopicSide
from worker.replay.execution.archive_source import ArchiveSource
from worker.replay.execution.file_sink import FileSink
from worker.replay.execution.outputs import record_outputs
from worker.replay.execution.topic_sink import TopicSink
from worker.replay.plan.plan import ReplayPlan, Target, side_specs, side_topics
from worker.replay.plan.registry import FolderRegistry
from worker.streaming.outcome import Dead, Drop
from worker.streaming.publish.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.topics.admin import create_missing
from worker.streaming.topics.shared_window import GroupOptions, SharedWindowReader
from worker.streaming.topics.window import Bounds, Window


def raw_record(offset, uri=None, value=b"{}"):
    return Record("raw", 0, offset, 0, (uri or f"u{offset}").encode(), value, ())


def outputs_of(record, topics, outcome=None, state=None):
    """Outputs and state changes of a record: an article with two claims, unless another outcome is given."""
    outcome = outcome or extracted(record, topics, claims=2)
    result = record_outputs(record, outcome, lambda _: state, topics, Target.TOPIC)
    return result.outputs, [] if result.state is None else [result.state]


DROPPED = Drop(DropReason.LANGUAGE, "fr")
DEAD = Dead(DeadReason.NOT_JSON, "not JSON: x")


class Files:
    """Sinks and sides over files of one form."""

    def __init__(self, folder, form):
        self.topics = side_topics(Topics(), "", "t", Target.FILES)
        self._folder, self._form = folder, form

    async def prepare(self):
        pass

    async def sink(self):
        return FileSink(self._folder, self.topics, self._form, piece_bytes=10**9, piece_s=0)

    async def side(self):
        return FileSide("t", self._folder)


class InTopics:
    """Sinks and sides over topics of a real Kafka."""

    def __init__(self, kafka, prefix):
        self.topics = side_topics(Topics.with_prefix(prefix), prefix, "t", Target.TOPIC)
        self._brokers = kafka.brokers

    async def prepare(self):
        await create_missing(self._brokers, side_specs(self.topics, Target.TOPIC), partitions=1, replication=1)

    async def sink(self):
        publisher = Publisher(self._brokers, idempotent=True, compression="none", client_id="test")
        await publisher.start()
        return TopicSink(publisher, self._brokers, self.topics.live)

    async def side(self):
        return await TopicSide.fixed("t", self._brokers, self.topics, passed=True)


class Listener:
    """Hears what a source reports. `waits`: whether the source must wait; `own`: whose checkpoints are known."""

    def __init__(self, *, own=True):
        self.assignments, self.own, self.waits, self.asked = [], own, False, 0

    def assigned(self, partition, checkpoint):
        self.assignments.append((partition, checkpoint))

    async def revoked(self, partitions):
        pass

    def is_own(self, _checkpoint):
        return self.own

    def must_wait(self):
        self.asked += 1
        return self.waits


class ArchiveRecords:
    """A JSON Lines archive of so many records, and sources that read it."""

    def __init__(self, folder):
        self._file = folder / "raw.jsonl"
        self._registry = FolderRegistry(folder)
        self._plan = ReplayPlan(name="t", created_at="2026-11-20T09:00:00.000Z", archives=(str(self._file),))

    async def fill(self, count):
        await self._registry.begin(self._plan)
        with LinesWriter(self._file, replace=True) as archive:
            for number in range(count):
                archive.write(record_line(raw_record(number, value=b"%d" % number)))

    def source(self, listener, wanted=None):
        return ArchiveSource([self._file], "t", self._registry, listener, wanted=wanted, max_records=4, max_bytes=10**6)


class TopicRecords:
    """A topic of one partition with so many records, and members of one group that read it."""

    def __init__(self, kafka, prefix):
        self._kafka, self._topic = kafka, prefix + "raw"
        self._window = None

    async def fill(self, count):
        spec = TopicSpec(name=self._topic, purpose="records of a source")
        await create_missing(self._kafka.brokers, [spec], partitions=1, replication=1)
        await send(self._kafka, self._topic, [(None, b"%d" % number) for number in range(count)])
        self._window = Window(topic=self._topic, bounds={0: Bounds(0, count)})

    def source(self, listener, wanted=None):
        return SharedWindowReader(
            self._kafka.brokers,
            self._window,
            GroupOptions(group=self._topic, session_timeout_s=6, drain_timeout_s=2),
            listener,
            wanted=wanted,
        )


async def put(sink, partition, position, topics, records, is_ours=lambda: True):
    """One batch of articles, each in its first version; the future that says when it is safe."""
    results = [outputs_of(record, topics) for record in records]
    changes = [change for _, of_record in results for change in of_record]
    return await sink.put(partition, position, [outputs for outputs, _ in results], changes, is_ours)


async def read_all(items):
    return [item async for item in items]


async def until(holds):
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


def plan(name="t", **changes):
    base = ReplayPlan(name=name, created_at="2026-11-20T09:00:00.000Z", archives=("a.jsonl",), pipeline="7")
    return replace(base, **changes)
