"""What lag says right after a start, of records without a time, and of a group beyond the end."""

from __future__ import annotations

import asyncio

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.running import claimwire, prepare
from tests.running_intake import RunningIntake, send_to
from worker.consumer_groups import ingest_group
from worker.observe.costliest import Costliest
from worker.observe.lag import LagWatch, Positions
from worker.observe.metric_readings import series
from worker.observe.metrics import Metrics
from worker.observe.recorder import Recorder

pytestmark = pytest.mark.kafka


async def test_right_after_a_start_the_lag_is_what_waits_and_not_nothing(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    await send_to(kafka, topics.raw, [(number % 2, b"k", b"1") for number in range(1000)])
    seen, begin = [], asyncio.Event()

    async def work(records):
        await begin.wait()
        return await running.passed_on(records)

    running = RunningIntake(kafka, topics, work)
    positions, metrics = Positions(), Metrics()
    running.observer.add(positions)
    watch = LagWatch(kafka.brokers, {"ingest": running.options.group}, positions, metrics, interval_s=60.0)
    watching = asyncio.create_task(watch.run())
    try:
        async with running:
            await running.until(lambda: seen.append(list(series(metrics.lag_records).values())) or seen[-1], 30)
            begin.set()
            await running.settled(1000)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    assert sum(seen[-1]) == 1000  # the first that was shown


async def test_records_without_a_time_have_no_age(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap) as producer:
        for timestamp in (1, 1000):
            await producer.send_and_wait(topics.raw, b"1", key=b"k", timestamp_ms=timestamp)
    shown = claimwire(kafka, topics_prefix, "lag", "--json")
    rows = {row["agent"]: row for row in map(orjson.loads, shown.stdout.splitlines())}
    assert rows["ingest"]["records"] == 2
    assert rows["ingest"]["seconds"] is None
    running = RunningIntake(kafka, topics)
    metrics, positions, ages = Metrics(), Positions(), []
    running.observer.add(positions)
    running.observer.add(Recorder(metrics, claims_topic=topics.claims, costliest=Costliest()))

    async with running:
        await running.until(lambda: ages.extend(lag.seconds for lag in positions.lags()) or running.whole.settled == 2)
    assert max(ages, default=0.0) == 0.0
    assert sum(series(metrics.records).values()) == 2
    assert sum(series(metrics.end_to_end_seconds, "_count").values()) == 0


async def test_a_group_beyond_the_end_is_named(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    await send_to(kafka, topics.raw, [(0, b"k", b"1")])
    partition = TopicPartition(topics.raw, 0)
    group = ingest_group(topics_prefix + topics_prefix.strip("."))
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False
    ) as consumer:
        consumer.assign([partition])
        await consumer.commit({partition: 500})
    shown = claimwire(kafka, topics_prefix, "lag", "--fail-above", "0")
    assert shown.returncode == 1
    assert f"{topics.raw}[0]: group {group} has committed 500, beyond the end 1" in shown.stderr.decode()


async def test_topics_that_are_missing_are_named_and_are_no_lag_of_nothing(kafka, topics_prefix):
    shown = claimwire(kafka, topics_prefix, "lag", "--fail-above", "0")
    assert shown.returncode == 1
    assert f"{topics_prefix}articles.raw" in shown.stderr.decode()
    assert "claimwire topics --create" in shown.stderr.decode()
