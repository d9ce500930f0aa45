"""What both sides of a comparison promise, whether they are read from files or from topics."""

from __future__ import annotations

import pytest

from tests.replay.contract.harness import DROPPED, Files, InTopics, outputs_of, put, raw_record, read_all
from worker.contract.coordinates import Coordinates
from worker.streaming.outcome import Ok, Output


@pytest.fixture(params=["jsonl.zst", "parquet", pytest.param("topics", marks=[pytest.mark.kafka, pytest.mark.slow])])
async def place(request, tmp_path):
    if request.param == "topics":
        place = InTopics(request.getfixturevalue("kafka"), request.getfixturevalue("topics_prefix"))
    else:
        place = Files(tmp_path / "out", request.param)
    await place.prepare()
    return place


async def _fill(place, start):
    """An article that is deleted again, a dropped one, and one that stays; offsets from `start` on."""
    topics = place.topics
    first, deleted, dropped = (raw_record(start + n) for n in range(3))
    sink = await place.sink()
    try:
        outputs, ((_, state),) = outputs_of(first, topics)
        deletion = Ok((Output(topics.extracted, first.key, None, []),))
        gone, _ = outputs_of(deleted, topics, deletion, state)
        await sink.put(0, start, [outputs, gone, outputs_of(dropped, topics, DROPPED)[0]], [], lambda: True)
        await put(sink, 0, start, topics, [raw_record(start + 3)])
        await sink.flush([0])
    finally:
        await sink.stop()


async def _content(side):
    claims = [(claim_id, claim and claim["status"]) for claim_id, claim in await read_all(side.claims())]
    return await read_all(side.articles()), await read_all(side.passed()), claims


async def test_articles_dropped_records_and_claims_come_in_their_order(place):
    await _fill(place, 0)
    articles, passed, claims = await _content(await place.side())
    assert [(a.uri, a.raw) for a in articles] == [
        ("u0", Coordinates("raw", 0, 0)),
        ("u0", None),  # the deletion
        ("u3", Coordinates("raw", 0, 3)),
    ]
    assert [(p.key, p.reason, p.raw) for p in passed] == [("u2", "dropped.language", Coordinates("raw", 0, 2))]
    assert [one for one in claims if one[0].startswith("u3")] == [("u3-0", "asserted"), ("u3-1", "asserted")]
    of_deleted = [status for claim_id, status in claims if claim_id == "u0-0"]
    assert of_deleted[0] == "asserted"
    assert of_deleted[-1] in (None, "retracted")


async def test_a_side_reads_the_same_however_often_and_whatever_is_written_meanwhile(place):
    await _fill(place, 0)
    side = await place.side()
    first = await _content(side)
    await _fill(place, 10)
    assert await _content(side) == first
    assert len((await _content(await place.side()))[0]) > len(first[0])
