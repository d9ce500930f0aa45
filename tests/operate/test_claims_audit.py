"""The audit of claims on a real Kafka: topics as the lifecycle writes them, and what others wrote into them."""

from __future__ import annotations

import asyncio
import time

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.operate.articles import extraction, id_of, record_of, tombstone_of
from tests.running import claimwire, configure, prepare
from worker.contract.coordinates import Coordinates
from worker.operate import claims_repair
from worker.operate.article_audit import Wrong
from worker.operate.claims_audit import ClaimsAuditOptions, audit_claims
from worker.operate.claims_repair import RepairError, repair
from worker.operate.claims_sample import take_sample
from worker.settings import Settings
from worker.stages.lifecycle import decide
from worker.streaming.outcome import Ok
from worker.streaming.topics.window import WindowError

pytestmark = pytest.mark.kafka


class Installation:
    """Writes what ingest and the lifecycle write; `audit` and `repair` look at it."""

    def __init__(self, broker, prefix, topics):
        self.topics, self._broker = topics, broker
        self.app_id = prefix.strip(".")
        self.installation = prefix + self.app_id
        self._producer = AIOKafkaProducer(bootstrap_servers=broker.bootstrap)
        self._committer = AIOKafkaConsumer(
            bootstrap_servers=broker.bootstrap, group_id=f"{self.installation}-lifecycle", enable_auto_commit=False
        )
        self._states, self._offset = {}, 0

    async def __aenter__(self):
        await self._producer.start()
        await self._committer.start()
        self._committer.assign([TopicPartition(self.topics.extracted, 0)])
        return self

    async def __aexit__(self, *_):
        await self._producer.stop()
        await self._committer.stop()

    async def extract(self, made, *, processed=True):
        """An extraction, and what the lifecycle makes of it."""
        return await self.process(record_of(made, self.topics.extracted, self._offset), processed=processed)

    async def delete(self, uri, raw):
        return await self.process(tombstone_of(uri, self.topics.extracted, self._offset, raw=raw))

    async def process(self, record, *, processed=True):
        written = await self._producer.send_and_wait(
            record.topic, record.value, record.key, partition=0, headers=list(record.headers)
        )
        assert written.offset == self._offset
        self._offset += 1
        if not processed:
            return written.offset
        before = self._states.get(record.key)
        outcome, after = decide(record, before, self.topics)
        for output in outcome.outputs if isinstance(outcome, Ok) else ():
            await self._producer.send_and_wait(output.topic, output.value, output.key, headers=list(output.headers))
        if after != before:
            self._states[record.key] = after
            await self._producer.send_and_wait(self.topics.live, after, record.key, partition=0)
        await self._committer.commit({TopicPartition(self.topics.extracted, 0): self._offset})
        return written.offset

    async def assert_again(self, made, text, **changed):
        """A claim of an extraction is asserted, as by a worker that lost its partition. Its coordinates."""
        (claim,) = (claim for claim in made.claims if claim.claim_id == id_of(text, made.article.uri))
        value = orjson.dumps(orjson.loads(orjson.dumps(claim)) | changed)
        sent = await self.write(self.topics.claims, claim.claim_id.encode(), value)
        return Coordinates(sent.topic, sent.partition, sent.offset)

    async def write(self, topic, key, value, partition=None):
        return await self._producer.send_and_wait(topic, value, key, partition=partition)

    async def audit(self, **options):
        findings, unreadable = [], []
        found = await audit_claims(
            ClaimsAuditOptions(
                brokers=self._broker.brokers, installation=self.installation, topics=self.topics, **options
            ),
            findings.append,
            unreadable.append,
        )
        return found, findings, unreadable

    def settings(self):
        prefix = self.topics.raw.removesuffix("articles.raw")
        return Settings(brokers=self._broker.bootstrap, app_id=self.app_id, topic_prefix=prefix)

    async def repair(self, found, findings, **options):
        return await repair(self.settings(), found, findings, **options)

    async def last(self, claim_id):
        """The last record of a claim, as a reader of the compacted topic has it."""
        async with AIOKafkaConsumer(
            bootstrap_servers=self._broker.bootstrap, isolation_level="read_committed", enable_auto_commit=False
        ) as consumer:
            keys = [
                TopicPartition(self.topics.claims, p)
                for p in consumer.partitions_for_topic(self.topics.claims) or (0, 1)
            ]
            consumer.assign(keys)
            await consumer.seek_to_beginning(*keys)
            ends, found = await consumer.end_offsets(keys), []
            while [key for key in keys if await consumer.position(key) < ends[key]]:
                for rows in (await consumer.getmany(timeout_ms=200)).values():
                    found += [row for row in rows if row.key == claim_id.encode()]
            return found[-1]


