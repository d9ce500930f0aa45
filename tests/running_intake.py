"""An intake with its publisher on a real broker, in this process, with a work function that the test writes."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.waiting import Waiting
from worker.contract.headers.believed_headers import BelievedHeaders
from worker.streaming.consume.intake import Intake
from worker.streaming.consume.options import IntakeOptions
from worker.streaming.observer import Observer
from worker.streaming.observer_fanout import Observers
from worker.streaming.outcome import Ok, Output
from worker.streaming.publish.publisher import Publisher
from worker.streaming.settle.retries import RetryOptions
from worker.streaming.settle.settler import OutcomeTopics
from worker.streaming.standstill import running_time
from worker.streaming.topics.admin import existing_topics
from worker.streaming.watch.accounts import Accounts
from worker.streaming.watch.condition import Condition


class Heard(Observer):
    """Keeps the events, for the test to look at."""

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


class RunningIntake(Waiting):
    """`work(records)` gives outcomes; without it each record goes to the topic `extracted` as it is."""

    WHAT, LIMIT_S = "the intake", 240

    def __init__(
        self,
        broker,
        topics,
        work=None,
        *,
        stage="ingest",
        topic=None,
        retry_attempts=5,
        max_retry_wait_s=10.0,
        **options,
    ):
        ticket_keys = options.pop("ticket_keys", None)
        self.topics, self.heard, self.accounts = topics, Heard(), Accounts()
        self.condition = Condition([stage])
        self.observer = Observers(self.heard, self.accounts, self.condition)
        self.publisher = Publisher(
            broker.brokers,
            idempotent=broker.idempotent_producers,
            compression="none",
            client_id="test",
            request_timeout_s=5.0,
            observer=self.observer,
        )
        settings = {
            "brokers": broker.brokers,
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
            "max_fetch_bytes": 1024 * 1024,
            "outcome_topics": OutcomeTopics(
                dead=topics.dead,
                retries=RetryOptions(
                    topic=topics.retry, attempts=retry_attempts, max_wait_s=max_retry_wait_s, keys=ticket_keys
                ),
            ),
            "believed": replace(
                BelievedHeaders.of_topic(topic or topics.raw, topics),
                keys=ticket_keys if topic == topics.retry else None,
            ),
        } | options
        self.options = IntakeOptions(**settings)
        self.stood_still_s = 0.0
        """Set it higher, and for the intake the process has not run for so long, as after SIGSTOP and SIGCONT."""
        self.intake = Intake(
            self.options,
            work or self.passed_on,
            self.publisher,
            self.observer,
            now=lambda: running_time() + self.stood_still_s,
        )
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
        """Stops it. Returns the exception that ended it, or None."""
        await self.intake.stop()
        (ended,) = await asyncio.gather(self._running, return_exceptions=True)
        await self.publisher.stop()
        return ended

    @property
    def whole(self):
        return self.accounts.total(self.options.stage)


async def committed(broker, group, topic):
    """Offsets that the group has committed, by partition."""
    consumer = AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = range((await existing_topics(broker.brokers, [topic]))[topic])
        return {partition: await consumer.committed(TopicPartition(topic, partition)) for partition in partitions}
    finally:
        await consumer.stop()


async def everything_in(broker, topic):
    """All records that the topic has at this moment."""
    partitions = [TopicPartition(topic, p) for p in range((await existing_topics(broker.brokers, [topic]))[topic])]
    records = []
    async with AIOKafkaConsumer(bootstrap_servers=broker.bootstrap, fetch_max_wait_ms=100) as consumer:
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for rows in (await consumer.getmany(timeout_ms=200)).values():
                records += rows
    return records


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
    """True when the first occurrences of the values of each key are in rising order (repeats may follow)."""
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
