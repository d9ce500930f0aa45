"""Thousands of interleavings of owners that pause, die, and work on partitions that were given to others."""

from __future__ import annotations

import asyncio
import os
from functools import partial

import orjson
import pytest
from aiokafka import TopicPartition

from tests.streaming.stateful.articles import extraction_of
from tests.streaming.stateful.simulation import Inline, Kafka, SimulatedChangelog, SimulatedWriter, jumping
from worker.contract.codec import encode
from worker.contract.topics import Topics
from worker.stages.article_state import pack, unpack
from worker.stages.lifecycle import decide
from worker.streaming.observer import Observer
from worker.streaming.outcome import Output
from worker.streaming.settle.dead_letter import dead_letter
from worker.streaming.settle.drop_note import drop_note
from worker.streaming.stateful.changelog import Layout, is_own
from worker.streaming.stateful.owner import Committed, OwnerParts, PartitionOwner
from worker.streaming.stateful.state_file import StateFile

TOPICS = Topics()
INPUT = TopicPartition(TOPICS.extracted, 0)
LIVE = TopicPartition(TOPICS.live, 0)
CLAIMS = TopicPartition(TOPICS.claims, 0)
GROUP = "claimwire-lifecycle"
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


class _Worker:
    """One process: its owner of the partition, if it has one now, and a folder of its own."""

    def __init__(self, kafka, folder, threads):
        self._kafka, self._folder, self._threads = kafka, folder, threads
        self.owner = self.task = self.pumping = None
        self._ending = False

    def _parts(self):
        kafka = self._kafka

        async def committed(partition):
            await kafka.step()
            return kafka.commits.get((GROUP, partition), Committed(None, ""))

        async def bounds(partition):
            await kafka.step()
            return 0, len(kafka.logs.get(partition, ()))

        async def layout():
            await kafka.step()
            return Layout.new(1, 1)

        async def record_at(partition, offset):
            await kafka.step()
            return kafka.logs[partition][offset]

        return OwnerParts(
            stage="lifecycle",
            group=GROUP,
            decide=partial(decide, topics=TOPICS),
            writer_of=lambda _: SimulatedWriter(kafka, f"{GROUP}-0"),
            file_of=lambda _: StateFile(self._folder / "state.sqlite"),
            changelog_of=lambda _: SimulatedChangelog(kafka, LIVE),
            changelog_topic=TOPICS.live,
            keyed_topic=TOPICS.claims,
            committed=committed,
            bounds=bounds,
            layout=layout,
            record_at=record_at,
            dead_letter=lambda record, dead, completeness: dead_letter(TOPICS.dead, record, dead, completeness),
            drop_note=lambda record, drop: drop_note(TOPICS.dropped, record, drop),
            on_lost="stop",
            keep_ms=0,
            batch_records=kafka.random.choice([1, 2, 5]),
            observer=Observer(),
            threads=self._threads,
        )

    def start(self):
        self.owner = PartitionOwner(INPUT, self._parts(), lambda _partition, _offset: None)
        self.task = asyncio.create_task(self.owner.run())
        self.pumping = asyncio.create_task(self._pump(self.owner))

    async def _pump(self, owner):
        """The consumer: gives the owner what comes next, sometimes what came before as well."""
        kafka = self._kafka
        while True:
            await kafka.step(may_fail=False)
            if owner.next_offset is not None:
                start = max(0, owner.next_offset - kafka.random.choice([0, 0, 0, 2]))
                owner.take(kafka.logs[INPUT][start : start + kafka.random.randint(1, 6)])
            await asyncio.sleep(0.05)

    async def end(self, *, killed):
        """Killed: in the middle of whatever it was doing. Else it is told that the partition is another's."""
        while self._ending:
            await asyncio.sleep(0.1)
        if self.task is None:
            return
        self._ending = True
        self.pumping.cancel()
        if killed:
            self.task.cancel()
        else:
            self.owner.close()
        await asyncio.gather(self.task, self.pumping, return_exceptions=True)
        task, self.task, self._ending = self.task, None, False
        if not task.cancelled() and task.exception() is not None:
            raise task.exception()


async def _schedule(seed, folder):
    kafka = Kafka(seed)
    _feed(kafka)
    threads = Inline()
    workers = [_Worker(kafka, folder / str(number), threads) for number in range(WORKERS)]
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
