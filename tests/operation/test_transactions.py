"""Producers with transactions on articles.raw: what was aborted is not published, and their markers are no lag."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import AIOKafkaProducer

from tests.running import prepare
from tests.running_intake import RunningIntake, counts_by_value, everything_in
from worker.observe.lag import LagWatch, Positions
from worker.observe.metrics import Metrics

pytestmark = pytest.mark.kafka


async def write(producer, topic, numbers, *, commit=True):
    await producer.begin_transaction()
    for number in numbers:
        await producer.send_and_wait(topic, str(number).encode(), key=b"k", partition=number % 2)
    if commit:
        await producer.commit_transaction()
    else:
        await producer.abort_transaction()


async def test_records_of_aborted_and_open_transactions_are_not_published(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    writer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topics_prefix + "w")
    still_open = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topics_prefix + "o")
    await writer.start()
    await still_open.start()
    try:
        await write(writer, topics.raw, range(6))
        await write(writer, topics.raw, range(10, 16), commit=False)
        await write(writer, topics.raw, range(20, 26))
        await still_open.begin_transaction()
        await still_open.send_and_wait(topics.raw, b"30", key=b"k", partition=0)
        async with RunningIntake(kafka, topics) as running:
            await running.settled(12)
            await asyncio.sleep(1.0)  # nothing more may come: there is no condition to wait for
            assert running.whole.read == 12
            await still_open.commit_transaction()
            await running.settled(13)
        published = counts_by_value(await everything_in(kafka, topics.extracted))
        assert published == dict.fromkeys([*range(6), *range(20, 26), 30], 1)
    finally:
        await writer.stop()
        await still_open.stop()


async def test_with_read_uncommitted_they_are_all_read(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topics_prefix + "w") as writer:
        await write(writer, topics.raw, range(6), commit=False)
    async with RunningIntake(kafka, topics, isolation="read_uncommitted") as running:
        await running.settled(6)


async def test_markers_at_the_end_of_a_partition_are_no_lag(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    positions = Positions()
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=topics_prefix + "w") as writer:
        await write(writer, topics.raw, range(6))
        await write(writer, topics.raw, range(6), commit=False)
    running = RunningIntake(kafka, topics)
    running.observer.add(positions)
    watch = LagWatch(kafka.brokers, {"ingest": running.options.group}, positions, Metrics())
    async with running:
        await running.settled(6)
        for _ in range(100):
            await watch.look()
            if sum(lag.records for lag in positions.lags()) == 0:
                break
            await asyncio.sleep(0.1)
        assert [(lag.records, lag.seconds) for lag in positions.lags()] == [(0, 0.0), (0, 0.0)]
    await watch._coordinators.close()
    await watch._leaders.close()
