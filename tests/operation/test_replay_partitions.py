"""A reading of some partitions ends, though its group is given the others as well."""

from __future__ import annotations

import asyncio

import pytest

from tests.running import prepare
from tests.running_intake import send_to
from worker.streaming.topics.shared_window import GroupOptions, SharedWindowReader
from worker.streaming.topics.window import Selection, fix_window

pytestmark = pytest.mark.kafka


class Alone:
    def assigned(self, partition, checkpoint):
        pass

    async def revoked(self, partitions):
        pass

    def is_own(self, checkpoint):
        return True

    def must_wait(self):
        return False


async def test_partitions_that_were_not_chosen_do_not_hold_up_the_others(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=4)
    await send_to(kafka, topics.raw, [(number % 4, b"k", str(number).encode()) for number in range(40)])
    window = await fix_window(kafka.brokers, Selection(topic=topics.raw, partitions=frozenset({1, 3})))
    read = []
    reader = SharedWindowReader(
        kafka.brokers,
        window,
        GroupOptions(group=topics_prefix + "some", session_timeout_s=6.0, drain_timeout_s=1.0),
        Alone(),
    )

    async def all_read():
        async with reader:
            async for stretch in reader.stretches():
                read.extend((record.partition, int(record.value)) for record in stretch.records)
                if len(read) == 20:
                    reader.stop()

    await asyncio.wait_for(all_read(), 30)
    assert sorted(read) == sorted((number % 4, number) for number in range(40) if number % 4 in (1, 3))
