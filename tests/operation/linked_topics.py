"""The topics of linking as a test sees them: whether all was read, and what a reader of the compacted topics has."""

from __future__ import annotations

import asyncio

from tests.running import read_all
from worker.consumer_groups import ingest_group, lifecycle_group, link_group
from worker.link.live.stage import Kind
from worker.streaming.topics.offset_reader import OffsetReader


async def settled(broker, topics, prefix, limit_s=240):
    """Waits until every record of each topic has been read by the group that follows it, `limit_s` for each."""
    async with OffsetReader(broker.brokers, limit_s=20, isolation="read_committed") as offsets:
        for group, read in followed_by(topics, prefix).items():
            async with asyncio.timeout(limit_s):
                while not await has_read(offsets, group, read):
                    await asyncio.sleep(0.5)


def followed_by(topics, prefix):
    """By consumer group the topics that it reads."""
    name = prefix + prefix.strip(".")
    return {
        ingest_group(name): [topics.raw],
        lifecycle_group(name): [topics.extracted],
        link_group(name): [topics.watches, topics.reviews, topics.extracted, topics.claims],
    }


async def has_read(offsets, group, topics):
    return await left_to_read(offsets, group, topics) == 0


async def left_to_read(offsets, group, topics):
    """How many offsets the group has still before it."""
    committed, left = await offsets.committed(group), 0
    for topic in topics:
        ends = await offsets.ends(await offsets.partitions(topic))
        left += sum(max(0, end - committed.get(partition, 0)) for partition, end in ends.items())
    return left


async def published(broker, topics):
    """By kind and key what a reader of the compacted topics has, once no transaction is open in them: a broker may show
    the offsets of one before it has marked its records as committed.
    """
    held = {}
    names = {
        Kind.GROUP: topics.groups,
        Kind.RELATION: topics.relations,
        Kind.STANDING: topics.standing,
        Kind.ALERT: topics.alerts,
    }
    await no_open_transaction(broker, names.values())
    for kind, topic in names.items():
        for record in sorted(await read_all(broker, topic), key=lambda r: (r.partition, r.offset)):
            held[kind, record.key.decode()] = record.value
    return {key: value for key, value in held.items() if value is not None}


async def no_open_transaction(broker, topics, limit_s=90):
    """Waits until every record of the topics is committed or aborted."""
    async with (
        OffsetReader(broker.brokers, limit_s=20, isolation="read_committed") as committed,
        OffsetReader(broker.brokers, limit_s=20, isolation="read_uncommitted") as written,
        asyncio.timeout(limit_s),
    ):
        for topic in topics:
            partitions = await written.partitions(topic)
            while await committed.ends(partitions) != await written.ends(partitions):
                await asyncio.sleep(0.05)
