"""Thousands of interleavings of owners that pause, die, and work on partitions that were given to others."""

from __future__ import annotations

import asyncio
import os

import orjson
import pytest
from aiokafka import TopicPartition

from tests.streaming.stateful.articles import extraction_of
from tests.streaming.stateful.simulated_worker import GROUP, INPUT, LIVE, TOPICS, SimulatedWorker
from tests.streaming.stateful.simulation import Inline, Kafka, jumping
from worker.contract.codec import encode
from worker.stages.article_state import pack, unpack
from worker.stages.lifecycle import decide
from worker.streaming.outcome import Output
from worker.streaming.stateful.changelog import is_own
from worker.streaming.stateful.owner import Committed

CLAIMS = TopicPartition(TOPICS.claims, 0)
WORKERS = 3
SCHEDULES = int(os.environ.get("CLAIMWIRE_TEST_SCHEDULES", "300"))


def _feed(kafka):
    """Articles in many versions, with records that come twice and versions that come late, as ingest may write them."""
    draw = kafka.random
    written, versions = [], {}
    for offset in range(draw.randint(8, 24)):
        if written and draw.random() < 0.2:
            record = draw.choice(written[-6:])
        else:
            uri = f"urn:a:{draw.randint(1, 3)}"
            versions[uri] = versions.get(uri, 0) + 1
            texts = [f"statement {draw.randint(1, 5)} stands" for _ in range(draw.randint(0, 4))]
            record = (uri, extraction_of(uri, versions[uri], texts, offset))
            written.append(record)
        uri, extraction = record
        kafka.append(Output(TOPICS.extracted, uri.encode(), encode(extraction), [], 0), 0)


def _truth(kafka):
    """The claims that stand: those of the youngest version that was ever written of each article."""
    youngest = {}
    for record in kafka.logs[INPUT]:
        extraction = orjson.loads(record.value)
        known = youngest.get(record.key)
        if known is None or int(extraction["article"]["version"]) >= int(known["article"]["version"]):
            youngest[record.key] = extraction
    return {claim["claim_id"] for extraction in youngest.values() for claim in extraction["claims"]}


def _versions(kafka):
    return [(record.key, int(orjson.loads(record.value)["article"]["version"])) for record in kafka.logs[INPUT]]


def _last_versions(kafka):
    """What compaction leaves of the input."""
    return dict(_versions(kafka))


def _newest_versions(kafka):
    return dict(sorted(_versions(kafka)))


async def _schedule(seed, folder):
    kafka = Kafka(seed)
    _feed(kafka)
    threads = Inline()
    workers = [SimulatedWorker(kafka, folder / str(number), threads) for number in range(WORKERS)]
    ending = []
    for _ in range(kafka.random.randint(2, 6)):
        worker = kafka.random.choice(workers)
        if worker.task is None:
            worker.start()
        await asyncio.sleep(kafka.random.uniform(0.0, 3.0))
        # the group has taken the partition away: a worker hears of it at once, late, or never, for it is killed
        ending += [
            asyncio.create_task(other.end(killed=kafka.random.random() < 0.5))
            for other in workers
            if other.task is not None and kafka.random.random() < 0.4
        ]
        if kafka.random.random() < 0.5:
            await asyncio.gather(*ending)
            ending.clear()
    await asyncio.gather(*ending)
    for worker in workers:
        await worker.end(killed=kafka.random.random() < 0.5)
    # in the end somebody has it alone and in peace
    kafka.stall_share = kafka.failure_share = 0.0
    last = kafka.random.choice(workers)
    last.start()
    async with asyncio.timeout(600):
        while kafka.commits.get((GROUP, INPUT), Committed(None, "")).offset != len(kafka.logs[INPUT]):
            await asyncio.sleep(0.1)
            if last.task.done():
                last.task.result()
    await last.end(killed=False)
    return kafka


def _check(kafka, seed):
    standing, revisions, seen = {}, {}, []
    for record in kafka.logs.get(CLAIMS, ()):
        claim = orjson.loads(record.value)
        before = revisions.get(record.key, 0)
        assert claim["revision"] >= before, f"seed {seed}: the revision of {record.key!r} went back"
        revisions[record.key] = claim["revision"]
        standing[claim["claim_id"]] = claim["status"]
        seen.append(dict(record.headers)["ce_id"])
    asserted = {claim for claim, status in standing.items() if status == "asserted"}
    truth = _truth(kafka)
    assert asserted - truth == set(), f"seed {seed}: claims stand that no article makes"
    assert truth - asserted == set(), f"seed {seed}: claims are missing"
    assert _last_versions(kafka) == _newest_versions(kafka), f"seed {seed}: an older version is the last of its key"
    # the states are those of one pass over the input without any fault
    states, alone = {}, {}
    for record in kafka.logs[LIVE]:
        if not is_own(record.key):
            states[record.key] = record.value
    for record in kafka.logs[INPUT]:
        _, alone[record.key] = decide(record, alone.get(record.key), TOPICS)
    assert {k: pack(unpack(v)) for k, v in states.items()} == {k: pack(unpack(v)) for k, v in alone.items()}


@pytest.mark.parametrize("block", range(10))
def test_no_interleaving_ends_with_a_claim_that_no_article_makes(block, tmp_path):
    for number in range(SCHEDULES // 10):
        seed = block * 1_000_003 + number
        with jumping() as loop:
            kafka = loop.run_until_complete(_schedule(seed, tmp_path / str(seed)))
        _check(kafka, seed)
