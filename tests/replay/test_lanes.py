"""Lanes and files: what is counted is what is safe, in order, and once, however often it was begun."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace

import orjson
import pytest

from worker.contract.codec import encode
from worker.contract.dead_letter import DeadReason, DropReason, RetryReason
from worker.contract.examples import example_extraction
from worker.contract.headers import EXTRACTION_TYPE, cloud_event
from worker.contract.topics import Topics
from worker.replay.counts import Counts
from worker.replay.lanes import Lanes
from worker.replay.plan import Target, side_topics
from worker.replay.sides import FileSide
from worker.replay.sinks import FileSink
from worker.replay.states import States
from worker.streaming.outcome import Dead, Drop, Ok, Output, Retry
from worker.streaming.record import Record
from worker.streaming.window import Stretch

TOPICS = side_topics(Topics(), "", "t", Target.FILES)


def _record(offset, uri=None):
    return Record("raw", 0, offset, 0, (uri or f"u{offset}").encode(), b"{}", ())


def _extracted(record, claims=1):
    """The outcome of an article with `claims` claims."""
    example = example_extraction()
    uri = record.key.decode()
    where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    made = replace(example.provenance, **where)
    article = replace(example.article, uri=uri)
    own = [replace(example.claims[0], claim_id=f"{uri}-{n}", article=article, provenance=made) for n in range(claims)]
    extraction = replace(example, article=article, claims=own, claims_count=claims, provenance=made)
    source = f"/raw/{record.partition}/{record.offset}"
    from datetime import UTC, datetime

    headers = cloud_event(
        kind=EXTRACTION_TYPE, event_id="x", source=source, subject=uri, at=datetime.now(UTC), carried=[]
    )
    return Ok((Output(TOPICS.extracted, record.key, encode(extraction), headers),))


async def _at_once(records):
    return [_extracted(record) for record in records]


async def _at_random(records):
    await asyncio.sleep(random.random() / 50)  # noqa: S311 - only to mix the order
    return [_extracted(record) for record in records]


def _lanes(sink, states, work=_at_once, attempts=3):
    return Lanes(work, sink, states, TOPICS, Target.FILES, in_flight_bytes=10**6, most_batches=8, attempts=attempts)


def _sink(folder, form="jsonl", piece_bytes=10**9):
    return FileSink(folder, TOPICS, form, piece_bytes=piece_bytes, piece_s=10**9)


async def _events(folder):
    side = FileSide("t", folder)
    return (
        [a async for a in side.articles()],
        [claim_id async for claim_id, _ in side.claims()],
        [p.offset async for p in side.passed()],
    )


async def test_the_place_moves_in_order_and_only_over_what_is_safe(tmp_path):
    sink = _sink(tmp_path)
    with States() as states:
        lanes = _lanes(sink, states, _at_random)
        lanes.begin(0, 5, Counts(), None)
        for start in range(5, 45, 4):
            lanes.take(Stretch(0, [_record(n) for n in range(start, start + 4)], start + 4, finished=False))
        lane = lanes.by_number[0]
        await asyncio.wait_for(lane.idle.wait(), 10)
        assert (lane.position, lane.counts.read) == (5, 0)  # written, but in no closed file
        await lanes.drain([0], 10)
        assert (lane.position, lane.counts.read, lane.counts.ok, lane.counts.claims) == (45, 40, 40, 40)
        assert lanes.budget.in_flight == 0
        lanes.close([0])
    articles, claims, _ = await _events(tmp_path)
    assert [a.offset for a in articles] == list(range(5, 45))
    assert len(set(claims)) == 40


async def test_the_end_of_a_lane_is_safe_without_anybody_asking(tmp_path):
    with States() as states:
        lanes = _lanes(_sink(tmp_path), states)
        lanes.begin(0, 0, Counts(), None)
        lanes.take(Stretch(0, [_record(0)], 1, finished=False))
        lanes.take(Stretch(0, [], 9, finished=True, lost=4))
        lane = lanes.by_number[0]
        for _ in range(100):
            await asyncio.sleep(0.01)
            if lane.position == 9:
                break
        assert (lane.position, lane.counts.read, lane.counts.lost) == (9, 1, 4)
        lanes.close([0])


@pytest.mark.parametrize("form", ["jsonl", "jsonl.zst", "parquet"])
@pytest.mark.parametrize("first_end", [4, 8, 12])
async def test_what_was_closed_and_not_committed_is_overwritten(tmp_path, form, first_end):
    """Killed after its files were closed and before the commit; begun again, the pieces are cut otherwise."""

    async def work(records):
        return [Drop(DropReason.LANGUAGE, "fr") if r.offset % 5 == 4 else _extracted(r, claims=2) for r in records]

    async def run(start, steps, piece_bytes):
        with States() as states:
            lanes = _lanes(_sink(tmp_path, form, piece_bytes), states, work)
            lanes.begin(0, start, Counts(), start or None)
            for begin in range(start, 12, 4):
                if begin >= steps:
                    break
                lanes.take(Stretch(0, [_record(n) for n in range(begin, begin + 4)], begin + 4, begin >= 8))
            await lanes.drain([0], 10)
            counts = lanes.by_number[0].counts
            lanes.close([0])
            return counts

    await run(0, first_end, 10**9)
    counts = await run(0, 12, 1)  # a piece for every batch
    assert (counts.read, counts.ok, counts.dropped, counts.claims) == (12, 10, 2, 20)
    articles, claims, passed = await _events(tmp_path)
    assert sorted(a.offset for a in articles) == [n for n in range(12) if n % 5 != 4]
    assert len(claims) == len(set(claims)) == 20
    assert sorted(passed) == [4, 9]
    assert not list(tmp_path.glob("*.part"))


async def test_an_articles_state_goes_on_where_the_replay_does(tmp_path):
    """The second version drops a claim: whoever resumes between the two must know the first."""

    async def work(records):
        return [_extracted(r, claims=1 if r.offset else 2) for r in records]

    async def one(start, record):
        with States() as states:
            lanes = _lanes(_sink(tmp_path), states, work)
            lanes.begin(0, start, Counts(), start or None)
            lanes.take(Stretch(0, [record], record.offset + 1, finished=False))
            await lanes.drain([0], 10)
            assert lanes.failure is None
            lanes.close([0])

    await one(0, _record(0, "same"))
    await one(1, _record(1, "same"))
    by_status = {}
    async for claim_id, claim in FileSide("t", tmp_path).claims():
        by_status.setdefault(claim["status"], []).append(claim_id)
    assert by_status["retracted"] == ["same-1"]
    # closed, but not committed: begun again, the state is the one before it, and the retraction comes again
    await one(1, _record(1, "same"))
    again = [(i, c["status"]) async for i, c in FileSide("t", tmp_path).claims()]
    assert again.count(("same-1", "retracted")) == 1


async def test_what_may_pass_is_tried_again_and_then_passed_by(tmp_path):
    tries = []

    async def work(records):
        tries.append([r.offset for r in records])
        return [
            Retry(RetryReason.MEMORY, "no", 0.0)
            if r.offset == 1 or (r.offset == 2 and len(tries) < 2)
            else _extracted(r)
            for r in records
        ]

    with States() as states:
        lanes = _lanes(_sink(tmp_path), states, work)
        lanes.begin(0, 0, Counts(), None)
        lanes.take(Stretch(0, [_record(n) for n in range(3)], 3, finished=True))
        await lanes.drain([0], 10)
        counts = lanes.by_number[0].counts
        lanes.close([0])
    assert tries == [[0, 1, 2], [1, 2], [1]]
    assert (counts.ok, counts.dead) == (2, 1)
    assert counts.reasons == {f"dead.{DeadReason.RETRIES_EXHAUSTED}": 1}


async def test_a_lane_that_was_closed_writes_and_counts_nothing_more(tmp_path):
    gate = asyncio.Event()

    async def work(records):
        await gate.wait()
        return [_extracted(record) for record in records]

    with States() as states:
        lanes = _lanes(_sink(tmp_path), states, work)
        lanes.begin(0, 0, Counts(), None)
        lanes.take(Stretch(0, [_record(0)], 1, finished=True))
        lane = lanes.by_number[0]
        await asyncio.sleep(0.05)
        lanes.close([0])
        gate.set()
        await asyncio.sleep(0.05)
        assert (lane.position, lane.counts.read, lanes.budget.in_flight) == (0, 0, 0)
        lanes.take(Stretch(0, [_record(1)], 2, finished=True))  # of a partition that is gone
        assert lanes.budget.in_flight == 0
    assert not list(tmp_path.iterdir())


async def test_a_failure_of_the_writing_is_told_and_nothing_moves(tmp_path):
    (tmp_path / "folder").write_text("a file where a folder should be", encoding="utf-8")
    with States() as states:
        lanes = _lanes(_sink(tmp_path / "folder"), states)
        lanes.begin(0, 0, Counts(), None)
        lanes.take(Stretch(0, [_record(0)], 1, finished=True))
        for _ in range(100):
            await asyncio.sleep(0.01)
            if lanes.failure:
                break
        assert "cannot be written" in str(lanes.failure)
        assert lanes.by_number[0].position == 0
        lanes.close([0])


async def test_dead_records_leave_their_reason_and_their_place(tmp_path):
    async def work(records):
        return [Dead(DeadReason.NOT_JSON, "not JSON: x") for _ in records]

    with States() as states:
        lanes = _lanes(_sink(tmp_path), states, work)
        lanes.begin(0, 7, Counts(), None)
        lanes.take(Stretch(0, [_record(7)], 8, finished=True))
        await lanes.drain([0], 10)
        lanes.close([0])
    (path,) = tmp_path.glob("passed-*")
    letter = orjson.loads(path.read_bytes())
    assert letter["key"] == "u7"
    assert letter["headers"]["claimwire_outcome"] == "dead"
    assert letter["headers"]["claimwire_reason"] == "not_json"
    assert letter["headers"]["claimwire_offset"] == "7"
