"""Articles in, claims out, through a broker and the worker as a process."""

from __future__ import annotations

import hashlib
import json
import re

import orjson
import pytest

from tests.paths import POISON
from tests.running import Reader, RunningWorker, prepare, send
from worker.contract.article import RawArticle
from worker.settings import Settings
from worker.stages.extract import load

_FOLDER = POISON
_REASONS = {
    name.encode(): reason
    for name, reason in json.loads((_FOLDER / "expected.json").read_text(encoding="utf-8")).items()
} | {b"too-large": "too_large"}
_POISON = {
    key: b'{"uri": "https://a.example/2", "body": "' + b"x" * (10 * 1024 * 1024) + b'"}'
    if key == b"too-large"
    else (_FOLDER / f"{key.decode()}.bin").read_bytes()
    for key in _REASONS
}


# a worker loads its models two or three times here: minutes, where the machine is busy
pytestmark = pytest.mark.timeout(900)


def _article(number):
    return {
        "uri": f"https://news.example/{number}",
        "headline": f"Council meets for the {number}. time",
        "body": "The council met on Monday.\n\n"
        f"Mayor Anna Lind said that the bridge number {number} would open in May. "
        f"“We are proud of what we have built here,” she said. The opposition denied that {number} workers were hired.",
        "published_at": "2026-11-20T09:00:00Z",
    }


async def test_claims_over_kafka_are_those_of_the_pipeline(broker, topics_prefix, tmp_path, pipeline, sample):
    topics = await prepare(broker, topics_prefix)
    article = {"uri": "https://news.example/libya", "body": sample.read_text(encoding="utf-8")}
    records = [(article["uri"].encode(), orjson.dumps(article)), *_POISON.items(), (b"gone", None)]
    await send(broker, topics.raw, records)
    worker = RunningWorker(broker, topics_prefix, tmp_path, processes=1)
    worker.start()
    try:
        (outcome,) = pipeline.extract([RawArticle(**article)])
        wanted = {claim.claim_id for claim in outcome.extraction.claims}
        async with Reader(broker, topics.extracted, topics.claims, topics.dead) as reader:
            await reader.until(
                lambda r: (
                    len(r.records[topics.claims]) >= len(wanted)
                    and len(r.records[topics.dead]) >= len(_POISON)
                    and len(r.records[topics.extracted]) >= 2
                )
            )
        assert {record.key.decode() for record in reader.records[topics.claims]} == wanted
        extracted = {record.key: record.value for record in reader.records[topics.extracted]}
        assert extracted[b"gone"] is None
        assert orjson.loads(extracted[article["uri"].encode()])["claims_count"] == len(wanted)
        dead = {record.key: record for record in reader.records[topics.dead]}
        assert set(dead) == set(_POISON)
        for key, value in _POISON.items():
            assert dead[key].value == value
            headers = dict(dead[key].headers)
            assert headers["claimwire_topic"].decode() == topics.raw
            assert headers["claimwire_value_sha256"].decode() == hashlib.sha256(value).hexdigest()
            assert headers["claimwire_error"]
        reasons = {key: dict(record.headers)["claimwire_reason"].decode() for key, record in dead.items()}
        assert reasons == _REASONS
        assert worker.stop() == 0, worker.log.read_text(encoding="utf-8")[-3000:]
    finally:
        worker.stop()


@pytest.mark.kafka
@pytest.mark.slow
async def test_nothing_is_lost_when_the_worker_is_killed_in_the_middle(kafka, topics_prefix, tmp_path):
    count = 800
    topics = await prepare(kafka, topics_prefix, partitions=4)
    articles = [_article(number) for number in range(count)]
    await send(kafka, topics.raw, [(a["uri"].encode(), orjson.dumps(a)) for a in articles])
    worker = RunningWorker(kafka, topics_prefix, tmp_path)
    worker.start()
    try:
        async with Reader(kafka, topics.extracted, topics.claims) as reader:
            await reader.until(lambda r: len(r.records[topics.extracted]) >= count // 4)
            worker.kill()
            before = len(reader.records[topics.extracted])
            assert before < count
            worker.start()
            seen, wanted = set(), {}

            def whole(r):
                for record in r.records[topics.extracted]:
                    if record.key not in seen:
                        seen.add(record.key)
                        wanted.update((c["claim_id"], record.key) for c in orjson.loads(record.value)["claims"])
                return len(seen) == count and wanted.keys() <= {c.key.decode() for c in r.records[topics.claims]}

            await reader.until(whole)
        assert seen == {a["uri"].encode() for a in articles}
        bodies = {}
        for record in reader.records[topics.extracted]:
            bodies.setdefault(record.key, set()).add(orjson.loads(record.value)["extraction_id"])
        assert all(len(ids) == 1 for ids in bodies.values())  # after compaction by key one is left, and all are equal
        assert {c.key.decode() for c in reader.records[topics.claims]} == wanted.keys()
        assert len(wanted) >= 2 * count
    finally:
        worker.stop()


def test_the_batch_function_answers_for_each_record():
    from worker.contract.topics import Topics
    from worker.streaming.outcome import Dead, Ok
    from worker.streaming.record import Record

    work = load(topics=Topics(), **Settings(article_max_bytes=1024 * 1024).extraction_options())
    good = Record("t", 0, 1, 0, b"k", orjson.dumps(_article(1)), ())
    bad = Record("t", 0, 2, 0, b"k", b"{", ())
    first, second = list(work([good, bad]))
    assert isinstance(first, Ok)
    assert isinstance(second, Dead)


@pytest.mark.slow
async def test_a_stop_finishes_what_was_begun_and_a_start_goes_on(broker, topics_prefix, tmp_path):
    topics = await prepare(broker, topics_prefix)
    count = 500
    articles = [_article(number) for number in range(count)]
    await send(broker, topics.raw, [(a["uri"].encode(), orjson.dumps(a)) for a in articles])
    # with little in flight the stop comes in the middle: what is in flight is finished first
    worker = RunningWorker(broker, topics_prefix, tmp_path, in_flight_bytes=32768)
    worker.start()
    try:
        async with Reader(broker, topics.extracted) as reader:
            await reader.until(lambda r: len(r.records[topics.extracted]) >= 20)
            assert worker.stop() == 0, worker.log.read_text(encoding="utf-8")[-3000:]
            begun = worker.log.read_text(encoding="utf-8")
            worker.start()
            await reader.until(lambda r: len({x.key for x in r.records[topics.extracted]}) == count)
            assert worker.stop() == 0, worker.log.read_text(encoding="utf-8")[-3000:]
        # in an orderly stop everything done is committed: nothing comes twice
        assert len(reader.records[topics.extracted]) == count
        first, second = re.findall(r"Ingest ended: read=(\d+)", worker.log.read_text(encoding="utf-8"))
        assert f"read={first}" in begun
        assert int(first) + int(second) == count
    finally:
        worker.stop()


def test_a_tombstone_without_a_key_names_no_article():
    from worker.contract.topics import Topics
    from worker.stages.ingest import tombstone
    from worker.streaming.outcome import Dead
    from worker.streaming.record import Record

    outcome = tombstone(Record("t", 0, 1, 0, None, None, ()), Topics())
    assert isinstance(outcome, Dead)
    assert outcome.reason == "tombstone_without_key"
