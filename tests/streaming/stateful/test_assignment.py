"""What the lifecycle's intake does with its partitions at an assignment."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiokafka import TopicPartition

from tests.streaming.stateful.simulated_worker import INPUT, SimulatedWorker
from tests.streaming.stateful.simulation import Inline, Kafka
from worker.brokers import Brokers
from worker.streaming.consume.options import ConsumerOptions
from worker.streaming.stateful.intake import StatefulIntake

OTHER = TopicPartition(INPUT.topic, 1)


class Consumer:
    """Notes the partitions that were given a position and are paused."""

    def __init__(self):
        self.still, self.assigned = {}, set()
        self._coordinator = None

    def assignment(self):
        return self.assigned

    def assign(self, *partitions):
        """As the client does before it says so: no partition has a position any more, none is paused."""
        self.still.clear()
        self.assigned = set(partitions)

    def pause(self, partition):
        pass

    def resume(self, partition):
        pass

    def seek(self, partition, offset):
        self.still[partition] = offset


async def test_all_partitions_have_a_position_before_anything_is_waited_for(tmp_path):
    """Else the client looks one up: where nothing was committed yet, reading fails, the group is joined again, and
    after some rounds of it the worker ends.
    """

    async def unanswered(_):
        await asyncio.Event().wait()

    kafka = Kafka(1, stall_share=0.0, failure_share=0.0)
    parts = replace(SimulatedWorker(kafka, tmp_path, Inline()).parts(), committed=unanswered)
    options = ConsumerOptions(
        brokers=Brokers(addresses="localhost:1"),
        topic=INPUT.topic,
        group="g",
        stage="lifecycle",
        drain_timeout_s=60.0,
        session_timeout_s=6.0,
        max_fetch_bytes=1,
    )
    intake = StatefulIntake(options, parts, queue_bytes=1)
    consumer = intake._consumer = Consumer()
    consumer.assign(INPUT, OTHER)
    await intake.on_partitions_assigned([INPUT, OTHER])
    assert consumer.still == {INPUT: 0, OTHER: 0}
    await asyncio.sleep(0.01)  # the owners are opening, and none of them is ready
    consumer.assign(INPUT)
    assigning = asyncio.create_task(intake.on_partitions_assigned([INPUT]))
    await asyncio.sleep(0)
    assert not assigning.done()  # the other partition's owner is still closing
    assert consumer.still == {INPUT: 0}
    await assigning
    intake._owners[INPUT].next_offset = 7
    consumer.assign(INPUT)
    await intake.on_partitions_assigned([INPUT])
    assert consumer.still == {INPUT: 7}
    await intake._give_up([INPUT])
