"""What lag says while one of three brokers is cut off from the worker, and the others are not."""

from __future__ import annotations

import asyncio

import pytest
from aiokafka import TopicPartition

from tests.faults.cluster import ProxiedCluster
from tests.running import prepare
from tests.running_intake import send_to
from worker.brokers import Brokers
from worker.observe.lag import LagWatch, Positions
from worker.observe.metrics import Metrics
from worker.streaming.topics.offset_reader import OffsetReader

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

PARTITIONS = 6


@pytest.fixture
def cluster():
    running = ProxiedCluster(3, 1)
    yield running
    running.stop()


async def _leaders(cluster, topic):
    """The node that leads each partition."""
    async with OffsetReader(cluster.brokers, limit_s=30) as reader:
        partitions = await reader.partitions(topic)
        consumer = await reader._connected_consumer()
        known = await consumer._client.fetch_all_metadata()
    return {partition: known.leader_for_partition(partition) for partition in partitions}


async def test_the_lag_of_the_other_brokers_goes_on_and_that_of_the_silent_one_grows_in_age(cluster, topics_prefix):
    topics = await prepare(cluster, topics_prefix, partitions=PARTITIONS, replication=1)
    await send_to(cluster, topics.raw, [(number, b"k", b"1") for number in range(PARTITIONS)])
    leaders = await _leaders(cluster, topics.raw)
    silent = [partition for partition, node in leaders.items() if node == leaders[TopicPartition(topics.raw, 0)]]
    others = [partition for partition in leaders if partition not in silent]
    assert others, "one node leads all"
    positions, metrics = Positions(), Metrics()
    positions.assigned("ingest", leaders, 1)
    watch = LagWatch(Brokers(cluster.networks[0].bootstrap), {"ingest": "g"}, positions, metrics, interval_s=0.5)
    watching = asyncio.create_task(watch.run())

    async def until(what, limit_s=120):
        async with asyncio.timeout(limit_s):
            while not what({TopicPartition(lag.topic, lag.partition): lag for lag in positions.lags()}):
                await asyncio.sleep(0.1)

    try:
        await until(lambda lags: all(lags[partition].records == 1 for partition in leaders))
        cluster.silence(0, leaders[silent[0]])
        await send_to(cluster, topics.raw, [(partition.partition, b"k", b"1") for partition in leaders])
        await until(lambda lags: all(lags[partition].records == 2 for partition in others))
        await until(lambda lags: all(lags[partition].seconds > 10 for partition in silent))
        since, why = watch.broker_silent()
        assert since
        assert f"{topics.raw}[{silent[0].partition}]" in why or "no answer" in why
        cluster.mend_networks()
        await until(lambda lags: all(lag.records == 2 and lag.seconds == 0 for lag in lags.values()))
        await until(lambda _: watch.broker_silent() is None)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
