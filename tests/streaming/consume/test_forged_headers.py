"""Headers that a publisher of articles made up decide nothing; on a real Kafka."""

from __future__ import annotations

import pytest
from aiokafka import AIOKafkaProducer

from tests.running import prepare
from tests.running_intake import RunningIntake, everything_in
from worker.contract.coordinates import origin_of
from worker.contract.headers.claimwire_headers import claimwire_fields
from worker.contract.headers.retry_ticket import ticket_of
from worker.contract.headers.ticket_signature import TicketKeys
from worker.contract.reasons import RetryReason
from worker.settings import Settings
from worker.stages.ingest import outcomes_of
from worker.streaming.outcome import Retry

pytestmark = [pytest.mark.kafka]

_FORGED = [
    ("claimwire_topic", b"t"),
    ("claimwire_partition", b"0"),
    ("claimwire_offset", b"1000000000000000000000000000000"),
    ("claimwire_attempt", b"-1000000"),
    ("claimwire_not_before", b"0"),
    ("claimwire_first_seen", b"0"),
    ("claimwire_reason", b"transient"),
    ("claimwire_error", b"e"),
    ("claimwire_timestamp", b"0"),
    ("traceparent", b"own"),
]


async def test_a_forged_ticket_gives_a_record_neither_another_origin_nor_more_attempts(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)

    async def fails(records):
        return [Retry(RetryReason.TRANSIENT, "busy", 0.01) for _ in records]

    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    await producer.send_and_wait(topics.raw, key=b"k", value=b"1", partition=0, headers=_FORGED)
    await producer.stop()
    raw = RunningIntake(kafka, topics, fails, retry_attempts=3)
    again = RunningIntake(kafka, topics, fails, retry_attempts=3, stage="retry", topic=topics.retry, holds_back=True)
    async with raw, again:
        await raw.settled(1)
        await again.settled(2)
    tickets = [ticket_of(record.headers) for record in await everything_in(kafka, topics.retry)]
    assert [(t.topic, t.offset, t.attempt) for t in tickets] == [(topics.raw, 0, 1), (topics.raw, 0, 2)]
    (letter,) = await everything_in(kafka, topics.dead)
    assert (origin_of(letter.headers).topic, origin_of(letter.headers).offset) == (topics.raw, 0)
    assert ("traceparent", b"own") in letter.headers


async def test_with_a_key_only_tickets_of_the_worker_are_tried_again(kafka, topics_prefix):
    """Others may write to the retry topic; a worker with the next key accepts what one with the former has signed."""
    topics = await prepare(kafka, topics_prefix, partitions=1)
    key, next_key = "the-first-key-of-all", "the-next-key-of-all"

    async def fails(records):
        return [Retry(RetryReason.TRANSIENT, "busy", 0.01) for _ in records]

    class NoPool:
        async def run(self, records):
            return await fails(records)

    settings = Settings(topic_prefix=topics_prefix, ticket_key=f"{next_key},{key}")

    async def works(records):
        return await outcomes_of(records, NoPool(), topics, settings)

    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    await producer.send_and_wait(topics.raw, key=b"k", value=b"1", partition=0)
    await producer.send_and_wait(topics.retry, key=b"k", value=b"2", partition=0, headers=_FORGED)
    await producer.stop()
    raw = RunningIntake(kafka, topics, fails, retry_attempts=3, ticket_keys=TicketKeys(key))
    again = RunningIntake(
        kafka,
        topics,
        works,
        retry_attempts=3,
        ticket_keys=TicketKeys(settings.ticket_key),
        stage="retry",
        topic=topics.retry,
        holds_back=True,
    )
    async with raw, again:
        await raw.settled(1)
        await again.settled(3)
    letters = {letter.value: letter for letter in await everything_in(kafka, topics.dead)}
    assert {value: claimwire_fields(letter.headers)["reason"] for value, letter in letters.items()} == {
        b"1": "retries_exhausted",
        b"2": "ticket_refused",
    }
    assert (origin_of(letters[b"1"].headers).topic, origin_of(letters[b"1"].headers).offset) == (topics.raw, 0)
    assert (origin_of(letters[b"2"].headers).topic, origin_of(letters[b"2"].headers).offset) == (topics.retry, 0)
