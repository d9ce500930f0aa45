"""The lifecycle with its intake over a real broker, in this process; and what stands in `claims` for a reader."""

from __future__ import annotations

import asyncio

import orjson
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions

from tests.running import Reader
from tests.waiting import Waiting
from worker.agents.lifecycle_service import LifecycleService
from worker.contract.codec import encode
from worker.settings import Settings
from worker.streaming.observer_fanout import Observers
from worker.streaming.topics.admin import existing_topics
from worker.streaming.watch.accounts import Accounts
from worker.streaming.watch.condition import Condition


class RunningLifecycle(Waiting):
    WHAT, LIMIT_S = "the lifecycle", 60

    def __init__(self, broker, prefix, folder, *listeners, **settings):
        self.settings = Settings(
            brokers=broker.bootstrap,
            topic_prefix=prefix,
            app_id=prefix.strip("."),
            data_dir=str(folder),
            session_timeout_s=6.0,
            drain_timeout_s=5.0,
            **settings,
        )
        self.accounts, self.condition = Accounts(), Condition(["lifecycle"])
        self.service = LifecycleService(self.settings, Observers(self.accounts, self.condition, *listeners))
        self._running = None

    async def __aenter__(self):
        await self.service.on_start()
        self._running = self.service._running
        return self

    async def __aexit__(self, *_):
        await self.stop()

    async def stop(self):
        """Returns the exception that ended it, or None."""
        await self.service.on_stop()
        (ended,) = await asyncio.gather(self._running, return_exceptions=True)
        return ended

    @property
    def whole(self):
        return self.accounts.total("lifecycle")

    async def ready(self, limit_s=60):
        await self.until(lambda: not self.condition.why_not_ready(), limit_s)


async def extracted(broker, topics, extractions, *, partition=None):
    """Writes extractions; a pair of an uri and its raw record's place, as headers, is a deletion."""
    async with AIOKafkaProducer(bootstrap_servers=broker.bootstrap) as producer:
        for each in extractions:
            extraction, headers = each if isinstance(each, tuple) else (each, [])
            deletion = isinstance(extraction, str)
            value, uri = (None, extraction) if deletion else (encode(extraction), extraction.article.uri)
            await producer.send_and_wait(
                topics.extracted, value, key=uri.encode(), headers=headers, partition=partition
            )


async def asserted(broker, topics):
    """The content of each claim that stands for a reader of the compacted topic."""
    last = {}
    async with Reader(broker, topics.claims) as reader:
        await reader.to_the_end(topics.claims)
        for record in reader.records[topics.claims]:
            last[record.key] = record.value
    claims = [orjson.loads(value) for value in last.values() if value is not None]
    return {(claim["article"]["uri"], claim["content"]["text"]) for claim in claims if claim["status"] == "asserted"}


async def delete_topic(broker, topic):
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([topic])
    finally:
        await admin.close()
    while topic in await existing_topics(broker.brokers, [topic]):
        await asyncio.sleep(0.1)


async def add_partitions(broker, topic, total):
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    try:
        await admin.create_partitions({topic: NewPartitions(total)})
    finally:
        await admin.close()
    while (await existing_topics(broker.brokers, [topic]))[topic] != total:
        await asyncio.sleep(0.1)
