"""Records that fail for now come back after their time, with a count and a cap; on a real Kafka."""

from __future__ import annotations

import time
from collections import Counter, defaultdict

import pytest

from tests.running import Reader, prepare
from tests.streaming_bench import RunningIntake, committed, send_to
from worker.contract.dead_letter import DeadReason, RetryReason
from worker.contract.retry import origin_of, ticket_of
from worker.streaming.breaker import BreakerOptions
from worker.streaming.observer import Pause
from worker.streaming.outcome import Dead, Ok, Retry

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


async def test_a_record_that_fails_for_now_comes_back_after_its_time_and_keeps_its_place(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    tries = defaultdict(list)

    async def work(records):
        outcomes = []
        for record in records:
            number = int(record.value)
            tries[number].append(time.time())
            if number % 5 == 0 and len(tries[number]) <= 2:
                outcomes.append(Retry(RetryReason.TRANSIENT, "busy", 1.0))
            elif number == 7:
                outcomes.append(Retry(RetryReason.TRANSIENT, "never works", 0.2))
            elif number == 8:
                outcomes.append(Retry(RetryReason.CHILD_DIED, "exit code -9", 0.2))
            else:
                outcomes.append(Ok((raw.output(record),)))
        return outcomes

    await send_to(kafka, topics.raw, [(n % 2, b"k%d" % n, b"%d" % n) for n in range(20)])
    raw = RunningIntake(kafka, topics, work)
    again = RunningIntake(kafka, topics, work, stage="retry", topic=topics.retry, holds_back=True)
    async with raw, again:
        await raw.settled(20)
        assert raw.whole.reasons == {"retried.transient": 5, "retried.child_died": 1}
        # 4 records twice, one up to the cap of 5 tries, one with its single second chance
        await again.settled(4 * 2 + 4 + 1)
    for member in (raw, again):
        assert member.whole.read == member.whole.settled
    assert again.whole.reasons == {
        "retried.transient": 4 + 3,
        "dead.retries_exhausted": 1,
        "dead.child_died": 1,
    }
    assert Counter(len(times) for times in tries.values()) == {1: 14, 3: 4, 5: 1, 2: 1}
    for number in (0, 5, 10, 15):
        first, second, third = tries[number]
        assert second - first >= 1.0
        assert third - second >= 2.0
    async with Reader(kafka, topics.extracted, topics.dead, topics.retry) as reader:
        await reader.until(lambda r: len(r.records[topics.dead]) >= 2 and len(r.records[topics.extracted]) >= 18)
    assert {int(r.value) for r in reader.records[topics.extracted]} == set(range(20)) - {7, 8}
    for letter in reader.records[topics.dead]:
        place = origin_of(letter.headers)
        assert place.topic == topics.raw
        assert (place.partition, place.offset) == (int(letter.value) % 2, int(letter.value) // 2)
    assert {dict(r.headers)["claimwire_attempts"] for r in reader.records[topics.dead]} == {b"5", b"2"}
    for record in reader.records[topics.retry]:
        ticket = ticket_of(record.headers)
        assert ticket.topic == topics.raw
        assert ticket.offset == int(record.value) // 2
    assert sum((await committed(kafka, f"{topics.raw}-retry", topics.retry)).values()) == len(
        reader.records[topics.retry]
    )


async def test_records_that_wait_for_their_time_do_not_hold_up_a_stop(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)

    async def fails(records):
        return [Retry(RetryReason.TRANSIENT, "busy", 10.0) for _ in records]

    await send_to(kafka, topics.raw, [(0, b"k", b"1")])
    async with RunningIntake(kafka, topics, fails) as raw:
        await raw.settled(1)
    again = RunningIntake(kafka, topics, stage="retry", topic=topics.retry, holds_back=True)
    async with again:
        await again.until(lambda: again.whole.taken == 1)
        begun = time.monotonic()
        assert await again.stop() is None
        assert time.monotonic() - begun < again.intake._options.drain_timeout_s + 8
    assert (again.whole.read, again.whole.abandoned) == (0, 1)
    async with RunningIntake(kafka, topics, stage="retry", topic=topics.retry, holds_back=True) as later:
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
    breaker = BreakerOptions(share=0.5, least=20, window_s=60.0, pause_s=2.0)
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
