"""How a worker starts: it joins its groups while its models load, unless others read already."""

from __future__ import annotations

import asyncio

import pytest

from tests.running import RunningWorker, prepare
from worker.consumer_groups import ingest_group
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
