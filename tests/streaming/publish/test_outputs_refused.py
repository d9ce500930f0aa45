"""What happens to records while the broker does not take what comes of them; on a real Kafka."""

from __future__ import annotations

import asyncio

import pytest

from tests.running import Reader, configure, prepare
from tests.running_intake import RunningIntake, committed, in_order_by_key, send_to
from worker.contract.coordinates import origin_of
from worker.contract.topics import Topics, TopicSpec
from worker.streaming.observer import Pause
from worker.streaming.topics.admin import create_missing

pytestmark = [pytest.mark.kafka]


# a broker with this refuses every record, for each is older than nothing at all when it arrives
REFUSES = {"message.timestamp.before.max.ms": "0", "cleanup.policy": "delete"}
TAKES = {"message.timestamp.before.max.ms": "9223372036854775807", "cleanup.policy": "delete"}


async def _prepared_refusing(broker, prefix):
    """Topics of which `extracted` refuses from its beginning: one that is altered takes some records more."""
    extracted = TopicSpec(name=Topics.with_prefix(prefix).extracted, purpose="a test", config=REFUSES)
    await create_missing(broker.brokers, [extracted], partitions=2, replication=1)
    return await prepare(broker, prefix)


@pytest.mark.slow
async def test_while_outputs_are_refused_nothing_is_committed_and_all_goes_on_when_they_are_taken(kafka, topics_prefix):
    records = [(n % 2, b"k%d" % (n % 8), b"%d" % n) for n in range(400)]
    topics = await _prepared_refusing(kafka, topics_prefix)
    await send_to(kafka, topics.raw, records[:200])
    async with RunningIntake(kafka, topics) as running:
        await running.until(lambda: running.publisher.failing_since is not None)
        await running.until(lambda: running.intake.paused)
        assert Pause.OUTPUT_FAILING in [why for why, _ in running.heard.pauses]
        assert any(topics.extracted in why for why in running.condition.why_not_ready())
        assert running.condition.why_not_alive() is None
        await send_to(kafka, topics.raw, records[200:])
        await asyncio.sleep(2)
        assert not any((await committed(kafka, f"{topics.raw}-ingest", topics.raw)).values())
        assert running.whole.settled == 0
        await configure(kafka, topics.extracted, TAKES)
        await running.settled(400)
        await running.until(lambda: not running.intake.paused)
        assert running.condition.why_not_ready() == []
    assert running.whole.read == running.whole.ok == 400
    assert sum((await committed(kafka, f"{topics.raw}-ingest", topics.raw)).values()) == 400
    async with Reader(kafka, topics.extracted) as reader:
        await reader.until(lambda r: len(r.records[topics.extracted]) >= 400)
    assert {int(r.value) for r in reader.records[topics.extracted]} == set(range(400))
    assert in_order_by_key(reader.records[topics.extracted])


async def test_an_output_that_is_too_large_for_the_broker_costs_only_itself(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    await configure(kafka, topics.extracted, {"max.message.bytes": "20000", "cleanup.policy": "delete"})
    large = b"9" * 50_000
    # the client puts them into one batch, which the broker refuses as a whole
    values = [large if n in (3, 17) else b"%d" % n for n in range(30)]
    await send_to(kafka, topics.raw, [(0, b"k%d" % (n % 5), value) for n, value in enumerate(values)])
    async with RunningIntake(kafka, topics, batch_records=30) as running:
        await running.settled(30)
    assert running.whole.ok == 28
    assert running.whole.reasons == {"dead.output_too_large": 2}
    async with Reader(kafka, topics.extracted, topics.dead) as reader:
        await reader.until(lambda r: len(r.records[topics.dead]) >= 2 and len(r.records[topics.extracted]) >= 28)
    assert {int(r.value) for r in reader.records[topics.extracted]} == set(range(30)) - {3, 17}
    assert in_order_by_key(reader.records[topics.extracted])
    assert [origin_of(r.headers).offset for r in reader.records[topics.dead]] == [3, 17]
    assert all(r.value == large for r in reader.records[topics.dead])


async def test_a_dead_letter_that_is_too_large_keeps_at_least_where_the_record_stands(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    for topic in (topics.extracted, topics.dead):
        await configure(kafka, topic, {"max.message.bytes": "5000", "cleanup.policy": "delete"})
    await send_to(kafka, topics.raw, [(0, b"k", b"9" * 50_000), (0, b"k" * 30_000, b"9" * 50_000), (0, b"k", b"1")])
    async with RunningIntake(kafka, topics) as running:
        await running.settled(3)
    assert (running.whole.ok, running.whole.dead) == (1, 2)
    async with Reader(kafka, topics.dead) as reader:
        await reader.until(lambda r: len(r.records[topics.dead]) >= 2)
    headers = [dict(r.headers) for r in reader.records[topics.dead]]
    assert [h["claimwire_offset"] for h in headers] == [b"0", b"1"]
    assert [h["claimwire_value_bytes"] for h in headers] == [b"50000"] * 2
    assert [r.key for r in reader.records[topics.dead]] == [b"k", None]


@pytest.mark.slow
async def test_a_stop_while_outputs_are_refused_takes_a_bounded_time_and_commits_nothing(kafka, topics_prefix):
    topics = await _prepared_refusing(kafka, topics_prefix)
    await send_to(kafka, topics.raw, [(n % 2, b"k", b"%d" % n) for n in range(20)])
    running = RunningIntake(kafka, topics, drain_timeout_s=2.0)
    async with running:
        await running.until(lambda: running.publisher.failing_since is not None)
        async with asyncio.timeout(60):  # 2 s of drain, and room for a busy machine
            assert await running.stop() is None
    assert not any((await committed(kafka, f"{topics.raw}-ingest", topics.raw)).values())
    assert running.whole.settled == 0
    assert running.whole.in_flight == 0
    await configure(kafka, topics.extracted, TAKES)
    async with RunningIntake(kafka, topics) as again:
        await again.settled(20)
    assert again.whole.ok == 20
