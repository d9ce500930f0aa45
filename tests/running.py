"""The worker as its users run it: a process beside a broker, watched from outside."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from worker.contract.topics import Topics
from worker.streaming.topic_admin import create_missing


class RunningWorker:
    def __init__(self, broker, prefix, folder, **settings):
        self.log = folder / "worker.log"
        self._environment = os.environ | {
            "CLAIMWIRE_BROKERS": broker.bootstrap,
            "CLAIMWIRE_IDEMPOTENT_PRODUCER": str(broker.idempotent_producers).lower(),
            "CLAIMWIRE_TOPIC_PREFIX": prefix,
            "CLAIMWIRE_APP_ID": prefix.strip("."),
            "CLAIMWIRE_DATA_DIR": str(folder / "data"),
            "CLAIMWIRE_SESSION_TIMEOUT_S": "6",
            "CLAIMWIRE_WEB_PORT": "0",
            **{f"CLAIMWIRE_{name.upper()}": str(value) for name, value in settings.items()},
        }
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "worker", "run"],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self):
        """SIGKILL to the worker alone: its children must end by themselves."""
        self.process.kill()
        self.process.wait()

    def stop(self, limit_s=40):
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(limit_s)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        return self.process.returncode


async def prepare(broker, prefix, partitions=2, replication=1):
    topics = Topics.with_prefix(prefix)
    await create_missing(broker.bootstrap, topics.specs(), partitions=partitions, replication=replication)
    return topics


async def send(broker, topic, records):
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap, max_request_size=32 * 1024 * 1024)
    await producer.start()
    try:
        for future in [await producer.send(topic, value=value, key=key) for key, value in records]:
            await future
    finally:
        await producer.stop()


async def configure(broker, topic, config):
    """Sets a topic's configuration anew, as a whole. It takes effect a moment later."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=config)])
    finally:
        await admin.close()
    for code, message, *_ in answer.resources:
        assert code == 0, message


def claimwire(broker, prefix, *arguments, given=b""):
    """The command to its end, with the settings of one installation."""
    settings = {"BROKERS": broker.bootstrap, "TOPIC_PREFIX": prefix, "APP_ID": prefix.strip(".")}
    return subprocess.run(
        [sys.executable, "-m", "worker", *arguments],
        input=given,
        capture_output=True,
        env=os.environ | {f"CLAIMWIRE_{name}": value for name, value in settings.items()},
        check=False,
        timeout=120,
    )


class Reader:
    """Everything that stands in some topics, read up to now and further on demand."""

    def __init__(self, broker, *topics):
        self._broker, self._topics = broker, topics
        self.records = {topic: [] for topic in topics}

    async def __aenter__(self):
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._broker.bootstrap, auto_offset_reset="earliest", fetch_max_wait_ms=100
        )
        await self._consumer.start()
        partitions = []
        for topic in self._topics:
            known = await self._consumer._client.fetch_all_metadata()
            partitions += [TopicPartition(topic, p) for p in known.partitions_for_topic(topic) or {0}]
        self._consumer.assign(partitions)
        return self

    async def __aexit__(self, *_):
        await self._consumer.stop()

    async def until(self, done, limit_s=180):
        """Reads until done(self) holds. AssertionError with the counts when it does not in time."""
        end = time.monotonic() + limit_s
        while not done(self):
            if time.monotonic() > end:
                raise AssertionError(f"not within {limit_s}s: {Counter({t: len(r) for t, r in self.records.items()})}")
            for partition, rows in (await self._consumer.getmany(timeout_ms=200)).items():
                self.records[partition.topic] += rows
            await asyncio.sleep(0)
        return self
