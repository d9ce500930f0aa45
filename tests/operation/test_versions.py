"""Versions as publishers mean them: dates, the same version again, redelivery, deletions of what is unknown."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.operation.running_lifecycle import RunningLifecycle, asserted, extracted
from tests.running import prepare, read_all
from tests.streaming.stateful.articles import extraction_of
from worker.consumer_groups import lifecycle_group
from worker.contract.coordinates import RAW_TIMESTAMP, Coordinates
from worker.contract.headers.claimwire_headers import PREFIX
from worker.streaming.topics.offset_reader import OffsetReader

pytestmark = pytest.mark.kafka


async def reasons(kafka, topics):
    """How often each reason was noted in articles.dropped."""
    notes = await read_all(kafka, topics.dropped)
    return Counter(dict(note.headers)[PREFIX + "reason"].decode() for note in notes)


async def test_dates_and_updates_order_versions(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix)
    await extracted(
        kafka,
        topics,
        [
            extraction_of("urn:dated", "2026-11-20T10:00:00Z", ["ten"], 1),
            extraction_of("urn:dated", "2026-11-20T09:00:00Z", ["nine"], 2),
            extraction_of("urn:updated", "b", ["late"], 3, updated_at="2026-11-20T10:00:00Z"),
            extraction_of("urn:updated", "c", ["early"], 4, updated_at="2026-11-20T09:00:00Z"),
            extraction_of("urn:text", "1", ["first"], 5),
            extraction_of("urn:text", "1", ["corrected"], 6),
        ],
    )
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(8)  # six, and the newest of two articles once more
    assert await asserted(kafka, topics) == {
        ("urn:dated", "ten"),
        ("urn:updated", "late"),
        ("urn:text", "corrected"),
    }
    assert await reasons(kafka, topics) == {"stale_version": 2, "repeated": 2}


async def test_what_is_delivered_again_is_a_repeat_and_changes_nothing(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    rows = [extraction_of("urn:a", number, [f"version {number}"], number) for number in (1, 2, 3)]
    await extracted(kafka, topics, rows)
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(3)
    partition, group = TopicPartition(topics.extracted, 0), lifecycle_group(lifecycle.settings.installation)
    async with AIOKafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=group, enable_auto_commit=False
    ) as consumer:
        consumer.assign([partition])
        await consumer.commit({partition: 0})
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(3)
    assert await asserted(kafka, topics) == {("urn:a", "version 3")}
    assert await reasons(kafka, topics) == {"repeated": 3}


async def test_a_deletion_under_a_key_that_is_no_article_is_noted(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix)
    await extracted(kafka, topics, [extraction_of("urn:a", 1, ["stays"], 1), ("42", [])])
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(2)
    assert await asserted(kafka, topics) == {("urn:a", "stays")}
    assert await reasons(kafka, topics) == {"unknown_article": 1}


async def test_an_article_published_anew_in_a_topic_that_was_made_again_counts(kafka, topics_prefix, tmp_path):
    """Its offset is below that of its deletion, its time is not."""
    topics = await prepare(kafka, topics_prefix)

    def at(offset, ms):
        return [("ce_source", Coordinates(topics.raw, 0, offset).source.encode()), (RAW_TIMESTAMP, str(ms).encode())]

    hour = 3_600_000
    await extracted(
        kafka,
        topics,
        [
            (extraction_of("urn:7", 4, ["old"], 50, topic=topics.raw), at(50, 10 * hour)),
            (extraction_of("urn:9", 1, ["old"], 51, topic=topics.raw), at(51, 10 * hour)),
            ("urn:7", at(60, 11 * hour)),
            (extraction_of("urn:7", 5, ["new"], 0, topic=topics.raw), at(0, 12 * hour)),
            (extraction_of("urn:9", 1, ["new"], 1, topic=topics.raw), at(1, 12 * hour)),
        ],
    )
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(5)
    assert await asserted(kafka, topics) == {("urn:7", "new"), ("urn:9", "new")}


async def _nothing_waits(kafka, topics, group):
    """The markers of the transaction that wrote them once more are no lag."""
    partition = TopicPartition(topics.extracted, 0)
    async with asyncio.timeout(60), OffsetReader(kafka.brokers, limit_s=30) as offsets:
        while (await offsets.committed(group))[partition] < (await offsets.ends([partition]))[partition]:
            await asyncio.sleep(0.2)


async def test_what_is_newest_stays_the_last_of_its_key(kafka, topics_prefix, tmp_path):
    """An older version comes behind it: late out of articles.retry, or from a worker that did not know it was replaced.
    Compaction keeps the last record of a key only.
    """
    topics = await prepare(kafka, topics_prefix, partitions=1)

    def at(offset):
        return [("ce_source", Coordinates(topics.raw, 0, offset).source.encode())]

    rows = {n: (extraction_of("urn:a", n, [f"version {n}"], n, topic=topics.raw), at(n)) for n in (1, 2, 3)}
    first = (extraction_of("urn:b", 1, ["deleted"], 4, topic=topics.raw), at(4))
    await extracted(kafka, topics, [rows[1], rows[3], rows[2], rows[1], first, ("urn:b", at(5)), first])
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(9)  # seven, and the newest of each article once more
        await _nothing_waits(kafka, topics, lifecycle_group(lifecycle.settings.installation))
    records = await read_all(kafka, topics.extracted)
    last = {record.key: record for record in records}
    assert [(record.key, record.value, list(record.headers)) for record in last.values()] == [
        (record.key, record.value, list(record.headers)) for record in (records[1], records[5])
    ]
    assert await asserted(kafka, topics) == {("urn:a", "version 3")}
