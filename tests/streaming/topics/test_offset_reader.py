"""Questions about offsets, answered by a real Kafka or by nobody."""

from __future__ import annotations

import time

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from worker.brokers import Brokers
from worker.streaming.topics.offset_reader import Commit, OffsetReader, OffsetsUnknownError, committed_offsets

T0 = int(time.time() * 1000) - 3_600_000


async def _topic(kafka, name, times):
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 2, 1)])
    finally:
        await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for at in times:
            await producer.send_and_wait(name, b"x", partition=0, timestamp_ms=T0 + at)
    return TopicPartition(name, 0), TopicPartition(name, 1)


@pytest.mark.kafka
async def test_first_next_and_by_time(kafka, topics_prefix):
    first, second = await _topic(kafka, topics_prefix + "offsets", [10, 20, 30])
    async with OffsetReader(kafka.brokers, limit_s=20) as reader:
        assert await reader.partitions(first.topic) == [first, second]
        assert await reader.partitions(first.topic + "x") == []
        assert await reader.beginnings([first, second]) == {first: 0, second: 0}
        assert await reader.ends([first, second]) == {first: 3, second: 0}
        assert await reader.first_at([first, second], T0 + 15) == {first: 1, second: None}
        assert await reader.timestamps({first: 2}) == {first: T0 + 30}


@pytest.mark.kafka
async def test_a_group_has_committed_what_it_committed_and_nothing_else(kafka, topics_prefix):
    first, second = await _topic(kafka, topics_prefix + "commits", [10])
    group = topics_prefix + "group"
    assert await committed_offsets(kafka.brokers, group) == {}
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([first, second])
        await consumer.commit({first: (1, "a note")})
    finally:
        await consumer.stop()
    assert await committed_offsets(kafka.brokers, group) == {first: Commit(1, "a note")}
    assert await committed_offsets(kafka.brokers, group, [second]) == {}
    async with OffsetReader(kafka.brokers, limit_s=20) as reader:
        assert await reader.committed(group) == {first: 1}


async def test_without_a_broker_each_question_ends_with_an_error_that_names_it():
    async with OffsetReader(Brokers("127.0.0.1:1"), limit_s=0.5) as reader:
        for question in (reader.partitions("t"), reader.ends([TopicPartition("t", 0)]), reader.committed("g")):
            with pytest.raises(OffsetsUnknownError, match=r"^no answer from Kafka at 127\.0\.0\.1:1") as failed:
                await question
            assert isinstance(failed.value, KafkaError)
