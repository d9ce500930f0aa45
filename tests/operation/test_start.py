"""How a worker starts: it joins its groups while its models load, unless others read already."""

from __future__ import annotations

import asyncio
import logging

import pytest

from tests.running import RunningWorker, configure, prepare
from worker.commands.errors.start_check import check_start
from worker.consumer_groups import ingest_group
from worker.operate.topic_watch import TopicWatch
from worker.settings import Settings
from worker.streaming.topics.offset_reader import OffsetReader

pytestmark = pytest.mark.kafka


async def test_a_group_has_members_while_a_worker_reads(kafka, topics_prefix, tmp_path):
    await prepare(kafka, topics_prefix)
    group = ingest_group(topics_prefix + topics_prefix.strip("."))
    worker = RunningWorker(kafka, topics_prefix, tmp_path, model="false", processes=1)
    async with OffsetReader(kafka.brokers, limit_s=30) as offsets:
        assert not await offsets.has_members(group)
        worker.start()
        try:
            async with asyncio.timeout(120):
                while not await offsets.has_members(group):
                    await asyncio.sleep(0.2)
        finally:
            assert worker.stop() == 0


async def test_a_start_tells_of_topics_that_will_lose_what_must_stay(kafka, topics_prefix, caplog):
    topics = await prepare(kafka, topics_prefix)
    settings = Settings(brokers=kafka.bootstrap, topic_prefix=topics_prefix, app_id=topics_prefix.strip("."))
    with caplog.at_level(logging.WARNING, "claimwire.topics"):
        await check_start(settings)
        assert not caplog.records
        await configure(kafka, topics.claims, {"cleanup.policy": "delete", "retention.ms": "60000"})
        await configure(kafka, topics.dead, {"retention.bytes": "1000", "cleanup.policy": "compact"})
        await check_start(settings)
    said = [record.getMessage() for record in caplog.records]
    assert f"{topics.claims}: cleanup.policy is delete, wanted compact; `claimwire topics --apply` mends it" in said
    assert f"{topics.dead}: cleanup.policy is compact, wanted delete; `claimwire topics` says what to do" in said


async def test_a_topic_that_is_changed_later_is_told_of_once_and_once_more_when_it_is_right_again(
    kafka, topics_prefix, caplog
):
    topics = await prepare(kafka, topics_prefix)
    watch = TopicWatch(Settings(brokers=kafka.bootstrap, topic_prefix=topics_prefix, app_id="a"))
    with caplog.at_level(logging.INFO, "claimwire.topics"):
        await watch.look()
        assert not caplog.records
        await configure(kafka, topics.claims, {"cleanup.policy": "delete", "retention.ms": "1000"})
        for _ in range(2):
            await watch.look()
        await configure(kafka, topics.claims, {"cleanup.policy": "compact"})
        await watch.look()
    assert [record.getMessage() for record in caplog.records] == [
        f"{topics.claims}: cleanup.policy is delete, wanted compact; `claimwire topics --apply` mends it",
        f"{topics.claims}: cleanup.policy is right again",
    ]
