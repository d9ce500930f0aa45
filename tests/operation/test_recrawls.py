"""Texts that come again over Kafka: no model for them, and the same claims whoever has the partition and the file."""

from __future__ import annotations

import orjson
import pytest

from tests.observe.watched import WatchedWorker, article
from tests.running import Reader, claimwire, prepare, send
from worker.contract.codec import decode_article, decode_extraction

pytestmark = [pytest.mark.kafka, pytest.mark.slow]

ARTICLES = 12
OPTIONS = {"model": "false", "processes": 2, "audit_sample_s": 0}


def versions(number, **fields):
    return [article(n, version=str(number), **fields) for n in range(ARTICLES)]


def hits(worker, name="recrawls"):
    return worker.sum("claimwire_cache_requests_total", cache=name, result="hit")


async def all_extracted(reader, topics, count):
    """Waits for so many extractions, each counted once: around a rebalance the lifecycle writes the newest again."""
    await reader.until(lambda seen: len(extraction_ids(seen.records[topics.extracted])) >= count)


def extraction_ids(records):
    return {decode_extraction(record.value).extraction_id for record in records}


def assert_as_the_pipeline_makes_them(reader, topics, sent, rules):
    """Each extraction is that of the record it was made from, as a pipeline without a cache has it."""
    wanted = {}
    for _, value in sent:
        (outcome,) = rules.extract([decode_article(value)])
        extraction = outcome.extraction
        wanted[extraction.extraction_id] = bare(extraction)
    made = [decode_extraction(record.value) for record in reader.records[topics.extracted]]
    assert {extraction.extraction_id for extraction in made} == wanted.keys()
    for extraction in made:
        assert bare(extraction) == wanted[extraction.extraction_id]


def bare(extraction):
    """As JSON, without the record that it was made from."""
    plain = orjson.loads(orjson.dumps(extraction))
    for part in (plain, *plain["claims"]):
        part["provenance"] |= {"topic": None, "partition": None, "offset": None}
    return plain


async def test_a_restarted_worker_knows_the_texts_and_another_that_takes_over_extracts_them(
    kafka, topics_prefix, tmp_path, rules
):
    topics = await prepare(kafka, topics_prefix, partitions=4)
    folders = [tmp_path / name for name in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    one, other = (WatchedWorker(kafka, topics_prefix, folder, **OPTIONS) for folder in folders)
    sent = []
    try:
        async with Reader(kafka, topics.extracted) as reader:

            async def send_all(rows):
                sent.extend(rows)
                await send(kafka, topics.raw, rows)
                await all_extracted(reader, topics, len(sent))

            one.start()
            one.until_ready()
            await send_all(versions(1))
            assert hits(one) == 0
            await send_all(versions(2, publisher="The Example, later"))
            one.wait("every text was known", lambda: hits(one) == ARTICLES, 30)

            assert one.stop() == 0
            one.start()
            one.until_ready()
            # "in May" is counted from the day of publication: for another day the claims are made again of the parse
            await send_all(versions(3))
            await send_all(versions(4, published_at="2026-11-21T09:00:00Z"))
            one.wait("known after the restart", lambda: hits(one) == ARTICLES, 30)
            one.wait("parsed before", lambda: hits(one, name="recrawl_parses") == ARTICLES, 30)

            other.start()
            other.until_ready()
            await send_all(versions(5))
            one.kill()
            await send_all(versions(6))
            await send_all(versions(7))
            other.wait("all texts are known to who has all partitions", lambda: hits(other) >= ARTICLES, 30)
            assert other.stop() == 0
        assert_as_the_pipeline_makes_them(reader, topics, sent, rules)
        audited = claimwire(kafka, topics_prefix, "audit", "--only", "claims")
        assert audited.returncode == 0, audited.stdout + audited.stderr
    finally:
        one.stop()
        other.stop()
