"""The local brokers that the tests and the demo use."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import pytest
from aiokafka import AIOKafkaConsumer

from tests.running import prepare, send
from worker.local.kafka import start_kafka
from worker.local.tansu import start_embedded


async def _round_trip(broker, topic, *values):
    await send(broker, topic, [(b"k", value) for value in values])
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=broker.bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        return [(await consumer.getone()).value for _ in values]
    finally:
        await consumer.stop()


async def test_the_embedded_broker_carries_a_record(topics_prefix):
    broker = start_embedded()
    try:
        topics = await prepare(broker, topics_prefix)
        assert await _round_trip(broker, topics.raw, b"v") == [b"v"]
    finally:
        broker.stop()
        broker.stop()


@pytest.mark.kafka
@pytest.mark.slow
async def test_three_nodes_carry_on_when_one_is_killed(topics_prefix):
    cluster = start_kafka(3)
    try:
        topics = await prepare(cluster, topics_prefix, replication=3)
        assert await _round_trip(cluster, topics.raw, b"1", b"2") == [b"1", b"2"]
        cluster.kill(2)
        assert await _round_trip(cluster, topics.raw, b"3") == [b"1"]
        cluster.start(2)
    finally:
        cluster.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help in this is Linux's")
def test_a_broker_ends_with_the_process_that_started_it():
    code = (
        "import os, signal; from worker.local.tansu import start_embedded; b = start_embedded();"
        "print(b.bootstrap, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    port = int(done.stdout.strip().rpartition(":")[2])
    for _ in range(50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    pytest.fail("the broker still listens")
