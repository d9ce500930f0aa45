"""Topics that are missing, made after the start, or made again while the worker runs."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from tests.faults.stream import article
from tests.operation.running_lifecycle import RunningLifecycle, asserted, delete_topic, extracted
from tests.running import RunningWorker, prepare, read_all, send
from tests.running_intake import RunningIntake, send_to
from tests.streaming.stateful.articles import extraction_of
from worker.contract.topics import Topics

pytestmark = pytest.mark.kafka


async def test_missing_topics_are_named_and_work_begins_seconds_after_they_are_made(kafka, topics_prefix, tmp_path):
    topics = Topics.with_prefix(topics_prefix)
    async with (
        RunningIntake(kafka, topics) as ingest,
        RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle,
    ):
        await ingest.until(lambda: any(topics.raw in reason for reason in ingest.condition.why_not_ready()), 30)
        await lifecycle.until(
            lambda: any(
                topics.extracted in reason and "topics --create" in reason
                for reason in lifecycle.condition.why_not_ready()
            ),
            30,
        )
        await prepare(kafka, topics_prefix)
        await send_to(kafka, topics.raw, [(0, b"k", b"1")])
        await extracted(kafka, topics, [extraction_of("urn:a", 1, ["stands"], 1)])
        await ingest.settled(1, 30)
        await lifecycle.settled(2, 30)  # the article's, and what ingest made of its record
        await ingest.until(lambda: not ingest.condition.why_not_ready(), 30)
        await lifecycle.until(lambda: not lifecycle.condition.why_not_ready(), 30)
    assert await asserted(kafka, topics) == {("urn:a", "stands")}


async def test_extracted_made_again_while_it_runs_is_read_within_seconds(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix)
    await extracted(kafka, topics, [extraction_of("urn:a", 1, ["one"], 1), extraction_of("urn:b", 1, ["two"], 2)])
    async with RunningLifecycle(kafka, topics_prefix, tmp_path) as lifecycle:
        await lifecycle.settled(2)
        await delete_topic(kafka, topics.extracted)
        await prepare(kafka, topics_prefix)
        await extracted(kafka, topics, [extraction_of("urn:a", 2, ["three"], 3)])
        await lifecycle.settled(3, 60)
    assert await asserted(kafka, topics) == {("urn:a", "three"), ("urn:b", "two")}


async def test_raw_made_again_while_the_worker_runs_leaves_right_claims(kafka, topics_prefix, tmp_path):
    topics = await prepare(kafka, topics_prefix)
    # whether its next fetch or the new metadata comes first is chance; with `stop` the worker would end at the fetch
    # and say so
    worker = RunningWorker(kafka, topics_prefix, tmp_path, model="false", processes=1, on_offset_lost="earliest")
    worker.start()
    try:
        rows = [(f"https://news.example/{key}".encode(), article(key, 1)) for key in range(20)]
        await send(kafka, topics.raw, rows)
        await _extractions(kafka, topics, 20)
        await delete_topic(kafka, topics.raw)
        await prepare(kafka, topics_prefix)
        await send(kafka, topics.raw, [(f"https://news.example/{key}".encode(), article(key, 2)) for key in range(5)])
        await _extractions(kafka, topics, 25)
        truth = {}
        for record in await read_all(kafka, topics.extracted):
            truth[record.key] = orjson.loads(record.value)
        wanted = {
            (each["article"]["uri"], claim["content"]["text"]) for each in truth.values() for claim in each["claims"]
        }
        for _ in range(100):
            if await asserted(kafka, topics) == wanted:
                break
            await asyncio.sleep(0.2)
        assert await asserted(kafka, topics) == wanted
        assert sum(each["article"]["version"] == "2" for each in truth.values()) == 5
    finally:
        assert worker.stop() == 0


async def _extractions(kafka, topics, count):
    for _ in range(300):
        if len(await read_all(kafka, topics.extracted)) >= count:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"not {count} extractions")
