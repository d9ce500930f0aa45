"""What both sources promise: records in order, from the last commit on, and none while they must wait."""

from __future__ import annotations

import asyncio

import pytest

from tests.replay.contract.harness import ArchiveRecords, Listener, TopicRecords, until
from worker.streaming.topics.shared_window import Checkpoint

COUNT = 10


@pytest.fixture(params=["archive", pytest.param("topic", marks=[pytest.mark.kafka, pytest.mark.slow])])
async def records(request, tmp_path):
    if request.param == "archive":
        records = ArchiveRecords(tmp_path)
    else:
        records = TopicRecords(request.getfixturevalue("kafka"), request.getfixturevalue("topics_prefix"))
    await records.fill(COUNT)
    return records


async def _read(source, seen, *, commit_at=None):
    """Numbers of the records up to the end; commits once the position has reached `commit_at`, and stops there."""
    async with source, asyncio.timeout(60):
        async for stretch in source.stretches(4):
            seen += [int(record.value) for record in stretch.records]
            if commit_at is not None and stretch.position >= commit_at:
                assert await source.commit({0: Checkpoint(stretch.position, "note")})
                source.stop()
            elif stretch.finished:
                source.stop()
    return seen


async def test_all_records_come_in_order_after_the_assignment(records):
    listener, seen = Listener(), []
    await _read(records.source(listener), seen)
    assert seen == list(range(COUNT))
    assert listener.assignments == [(0, None)]


async def test_the_next_source_goes_on_at_the_commit(records):
    before = await _read(records.source(Listener()), [], commit_at=3)
    listener = Listener()
    after = await _read(records.source(listener), [])
    assert listener.assignments == [(0, Checkpoint(len(before), "note"))]
    assert before + after == list(range(COUNT))


async def test_the_commit_of_another_replay_does_not_count(records):
    await _read(records.source(Listener()), [], commit_at=3)
    listener = Listener(own=False)
    assert await _read(records.source(listener), []) == list(range(COUNT))
    assert listener.assignments == [(0, None)]


async def test_only_wanted_records_come_and_the_position_reaches_the_end(records):
    source = records.source(Listener(), wanted=lambda record: int(record.value) % 2 == 1)
    assert await _read(source, [], commit_at=COUNT) == [1, 3, 5, 7, 9]
    listener, seen = Listener(), []
    at_the_end = records.source(listener)
    reading = asyncio.create_task(_read(at_the_end, seen))
    await until(lambda: listener.assignments)
    at_the_end.stop()
    await reading
    assert (listener.assignments, seen) == ([(0, Checkpoint(COUNT, "note"))], [])


async def test_nothing_comes_while_the_source_must_wait(records):
    listener, seen = Listener(), []
    listener.waits = True
    reading = asyncio.create_task(_read(records.source(listener), seen))
    await until(lambda: listener.asked >= 20)
    assert seen == []
    listener.waits = False
    assert await reading == list(range(COUNT))


async def test_a_stopped_source_ends_though_it_must_wait(records):
    listener, seen = Listener(), []
    listener.waits = True
    source = records.source(listener)
    reading = asyncio.create_task(_read(source, seen))
    await until(lambda: listener.asked >= 3)
    source.stop()
    assert await reading == []
    assert not source.ended
