"""A lifecycle process over the Kafka in memory: its owner of the one partition, while it has one."""

from __future__ import annotations

import asyncio
from functools import partial

from aiokafka import TopicPartition

from tests.streaming.stateful.simulation import SimulatedChangelog, SimulatedWriter
from worker.contract.topics import Topics
from worker.stages.lifecycle import decide
from worker.streaming.observer import Observer
from worker.streaming.settle.dead_letter import dead_letter
from worker.streaming.settle.drop_note import drop_note
from worker.streaming.stateful.changelog import Layout
from worker.streaming.stateful.owner import Committed, OwnerParts, PartitionOwner
from worker.streaming.stateful.state_file import StateFile

TOPICS = Topics()
INPUT = TopicPartition(TOPICS.extracted, 0)
LIVE = TopicPartition(TOPICS.live, 0)
GROUP = "claimwire-lifecycle"


class SimulatedWorker:
    """One process: its owner of the partition, if it has one now, and a folder of its own."""

    def __init__(self, kafka, folder, threads):
        self._kafka, self._folder, self._threads = kafka, folder, threads
        self.owner = self.task = self.pumping = None
        self._ending = False

    def parts(self):
        kafka = self._kafka

        async def committed(partition):
            await kafka.step()
            return kafka.commits.get((GROUP, partition), Committed(None, ""))

        async def bounds(partition):
            await kafka.step()
            return 0, len(kafka.logs.get(partition, ()))

        async def layout():
            await kafka.step()
            return Layout.new(1, 1)

        async def record_at(partition, offset):
            await kafka.step()
            return kafka.logs[partition][offset]

        return OwnerParts(
            stage="lifecycle",
            group=GROUP,
            decide=partial(decide, topics=TOPICS),
            writer_of=lambda _: SimulatedWriter(kafka, f"{GROUP}-0"),
            file_of=lambda _: StateFile(self._folder / "state.sqlite"),
            changelog_of=lambda _: SimulatedChangelog(kafka, LIVE),
            changelog_topic=TOPICS.live,
            keyed_topic=TOPICS.claims,
            committed=committed,
            bounds=bounds,
            layout=layout,
            record_at=record_at,
            dead_letter=lambda record, dead, completeness: dead_letter(TOPICS.dead, record, dead, completeness),
            drop_note=lambda record, drop: drop_note(TOPICS.dropped, record, drop),
            on_lost="stop",
            keep_ms=0,
            batch_records=kafka.random.choice([1, 2, 5]),
            observer=Observer(),
            threads=self._threads,
        )

    def start(self):
        self.owner = PartitionOwner(INPUT, self.parts(), lambda _partition, _offset: None)
        self.task = asyncio.create_task(self.owner.run())
        self.pumping = asyncio.create_task(self._pump(self.owner))

    async def _pump(self, owner):
        """The consumer: gives the owner what comes next, sometimes what came before as well."""
        kafka = self._kafka
        while True:
            await kafka.step(may_fail=False)
            if owner.next_offset is not None:
                start = max(0, owner.next_offset - kafka.random.choice([0, 0, 0, 2]))
                owner.take(kafka.logs[INPUT][start : start + kafka.random.randint(1, 6)])
            await asyncio.sleep(0.05)

    async def end(self, *, killed):
        """Killed: in the middle of whatever it was doing. Else it is told that the partition is another's."""
        while self._ending:
            await asyncio.sleep(0.1)
        if self.task is None:
            return
        self._ending = True
        self.pumping.cancel()
        if killed:
            self.task.cancel()
        else:
            self.owner.close()
        await asyncio.gather(self.task, self.pumping, return_exceptions=True)
        task, self.task, self._ending = self.task, None, False
        if not task.cancelled() and task.exception() is not None:
            raise task.exception()
