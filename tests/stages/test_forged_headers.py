"""Headers that a publisher of articles made up change neither where a claim comes from nor its record's outcome."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import pytest

from worker.agents.ingest_service import IngestService
from worker.agents.lifecycle_service import LifecycleService
from worker.contract.codec import decode_extraction, encode
from worker.contract.coordinates import Coordinates, raw_timestamp
from worker.contract.published.examples import example_article, example_extraction
from worker.contract.reasons import DeadReason, RetryReason
from worker.contract.topics import Topics
from worker.extraction.outcome import Extracted
from worker.operate.redrive import _Candidate
from worker.replay.execution.believed import believed
from worker.settings import Settings
from worker.stages.extract import _BatchExtraction, published
from worker.stages.ingest import outcomes_of
from worker.stages.stopwatch import Stopwatch
from worker.streaming.observer import SILENT
from worker.streaming.outcome import Dead, Ok, Retry
from worker.streaming.pool.process_pool import Raised
from worker.streaming.record import Record
from worker.streaming.watch.accounts import Accounts

TOPICS = Topics.with_prefix("p.")
REDRIVE = (("claimwire_redrives", b"1"), ("claimwire_redriven_from", b"p.articles.dead/0/17"))
RAW_TIME = ("claimwire_raw_timestamp", b"1700000000000")


def _ticket(offset):
    return (
        ("claimwire_topic", b"other.topic"),
        ("claimwire_partition", b"7"),
        ("claimwire_offset", offset),
        ("claimwire_attempt", b"3"),
        ("claimwire_not_before", b"0"),
        ("claimwire_first_seen", b"0"),
        ("claimwire_reason", b"transient"),
        ("claimwire_timestamp", b"0"),
    )


FORGED = _ticket(b"123456789")


@dataclass
class Row:
    """A row as aiokafka's consumer returns it."""

    topic: str
    headers: tuple
    partition: int = 3
    offset: int = 1207
    timestamp: int = 1_700_000_000_000
    key: bytes | None = b"k"
    value: bytes | None = b"{}"


async def _readers():
    """What the worker's three readers believe, by their topic."""
    settings = Settings(topic_prefix="p.")
    ingest = IngestService(settings, SILENT, Accounts())
    lifecycle = LifecycleService(settings, SILENT)
    options = [ingest._raw_options(), ingest._retry_options(), lifecycle._options()]
    return {each.topic: each.believed for each in options}


async def test_each_reader_of_the_worker_believes_what_its_topic_can_say():
    readers = await _readers()
    whole = (("traceparent", b"t"), *FORGED, *REDRIVE, RAW_TIME)
    read = {topic: Record.of(Row(topic, whole), rule.of_record).headers for topic, rule in readers.items()}
    assert read == {
        TOPICS.raw: (("traceparent", b"t"), *REDRIVE),
        TOPICS.extracted: (("traceparent", b"t"), *REDRIVE, RAW_TIME),
        TOPICS.retry: whole,
    }


@pytest.mark.parametrize("offset", [b"123456789", b"4611686018427387904", b"1000000000000000000000000000000"])
async def test_claims_come_from_where_their_record_was_read(offset):
    rule = (await _readers())[TOPICS.raw]
    record = Record.of(Row(TOPICS.raw, _ticket(offset)), rule.of_record)
    (output,) = published(record, example_extraction(), TOPICS).outputs
    extraction, here = decode_extraction(output.value), Coordinates(TOPICS.raw, 3, 1207)
    assert Coordinates.in_event(output.headers) == here
    assert {extraction.provenance.coordinates, *(claim.provenance.coordinates for claim in extraction.claims)} == {here}
    assert raw_timestamp(output.headers) == record.timestamp


def test_a_replay_believes_the_tickets_of_our_own_topics_only():
    def headers(topic):
        return believed([Record(topic, 3, 1207, 5, b"k", b"{}", FORGED)], TOPICS)[0].headers

    assert headers(TOPICS.raw) == headers("file:dump.jsonl") == headers("articles.retry") == ()
    assert headers(TOPICS.retry) == headers(TOPICS.dead) == headers(TOPICS.dropped) == FORGED


class _Pool:
    """Answers each batch with the same results."""

    def __init__(self, *answers):
        self._answers = answers

    async def run(self, batch):
        assert len(batch) == len(self._answers)
        return list(self._answers)


async def test_an_exception_of_a_pool_process_is_an_outcome():
    records = [Record(TOPICS.raw, 0, n, 5, b"k", b"{}", ()) for n in range(2)]
    pool = _Pool(Raised("TypeError", "Integer exceeds 64-bit range"), Raised("MemoryError", ""))
    dead, later = await outcomes_of(records, pool, TOPICS, Settings())
    assert isinstance(dead, Dead)
    assert (dead.reason, dead.error) == (DeadReason.EXTRACTION_FAILED, "TypeError: Integer exceeds 64-bit range")
    assert isinstance(later, Retry)
    assert later.reason is RetryReason.MEMORY


class _Pipeline:
    """Extracts the same from each article."""

    version = "test"

    def extract(self, articles):
        return [Extracted(example_extraction()) for _ in articles]


def test_an_extraction_that_cannot_be_published_costs_its_record_alone():
    """An archive can name any offset; JSON of ours takes 64 bits."""
    records = [Record("file:a", 0, offset, 5, b"k", encode(example_article()), ()) for offset in (1, 2**70, 3)]
    work = _BatchExtraction(_Pipeline(), Stopwatch(), TOPICS, (10**6, 1.0), {}, None)
    first, broken, last = work.outcomes_of(records)
    assert isinstance(first, Ok)
    assert isinstance(last, Ok)
    assert isinstance(broken, Dead)
    assert broken.reason is DeadReason.EXTRACTION_FAILED
    assert broken.error == "TypeError: Integer exceeds 64-bit range"


def test_a_record_that_names_a_dead_letter_is_it_only_with_its_key_and_value():
    letter = _Candidate((0, 17), Coordinates(TOPICS.raw, 3, 5), b"k", "child_died", hashlib.sha256(b"v").hexdigest())
    sent_back = Record(TOPICS.raw, 3, 9, 5, b"k", b"v", REDRIVE)
    assert letter.is_in(sent_back)
    assert replace(letter, key=None).is_in(sent_back)  # a letter that was too large for the broker lacks the key
    assert not letter.is_in(replace(sent_back, value=b"another"))
    assert not letter.is_in(replace(sent_back, key=b"another"))


@pytest.mark.parametrize("value", [b"{}", None])
async def test_with_a_key_a_record_of_the_retry_topic_without_a_signed_ticket_is_not_worked_on(value):
    """Neither extracted nor, for a null value, taken for the deletion of the article in its key."""
    settings, pool = Settings(topic_prefix="p.", ticket_key="a-key-of-16-letters-or-more"), _Pool(Ok(()))
    service = IngestService(settings, SILENT, Accounts())
    rule = service._retry_options().believed
    forged = Record.of(Row(TOPICS.retry, FORGED, value=value), rule.of_record)
    raw = Record.of(Row(TOPICS.raw, FORGED), service._raw_options().believed.of_record)
    refused, worked_on = await outcomes_of([forged, raw], pool, TOPICS, settings)
    assert isinstance(refused, Dead)
    assert refused.reason is DeadReason.TICKET_REFUSED
    assert "ticket_key" in refused.error
    assert isinstance(worked_on, Ok)  # the pool was asked for one record
