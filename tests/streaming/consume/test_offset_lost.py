"""Records that Kafka removed before they were read: never passed over in silence; on a real Kafka."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from tests.running import prepare
from tests.running_intake import RunningIntake, committed, send_to
from worker.streaming.consume.offset_loss import OffsetLostError, OnOffsetLost

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


async def _remove_before(broker, topic, offset):
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(topic, 0): RecordsToDelete(before_offset=offset)})
    finally:
        await admin.close()


async def _with_a_hole(broker, prefix):
    """Read up to 10, retention gone past to 30, 50 in all."""
    topics = await prepare(broker, prefix, partitions=1)
    await send_to(broker, topics.raw, [(0, b"k", b"%d" % n) for n in range(10)])
    async with RunningIntake(broker, topics) as running:
        await running.settled(10)
    await send_to(broker, topics.raw, [(0, b"k", b"%d" % n) for n in range(10, 50)])
    await _remove_before(broker, topics.raw, 30)
    return topics


async def test_by_default_it_stops_and_says_what_is_missing_and_what_to_do(kafka, topics_prefix):
    topics = await _with_a_hole(kafka, topics_prefix)
    async with RunningIntake(kafka, topics) as running:
        broken = await running.ended()
        assert isinstance(broken, OffsetLostError)
        for needed in (f"{topics.raw}[0]", "10", "30", "20 records", "on_offset_lost"):
            assert needed in str(broken)
        assert running.condition.why_not_ready()
    assert running.whole.read == 0
    assert (await committed(kafka, f"{topics.raw}-ingest", topics.raw))[0] == 10


@pytest.mark.parametrize(("policy", "first"), [(OnOffsetLost.EARLIEST, 30), (OnOffsetLost.LATEST, 50)])
async def test_with_the_setting_it_goes_on_where_that_says(kafka, topics_prefix, policy, first):
    topics = await _with_a_hole(kafka, topics_prefix)
    seen = []

    async def work(records):
        seen.extend(int(record.value) for record in records)
        return await running.passed_on(records)

    async with RunningIntake(kafka, topics, work, on_offset_lost=policy) as running:
        if policy is OnOffsetLost.LATEST:
            await running.until(lambda: any("is gone from Kafka" in why for why in running.condition.why_not_ready()))
            await send_to(kafka, topics.raw, [(0, b"k", b"%d" % n) for n in range(50, 60)])
        await running.settled(60 - first if policy is OnOffsetLost.LATEST else 50 - first)
    assert min(seen) == first
    assert seen == sorted(seen)


async def test_a_new_group_begins_with_the_first_record(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=3)
    await send_to(kafka, topics.raw, [(n % 3, b"k", b"%d" % n) for n in range(9)])
    async with RunningIntake(kafka, topics) as running:
        await running.settled(9)
    assert running.whole.ok == 9