@pytest.fixture
async def kafka_topics(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix)
    async with Installation(kafka, topics_prefix, topics) as running:
        yield running


def _words(findings):
    return {(found.wrong, found.claim_id) for found in findings}


async def test_topics_as_the_lifecycle_writes_them_have_no_finding(kafka_topics, kafka, topics_prefix):
    here = kafka_topics
    await here.extract(extraction(["a", "b"], uri="urn:1", version="1", raw=1))
    await here.extract(extraction(["b", "c"], uri="urn:1", version="2", raw=2))
    await here.extract(extraction(["old"], uri="urn:1", version="1", raw=0))
    await here.extract(extraction(["d"], uri="urn:2", raw=3))
    await here.delete("urn:2", raw=4)
    await here.extract(extraction([], uri="urn:3", raw=5, cancelled=True))
    waits = await here.extract(extraction(["e"], uri="urn:4", raw=6), processed=False)
    found, findings, unreadable = await here.audit()
    assert (findings, unreadable) == ([], [])
    assert (found.articles, found.open, found.asserted) == (3, 1, 2)
    assert found.due[0] == waits
    told = claimwire(kafka, topics_prefix, "audit", "--only", "claims")
    assert told.returncode == 0, told.stderr
    assert b"Every claim is one that the youngest version" in told.stdout


async def test_each_way_of_being_wrong_is_named_with_both_records(kafka_topics, kafka, topics_prefix):
    here = kafka_topics
    first = extraction(["a", "b"], uri="urn:1", version="1", raw=1)
    await here.extract(first)
    second = await here.extract(extraction(["b", "c"], uri="urn:1", version="2", raw=2))
    ghost = await here.assert_again(first, "a")
    gone = extraction(["d"], uri="urn:2", raw=3)
    await here.extract(gone)
    deletion = await here.delete("urn:2", raw=4)
    remains = await here.assert_again(gone, "d")
    await here.write(here.topics.claims, id_of("c", "urn:1").encode(), None)
    nobody = extraction(["e"], uri="urn:3", raw=5)
    await here.assert_again(nobody, "e")
    foreign = await here.write(here.topics.extracted, b"urn:9", b"{}", partition=1)
    broken = await here.write(here.topics.claims, b"x", b"not JSON")
    found, findings, unreadable = await here.audit()
    assert found.wrong == {Wrong.NOT_MADE: 1, Wrong.DELETED: 1, Wrong.MISSING: 1, Wrong.UNKNOWN_ARTICLE: 1}
    by_kind = {each.wrong: each for each in findings}
    assert by_kind[Wrong.NOT_MADE].claim == ghost
    assert by_kind[Wrong.NOT_MADE].support == Coordinates(here.topics.extracted, 0, second)
    assert by_kind[Wrong.DELETED].claim == remains
    assert by_kind[Wrong.DELETED].support == Coordinates(here.topics.extracted, 0, deletion)
    assert by_kind[Wrong.MISSING].claim_id == id_of("c", "urn:1")
    assert by_kind[Wrong.UNKNOWN_ARTICLE].support is None
    assert {each.at for each in unreadable} == {Coordinates(broken.topic, broken.partition, broken.offset)}
    assert foreign.offset == 0  # nothing of that partition is committed: it waits, whatever it is
    told = claimwire(kafka, topics_prefix, "audit", "--only", "claims", "--json")
    assert told.returncode == 1, told.stderr
    lines = [orjson.loads(line) for line in told.stdout.splitlines()]
    assert {line["claim"] for line in lines if line.get("wrong") == "not_made"} == {str(ghost)}
    (summary,) = (line["claims"] for line in lines if "claims" in line)
    assert summary["wrong"] == {"not_made": 1, "deleted": 1, "missing": 1, "unknown_article": 1}


