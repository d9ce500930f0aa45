"""What every sink promises, over files and over topics: order, safety, states, and no write for a lost partition."""

from __future__ import annotations

import pytest

from tests.replay.contract.harness import DEAD, DROPPED, Files, InTopics, outputs_of, put, raw_record, read_all
from worker.streaming.publish.delivery import FencedError


@pytest.fixture(params=["jsonl", "parquet", pytest.param("topics", marks=[pytest.mark.kafka, pytest.mark.slow])])
async def place(request, tmp_path):
    if request.param == "topics":
        place = InTopics(request.getfixturevalue("kafka"), request.getfixturevalue("topics_prefix"))
    else:
        place = Files(tmp_path / "out", request.param)
    await place.prepare()
    return place


@pytest.fixture
async def sink(place):
    sink = await place.sink()
    yield sink
    await sink.stop()


async def _claims(place):
    return [claim_id for claim_id, _ in await read_all((await place.side()).claims())]


async def test_batches_are_safe_after_a_flush_and_come_out_in_their_order(place, sink):
    safe = [await put(sink, 0, start, place.topics, [raw_record(start), raw_record(start + 1)]) for start in (0, 2, 4)]
    await sink.flush([0])
    assert [one.result() for one in safe] == [frozenset()] * 3
    assert await _claims(place) == [f"u{n}-{i}" for n in range(6) for i in range(2)]


async def test_a_batch_that_waited_long_enough_is_safe_after_a_tick(place, sink):
    safe = await put(sink, 0, 0, place.topics, [raw_record(0)])
    await sink.tick()
    assert safe.done()
    assert await _claims(place) == ["u0-0", "u0-1"]


async def test_every_kind_of_output_is_kept(place, sink):
    records = [raw_record(0), raw_record(1), raw_record(2)]
    outputs = [
        outputs_of(record, place.topics, outcome)[0]
        for record, outcome in zip(records, (None, DROPPED, DEAD), strict=True)
    ]
    await sink.put(0, 0, outputs, [], lambda: True)
    await sink.flush([0])
    side = await place.side()
    assert [article.uri for article in await read_all(side.articles())] == ["u0"]
    passed = [(one.key, one.reason) for one in await read_all(side.passed())]
    assert passed == [("u1", "dropped.language"), ("u2", "dead.not_json")]


async def test_the_states_of_a_partition_come_back_to_the_next_sink(place, sink):
    await sink.put(0, 0, [], [(b"a", b"1"), (b"b", b"2")], lambda: True)
    await sink.flush([0])
    await sink.put(1, 0, [], [(b"a", b"of another partition")], lambda: True)
    await sink.put(0, 4, [], [(b"a", b"3"), (b"b", None)], lambda: True)
    await sink.flush([0, 1])
    again = await place.sink()
    try:
        assert dict(await read_all(again.states(0, 8))) == {b"a": b"3", b"b": None}
        assert dict(await read_all(again.states(2, 8))) == {}
    finally:
        await again.stop()


async def test_a_batch_that_comes_twice_leaves_each_event_once(place, sink):
    """As after a death between the writing and the commit."""
    await put(sink, 0, 0, place.topics, [raw_record(0), raw_record(1)])
    await sink.flush([0])
    again = await place.sink()
    try:
        await put(again, 0, 0, place.topics, [raw_record(0), raw_record(1)])
        await again.flush([0])
    finally:
        await again.stop()
    last = dict(await read_all((await place.side()).claims()))
    assert sorted(last) == ["u0-0", "u0-1", "u1-0", "u1-1"]


async def test_nothing_is_written_for_a_partition_that_was_lost(place, sink):
    await put(sink, 0, 0, place.topics, [raw_record(0)])
    await sink.flush([0])
    with pytest.raises(FencedError):
        await put(sink, 0, 1, place.topics, [raw_record(1)], is_ours=lambda: False)
    await sink.flush([0])
    assert await _claims(place) == ["u0-0", "u0-1"]
