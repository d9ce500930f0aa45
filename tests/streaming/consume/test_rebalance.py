"""Members come and go on a real Kafka: nothing is lost, late results are fenced, static members keep partitions."""

from __future__ import annotations

import asyncio

import pytest

from tests.running import Reader, prepare
from tests.running_intake import RunningIntake, committed, counts_by_value, everything_in, in_order_by_key, send_to
from worker.streaming.outcome import Ok

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


async def test_a_member_that_joins_and_leaves_loses_nothing_and_keeps_the_order_by_key(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=4)
    members = {}

    def slow(name):
        async def work(records):
            await asyncio.sleep(0.02)
            return [Ok((members[name].output(record),)) for record in records]

        return work

    sent, enough = 0, asyncio.Event()

    async def feed():
        nonlocal sent
        while not enough.is_set() and sent < 20_000:
            await send_to(kafka, topics.raw, [(n % 4, b"k%d" % (n % 40), b"%d" % n) for n in range(sent, sent + 40)])
            sent += 40
            await asyncio.sleep(0.1)

    feeding = asyncio.create_task(feed())
    first = members["a"] = RunningIntake(kafka, topics, slow("a"))
    async with first:
        await first.settled(100)
        second = members["b"] = RunningIntake(kafka, topics, slow("b"))
        async with second:
            await second.until(lambda: any(second.heard.assigned_to))
            await second.settled(50)
        had = first.whole.settled
        await first.until(lambda: len(first.heard.assigned_to[-1]) == 4)
        await first.settled(had + 50)
        enough.set()
        await feeding
        await first.until(lambda: first.whole.settled + second.whole.settled >= sent)
    for member in (first, second):
        assert member.whole.in_flight == 0
        assert member.whole.read == member.whole.ok
    async with Reader(kafka, topics.extracted) as reader:
        await reader.until(lambda r: len({x.value for x in r.records[topics.extracted]}) >= sent)
    assert in_order_by_key(reader.records[topics.extracted])
    # both drained in time: what was settled was committed, and nothing came twice
    assert set(counts_by_value(reader.records[topics.extracted]).values()) == {1}
    assert sum((await committed(kafka, f"{topics.raw}-ingest", topics.raw)).values()) == sent


async def test_a_result_that_comes_after_its_partition_was_taken_away_is_neither_published_nor_committed(
    kafka, topics_prefix
):
    topics = await prepare(kafka, topics_prefix, partitions=2)
    held, late = asyncio.Event(), []

    async def holding(records):
        if not held.is_set():
            late.extend(records)
            await held.wait()
        return [Ok((first.output(record),)) for record in records]

    await send_to(kafka, topics.raw, [(n % 2, b"k%d" % (n % 2), b"%d" % n) for n in range(16)])
    first = RunningIntake(kafka, topics, holding, drain_timeout_s=1.0)
    async with first:
        await first.until(lambda: len(late) >= 8)
        second = RunningIntake(kafka, topics)
        async with second:
            await second.until(lambda: any(second.heard.assigned_to))
            await second.until(lambda: second.whole.settled >= 8)
            assert any(undrained for _, undrained in first.heard.revoked_from)
            held.set()  # now the late results come, and their partitions were given away
            await first.settled(8)
    extracted = await everything_in(kafka, topics.extracted)
    assert in_order_by_key(extracted)
    moved = second.heard.assigned_to[-1][0].partition
    published = counts_by_value(extracted)
    assert set(published) == set(range(16))
    assert all(published[n] == 1 for n in range(16) if n % 2 == moved), published
    for member in (first, second):
        assert member.whole.read == member.whole.ok


async def test_a_static_member_that_comes_back_in_time_keeps_its_partitions_and_the_others_notice_nothing(
    kafka, topics_prefix
):
    topics = await prepare(kafka, topics_prefix, partitions=4)
    options = {"session_timeout_s": 30.0}
    members = {name: RunningIntake(kafka, topics, instance_id=name, **options) for name in ("a", "b")}
    async with members["a"] as a:
        await a.until(lambda: any(a.heard.assigned_to))
        async with members["b"] as b:
            await b.until(lambda: any(b.heard.assigned_to))
            await a.until(lambda: len(a.heard.assigned_to[-1]) == 2)
            await send_to(kafka, topics.raw, [(n % 4, b"k", b"%d" % n) for n in range(40)])
            await a.until(lambda: a.whole.settled + b.whole.settled >= 40)
            # a rolling restart: one after the other ends and comes back under its name
            for name in ("a", "b"):
                other = members["b" if name == "a" else "a"]
                rebalances, had = len(other.heard.assigned_to), members[name].heard.assigned_to[-1]
                await members[name].stop()
                back = members[name] = RunningIntake(kafka, topics, instance_id=name, **options)
                await back.__aenter__()
                await back.until(lambda back=back: any(back.heard.assigned_to))
                assert back.heard.assigned_to[-1] == had
                await send_to(kafka, topics.raw, [(n % 4, b"k", b"%d" % n) for n in range(40)])
                await back.until(lambda back=back, other=other: back.whole.settled >= 20 and other.whole.settled >= 20)
                assert len(other.heard.assigned_to) == rebalances
            for member in members.values():
                await member.stop()
    async with Reader(kafka, topics.extracted) as reader:
        await reader.until(lambda r: len(r.records[topics.extracted]) >= 120)
    assert len(reader.records[topics.extracted]) == 120


async def test_a_process_that_stood_still_lets_go_of_all_before_it_does_anything_else(kafka, topics_prefix):
    topics = await prepare(kafka, topics_prefix, partitions=1)
    began = asyncio.Event()
    go = asyncio.Event()

    async def work(records):
        began.set()
        await go.wait()
        return [Ok((running.output(record),)) for record in records]

    await send_to(kafka, topics.raw, [(0, b"k", b"%d" % n) for n in range(4)])
    async with RunningIntake(kafka, topics, work) as running:
        await asyncio.wait_for(began.wait(), 60)
        running.stood_still_s = 100.0
        go.set()
        await running.until(lambda: running.heard.revoked_from)
        assert running.heard.revoked_from[0][1] == 4
        assert running.whole.abandoned == 4
        await running.settled(4)
        assert running.whole.read == 4
    async with Reader(kafka, topics.extracted) as reader:
        await reader.until(lambda r: len(r.records[topics.extracted]) >= 4)
    assert set(counts_by_value(reader.records[topics.extracted]).values()) == {1}