async def test_since_compares_only_what_changed_but_reads_what_it_needs(kafka_topics):
    here = kafka_topics
    first, second = extraction(["a"], uri="urn:1", raw=1), extraction(["b"], uri="urn:2", raw=2)
    await here.extract(first)
    await here.extract(extraction([], uri="urn:1", version="2", raw=3))
    await here.extract(second)
    await here.extract(extraction([], uri="urn:2", version="2", raw=4))
    await here.assert_again(first, "a")
    await asyncio.sleep(0.05)  # timestamps have a millisecond
    since = int(time.time() * 1000)
    await here.assert_again(second, "b")
    found, findings, _ = await here.audit(since_ms=since)
    assert (found.articles, _words(findings)) == (1, {(Wrong.NOT_MADE, id_of("b", "urn:2"))})


async def test_claims_of_a_transaction_that_was_aborted_do_not_count_and_one_left_open_ends_the_audit(
    kafka_topics, kafka, monkeypatch
):
    here = kafka_topics
    first = extraction(["a"], uri="urn:1", raw=1)
    await here.extract(first)
    await here.extract(extraction(["b"], uri="urn:1", version="2", raw=2))
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=f"{here.installation}-other")
    await producer.start()
    try:
        await producer.begin_transaction()
        value = orjson.dumps(first.claims[0])
        await producer.send_and_wait(here.topics.claims, value, first.claims[0].claim_id.encode())
        monkeypatch.setattr("worker.operate.claims_audit._OPEN_TRANSACTION_S", 1.0)
        with pytest.raises(WindowError, match="a transaction has been open"):
            await here.audit()
        await producer.abort_transaction()
    finally:
        await producer.stop()
    _, findings, _ = await here.audit()
    assert findings == []


@pytest.mark.slow
async def test_compacted_topics_are_compared_by_what_is_left(kafka_topics, kafka):
    here = kafka_topics
    for topic in (here.topics.extracted, here.topics.live, here.topics.claims):
        await configure(
            kafka,
            topic,
            {
                "cleanup.policy": "compact",
                "segment.ms": "500",
                "min.cleanable.dirty.ratio": "0.0",
                "delete.retention.ms": "0",
                "max.compaction.lag.ms": "500",
            },
        )
    deleted = extraction(["d"], uri="urn:2", raw=50)
    await here.extract(deleted)
    await here.delete("urn:2", raw=51)
    for version in range(1, 6):
        await here.extract(extraction([str(version)], uri="urn:1", version=str(version), raw=version))
    await here.extract(extraction(["0"], uri="urn:1", version="0", raw=0))  # an older one comes last, and is what stays
    until, number = time.monotonic() + 120, 100
    while (left := await _records(kafka, here.topics.extracted, 0)) and any(
        row.offset < 7 for row in left if row.key in (b"urn:1", b"urn:2")
    ):
        assert time.monotonic() < until, left
        number += 1
        # a segment is closed, and then cleaned, when a record comes after its time
        await here.extract(extraction([], uri="urn:later", version=str(number), raw=number))
        await asyncio.sleep(1)
    found, findings, _ = await here.audit()
    assert (findings, found.asserted) == ([], 1)
    await here.assert_again(deleted, "d")
    _, findings, _ = await here.audit()
    assert _words(findings) == {(Wrong.DELETED, id_of("d", "urn:2"))}


async def _records(kafka, topic, partition):
    async with AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False) as consumer:
        key, found = TopicPartition(topic, partition), []
        consumer.assign([key])
        await consumer.seek_to_beginning(key)
        end = (await consumer.end_offsets([key]))[key]
        until = time.monotonic() + 5
        while await consumer.position(key) < end and time.monotonic() < until:
            for rows in (await consumer.getmany(timeout_ms=200)).values():
                found += rows
        return found


