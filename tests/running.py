"""The worker as its users run it, as a process beside a broker; and what tests do with topics."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from worker.contract.topics import Topics
from worker.streaming.topics.admin import create_missing
from worker.streaming.topics.description import topic_configs


def cpu_s(pid):
    """Seconds of CPU time that a process itself has used: on a busy machine the clock says nothing of its work."""
    user, system = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


class RunningWorker:
    COMMAND = (sys.executable, "-m", "worker")

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
        self.checkout = None
        """The folder whose code it runs; None: the one that the tests run in."""

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.COMMAND, "run"],
                cwd=self.checkout,
                env=self._environment | ({"PYTHONPATH": str(self.checkout)} if self.checkout else {}),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def extraction_cpu_s(self):
        """CPU seconds that the extraction processes have used. The load of the machine adds little to it."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        return sum(cpu_s(child) for child in children)

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


async def prepare(broker, prefix, partitions=2, replication=1, *, link=False):
    topics = Topics.with_prefix(prefix)
    await create_missing(broker.brokers, topics.specs(link=link), partitions=partitions, replication=replication)
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
    """Replaces the whole configuration of a topic, and waits until the broker gives it out."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        (answer,) = await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=config)])
    finally:
        await admin.close()
    for code, message, *_ in answer.resources:
        assert code == 0, message
    async with asyncio.timeout(60):
        while not config.items() <= (await topic_configs(broker.brokers, topic)).items():
            await asyncio.sleep(0.05)


def claimwire(broker, prefix, *arguments, given=b"", **environment):
    """Runs a command to its end with the settings of one installation."""
    settings = {"BROKERS": broker.bootstrap, "TOPIC_PREFIX": prefix, "APP_ID": prefix.strip(".")}
    return subprocess.run(
        [sys.executable, "-m", "worker", *arguments],
        input=given,
        capture_output=True,
        env=os.environ | {f"CLAIMWIRE_{name}": value for name, value in settings.items()} | environment,
        check=False,
        timeout=120,
    )


class Reader:
    """All records of some topics: `until` reads further on demand."""

    def __init__(self, broker, *topics):
        self._broker, self._topics = broker, topics
        self.records = {topic: [] for topic in topics}

    async def __aenter__(self):
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=self._broker.bootstrap,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=100,
            isolation_level="read_committed",
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

    async def to_the_end(self, topic):
        """Reads what committed records the topic holds now."""
        partitions = [p for p in self._consumer.assignment() if p.topic == topic]
        ends = await self._consumer.end_offsets(partitions)
        while any([await self._consumer.position(p) < end for p, end in ends.items()]):
            for partition, rows in (await self._consumer.getmany(timeout_ms=200)).items():
                self.records[partition.topic] += rows

    async def until(self, done, limit_s=180):
        """Reads until done(self) holds. AssertionError with the counts when nothing has come for `limit_s`."""
        end = time.monotonic() + limit_s
        while not done(self):
            if time.monotonic() > end:
                counts = Counter({t: len(r) for t, r in self.records.items()})
                raise AssertionError(f"nothing more for {limit_s}s: {counts}")
            for partition, rows in (await self._consumer.getmany(timeout_ms=200)).items():
                self.records[partition.topic] += rows
                end = time.monotonic() + limit_s
            await asyncio.sleep(0)
        return self


async def read_all(broker, topic):
    """The committed records that the topic has now."""
    async with Reader(broker, topic) as reader:
        await reader.to_the_end(topic)
        return reader.records[topic]
