"""An intake with its publisher over a real broker, in this process, with a work that the test writes."""

from __future__ import annotations

import asyncio
from collections import Counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from worker.streaming.accounts import Accounts
from worker.streaming.condition import Condition
from worker.streaming.intake import Intake, IntakeOptions
from worker.streaming.observer import Observer, Observers
from worker.streaming.outcome import Ok, Output
from worker.streaming.publisher import Publisher
from worker.streaming.retries import RetryOptions


class Heard(Observer):
    """Keeps what was told, for the test to look at."""

    def __init__(self):
        self.assigned_to, self.revoked_from, self.pauses, self.failing, self.committed_to = [], [], [], [], {}

    def assigned(self, stage, partitions, generation):
        self.assigned_to.append(list(partitions))

    def revoked(self, stage, partitions, undrained):
        self.revoked_from.append((list(partitions), undrained))

    def paused(self, stage, why, detail):
        self.pauses.append((why, detail))

    def output_failing(self, topic, since, error):
        self.failing.append((topic, error))

    def committed(self, stage, partition, offset):
        self.committed_to[partition] = offset


class RunningIntake:
    """`work(records)` gives outcomes; without it each record goes to the topic `extracted` as it is."""

    def __init__(self, broker, topics, work=None, *, stage="ingest", topic=None, retry_attempts=5, **options):
        self.topics, self.heard, self.accounts = topics, Heard(), Accounts()
        self.condition = Condition([stage])
        self.observer = Observers(self.heard, self.accounts, self.condition)
        self.publisher = Publisher(
            broker.bootstrap,
            idempotent=broker.idempotent_producers,
            compression="none",
            dead_topic=topics.dead,
            client_id="test",
            request_timeout_s=5.0,
            observer=self.observer,
        )
        settings = {
            "brokers": broker.bootstrap,
            "group": f"{topics.raw}-{stage}",
            "topic": topic or topics.raw,
            "stage": stage,
            "batch_records": 4,
            "batch_bytes": 64 * 1024,
            "in_flight_bytes": 4 * 1024 * 1024,
            "parallel": 8,
            "drain_timeout_s": 5.0,
            "session_timeout_s": 6.0,
            "commit_interval_s": 0.2,
            "largest_fetch": 1024 * 1024,
            "retries": RetryOptions(topic=topics.retry, attempts=retry_attempts, longest_s=10.0),
        } | options
        self.intake = Intake(IntakeOptions(**settings), work or self.passed_on, self.publisher, self.observer)
        self._running = None

    def output(self, record):
        headers = [("offset", str(record.offset).encode()), ("partition", str(record.partition).encode())]
        return Output(self.topics.extracted, record.key, record.value, headers)

    async def passed_on(self, records):
        return [Ok((self.output(record),)) for record in records]

    async def __aenter__(self):
        await self.publisher.start()
        self._running = asyncio.create_task(self.intake.run())
        return self

    async def __aexit__(self, *_):
        await self.stop()

    async def stop(self):
        """The exception that ended it, or None."""
        await self.intake.stop()
        (ended,) = await asyncio.gather(self._running, return_exceptions=True)
        await self.publisher.stop()
        return ended

    async def ended(self, limit_s=60):
        """Waits for it to end by itself; the exception."""
        await asyncio.wait([self._running], timeout=limit_s)
        assert self._running.done(), "it still runs"
        return self._running.exception()

    @property
    def whole(self):
        return self.accounts.total(self.intake._options.stage)

    async def until(self, done, limit_s=240):
        for _ in range(int(limit_s * 20)):
            if done():
                return
            if self._running.done():
                raise AssertionError(f"the intake ended: {self._running.exception()!r}")
            await asyncio.sleep(0.05)
        raise AssertionError(f"not within {limit_s}s: {self.whole}, {self.condition.why_not_ready()}")

    async def settled(self, count, limit_s=240):
        await self.until(lambda: self.whole.settled >= count, limit_s)


async def committed(broker, group, topic):
    """Offsets that the group has committed, by partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        known = (await consumer._client.fetch_all_metadata()).partitions_for_topic(topic)
        found = {}
        for partition in known:
            found[partition] = await consumer.committed(TopicPartition(topic, partition))
        return found
    finally:
        await consumer.stop()


async def send_to(broker, topic, records):
    """Records as (partition, key, value), each to its partition, in order."""
    producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
    await producer.start()
    try:
        for future in [await producer.send(topic, value=v, key=k, partition=p) for p, k, v in records]:
            await future
    finally:
        await producer.stop()


def in_order_by_key(records):
    """Whether, for each key, the values that came first came in rising order (repeats may follow)."""
    last = {}
    for record in records:
        number = int(record.value)
        seen = last.setdefault(record.key, [])
        if number not in seen:
            if seen and number < max(seen):
                return False
            seen.append(number)
    return True


def counts_by_value(records):
    return Counter(int(record.value) for record in records)