async def test_a_repair_retracts_what_nothing_supports_and_leaves_the_rest(kafka_topics):
    here = kafka_topics
    first = extraction(["a", "b"], uri="urn:1", version="1", raw=1)
    await here.extract(first)
    await here.extract(extraction(["b"], uri="urn:1", version="2", raw=2))
    await here.assert_again(first, "a", revision=4)
    gone = extraction(["d"], uri="urn:2", raw=3)
    await here.extract(gone)
    await here.delete("urn:2", raw=4)
    await here.assert_again(gone, "d")
    nobody = extraction(["e"], uri="urn:3", raw=5)
    await here.assert_again(nobody, "e")
    found, findings, _ = await here.audit()
    done = await here.repair(found, findings)
    assert _words(done.retracted) == {(Wrong.NOT_MADE, id_of("a", "urn:1")), (Wrong.DELETED, id_of("d", "urn:2"))}
    assert (done.changed, done.busy) == ([], [])
    ended = await here.last(id_of("a", "urn:1"))
    event = orjson.loads(ended.value)
    assert (event["status"], event["revision"]) == ("retracted", 5)
    assert event["provenance"] | {"models": {}} == {
        "pipeline": "audit", "models": {}, "topic": "articles.raw", "partition": 0, "offset": 2,
    }  # fmt: skip
    assert dict(ended.headers)["ce_source"] == f"/{here.topics.extracted}/0/1".encode()
    assert (await here.last(id_of("d", "urn:2"))).value is None
    found, findings, _ = await here.audit()
    assert _words(findings) == {(Wrong.UNKNOWN_ARTICLE, id_of("e", "urn:3"))}
    assert len((await here.repair(found, findings, unknown_articles=True)).retracted) == 1
    _, findings, _ = await here.audit()
    assert findings == []


async def test_a_claim_whose_article_changed_since_the_audit_is_not_retracted(kafka_topics):
    here = kafka_topics
    first = extraction(["a"], uri="urn:1", version="1", raw=1)
    await here.extract(first)
    await here.extract(extraction([], uri="urn:1", version="2", raw=2))
    await here.assert_again(first, "a")
    found, findings, _ = await here.audit()
    await here.extract(extraction(["a"], uri="urn:1", version="3", raw=3))
    done = await here.repair(found, findings)
    assert (done.retracted, len(done.changed)) == ([], 1)
    assert orjson.loads((await here.last(id_of("a", "urn:1"))).value)["status"] == "asserted"


async def test_a_lifecycle_that_opens_the_partition_meanwhile_keeps_the_repair_from_writing(
    kafka_topics, kafka, monkeypatch
):
    here = kafka_topics
    first = extraction(["a"], uri="urn:1", version="1", raw=1)
    await here.extract(first)
    await here.extract(extraction([], uri="urn:1", version="2", raw=2))
    await here.assert_again(first, "a")
    found, findings, _ = await here.audit()
    read, fences = claims_repair._Tail.read, []

    async def read_and_lose_the_fence(tail, wanted):
        """Between the repair's fence and its transaction somebody else starts a producer of the same id."""
        await read(tail, wanted)
        (finding,) = findings
        fences.append(
            claims_repair._Partition(here.settings(), here.topics, found, finding.support.partition)._writer()
        )
        await fences[-1].start()
        await fences[-1].stop()

    monkeypatch.setattr(claims_repair._Tail, "read", read_and_lose_the_fence)
    monkeypatch.setattr(claims_repair, "_TRIES", 2)
    done = await here.repair(found, findings)
    assert (done.retracted, len(done.busy)) == ([], 1)
    assert orjson.loads((await here.last(id_of("a", "urn:1"))).value)["status"] == "asserted"
    monkeypatch.undo()
    assert len((await here.repair(found, findings)).retracted) == 1


async def test_without_transactions_nothing_is_repaired(kafka_topics):
    found, findings, _ = await kafka_topics.audit()
    with pytest.raises(RepairError, match="idempotent_producer"):
        await repair(Settings(idempotent_producer=False), found, findings)


async def test_a_sample_finds_what_was_written_lately(kafka_topics, kafka):
    here = kafka_topics
    assert (await take_sample(kafka.brokers, here.installation, here.topics)).articles == 0
    first = extraction(["a"], uri="urn:1", version="1", raw=1)
    await here.extract(first)
    await here.extract(extraction(["b"], uri="urn:1", version="2", raw=2))
    await here.extract(extraction(["c"], uri="urn:2", raw=3))
    await here.extract(extraction(["d"], uri="urn:3", raw=4), processed=False)
    sample = await take_sample(kafka.brokers, here.installation, here.topics)
    assert (sample.articles, sample.findings) == (2, [])
    await here.assert_again(first, "a")
    sample = await take_sample(kafka.brokers, here.installation, here.topics)
    assert _words(sample.findings) == {(Wrong.NOT_MADE, id_of("a", "urn:1"))}
