"""Records that fail for now come back after their time, with a count and a cap; on a real Kafka."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict

import pytest

from tests.running import Reader, prepare
from tests.running_intake import RunningIntake, committed, everything_in, send_to
from worker.contract.coordinates import origin_of
from worker.contract.headers.retry_ticket import ticket_of
from worker.contract.reasons import DeadReason, RetryReason
from worker.streaming.consume.breaker import BreakerOptions
from worker.streaming.observer import Pause
from worker.streaming.outcome import Dead, Ok, Output, Retry

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


BUSY = Retry(RetryReason.TRANSIENT, "busy", 1.0)
FOR_EVER = 1000


class Failing:
    """Work under which some records fail at first. `tries`: the times of the tries of each record, in seconds."""

    def __init__(self, topics, failures):
        """`failures`: number of a record to its outcome and how many tries end with that."""
        self._topics, self._failures = topics, failures
        self.tries = defaultdict(list)

    async def __call__(self, records):
        return [self._outcome(record) for record in records]

    def _outcome(self, record):
        number = int(record.value)
        self.tries[number].append(time.time())
        failure, failing_tries = self._failures.get(number, (None, 0))
        if len(self.tries[number]) <= failing_tries:
            return failure
        return Ok((Output(self._topics.extracted, record.key, record.value, ()),))


def _never_well():
    """Failures of two records that end in the dead letters."""
    return {
        7: (Retry(RetryReason.TRANSIENT, "never works", 0.2), FOR_EVER),
        8: (Retry(RetryReason.CHILD_DIED, "exit code -9", 0.2), FOR_EVER),
    }


def _sent_to(record):
    """Partition and offset in articles.raw."""
    return int(record.value) % 2, int(record.value) // 2


async def _settle(kafka, topics, work, *, in_retry):
    """Twenty records go through both intakes until they and their `in_retry` retries are settled; the two accounts."""
    await send_to(kafka, topics.raw, [(n % 2, b"k%d" % n, b"%d" % n) for n in range(20)])
    raw = RunningIntake(kafka, topics, work)
    again = RunningIntake(kafka, topics, work, stage="retry", topic=topics.retry, holds_back=True)
    async with raw, again:
        await raw.settled(20)
        await again.settled(in_retry)
    return raw.whole, again.whole


async def test_a_record_that_fails_for_now_comes_back_until_it_passes(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    work = Failing(topics, dict.fromkeys((0, 5, 10, 15), (BUSY, 2)))
    first, again = await _settle(kafka, topics, work, in_retry=8)
    assert (first.reasons, again.reasons) == ({"retried.transient": 4}, {"retried.transient": 4})
    assert (first.read, again.read) == (first.settled, again.settled) == (20, 8)
    assert Counter(len(times) for times in work.tries.values()) == {1: 16, 3: 4}
    assert sorted(int(r.value) for r in await everything_in(kafka, topics.extracted)) == list(range(20))
    offsets = await committed(kafka, f"{topics.raw}-retry", topics.retry)
    assert sum(offset or 0 for offset in offsets.values()) == 8


async def test_no_retry_comes_before_its_time_and_each_waits_longer_than_the_one_before(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    work = Failing(topics, dict.fromkeys((0, 5, 10, 15), (BUSY, 2)))
    await _settle(kafka, topics, work, in_retry=8)
    due = defaultdict(dict)
    for record in await everything_in(kafka, topics.retry):
        ticket = ticket_of(record.headers)
        due[int(record.value)][ticket.attempt] = ticket.not_before
        assert work.tries[int(record.value)][ticket.attempt] * 1000 >= ticket.not_before
    assert set(due) == {0, 5, 10, 15}
    for by_attempt in due.values():
        # the second wait is 2 s, the first 1 s; the half second is for a wall clock that is set back meanwhile
        assert by_attempt[2] - by_attempt[1] >= 1500


async def test_a_record_that_fails_each_time_is_dead_after_its_last_try(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    work = Failing(topics, _never_well())
    # one record up to the cap of 5 tries; one whose process died, with its single second chance
    first, again = await _settle(kafka, topics, work, in_retry=4 + 1)
    assert first.reasons == {"retried.transient": 1, "retried.child_died": 1}
    assert again.reasons == {"retried.transient": 3, "dead.retries_exhausted": 1, "dead.child_died": 1}
    assert Counter(len(times) for times in work.tries.values()) == {1: 18, 5: 1, 2: 1}
    letters = await everything_in(kafka, topics.dead)
    assert {int(r.value): dict(r.headers)["claimwire_attempts"] for r in letters} == {7: b"5", 8: b"2"}
    assert {int(r.value) for r in await everything_in(kafka, topics.extracted)} == set(range(20)) - {7, 8}


async def test_a_record_that_comes_back_or_dies_keeps_the_place_it_was_first_read_from(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    await _settle(kafka, topics, Failing(topics, _never_well()), in_retry=4 + 1)
    retries, letters = await everything_in(kafka, topics.retry), await everything_in(kafka, topics.dead)
    assert (len(retries), len(letters)) == (5, 2)
    for record in retries:
        ticket = ticket_of(record.headers)
        assert (ticket.topic, ticket.partition, ticket.offset) == (topics.raw, *_sent_to(record))
    for letter in letters:
        place = origin_of(letter.headers)
        assert (place.topic, place.partition, place.offset) == (topics.raw, *_sent_to(letter))


async def test_records_that_wait_for_their_time_do_not_hold_up_a_stop(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)

    async def fails(records):
        return [Retry(RetryReason.TRANSIENT, "busy", 3600.0) for _ in records]

    await send_to(kafka, topics.raw, [(0, b"k", b"1")])
    async with RunningIntake(kafka, topics, fails, max_retry_wait_s=3600.0) as raw:
        await raw.settled(1)
    retry = {"stage": "retry", "topic": topics.retry, "holds_back": True}
    again = RunningIntake(kafka, topics, max_retry_wait_s=3600.0, **retry)
    async with again:
        await again.until(lambda: again.whole.taken == 1)
        assert await asyncio.wait_for(again.stop(), 60) is None
    assert (again.whole.read, again.whole.abandoned) == (0, 1)
    async with RunningIntake(kafka, topics, max_retry_wait_s=0.0, **retry) as later:  # no record waits longer than this
        await later.settled(1)
    assert later.whole.ok == 1


@pytest.mark.long
async def test_when_too_many_go_dead_intake_pauses_before_the_topic_is_empty_and_goes_on_once_they_pass(
    kafka, topics_prefix
):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    poisoned = True

    async def work(records):
        if poisoned:
            return [Dead(DeadReason.NOT_JSON, "broken") for _ in records]
        return await running.passed_on(records)

    await send_to(kafka, topics.raw, [(0, b"k%d" % n, b"%d" % n) for n in range(1000)])
    breaker = BreakerOptions(share=0.5, min_records=20, window_s=60.0, pause_s=2.0)
    async with RunningIntake(kafka, topics, work, breaker=breaker, batch_records=10) as running:
        await running.until(lambda: any(why is Pause.BREAKER for why, _ in running.heard.pauses))
        (why,) = running.condition.why_not_ready()
        for needed in ("claimwire dead ls", "breaker_share", "breaker_pause_s"):
            assert needed in why
        await running.until(lambda: len([w for w, _ in running.heard.pauses if w is Pause.BREAKER]) >= 2)
        dead = running.whole.dead
        assert dead < 500, "the topic went on emptying into the dead letters"
        poisoned = False
        await running.settled(1000)
        await running.until(lambda: running.condition.why_not_ready() == [])
    assert running.whole.read == running.whole.ok + running.whole.dead == 1000
    async with Reader(kafka, topics.dead) as reader:
        await reader.until(lambda r: len(r.records[topics.dead]) >= running.whole.dead)
    assert len(reader.records[topics.dead]) == running.whole.dead
