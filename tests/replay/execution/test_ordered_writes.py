"""Writes in order: only what is safe is counted, and once, however often a replay is started."""

from __future__ import annotations

import asyncio
import random

import orjson
import pytest

from tests.replay.claims import extracted
from worker.contract.reasons import DeadReason, DropReason, RetryReason
from worker.contract.topics import Topics
from worker.replay.diff.sides import FileSide
from worker.replay.execution.article_states import ArticleStates
from worker.replay.execution.file_sink import FileSink
from worker.replay.execution.ordered_writes import OrderedWrites, WriteLimits
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import Target, side_topics
from worker.streaming.outcome import Dead, Drop, Retry
from worker.streaming.record import Record
from worker.streaming.topics.window_reader import Stretch

_ORDER = random.Random(7)  # noqa: S311 - only to mix the order
TOPICS = side_topics(Topics(), "", "t", Target.FILES)


def _record(offset, uri=None):
    return Record("raw", 0, offset, 0, (uri or f"u{offset}").encode(), b"{}", ())


def _extracted(record, claims=1):
    return extracted(record, TOPICS, claims)


async def _at_once(records):
    return [_extracted(record) for record in records]


async def _in_mixed_order(records):
    for _ in range(_ORDER.randrange(6)):
        await asyncio.sleep(0)
    return [_extracted(record) for record in records]


def _writes(sink, states, extract=_at_once, attempts=3):
    limits = WriteLimits(in_flight_bytes=10**6, max_batches=8, attempts=attempts)
    return OrderedWrites(extract, sink, states, TOPICS, Target.FILES, limits)


async def _until(holds):
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.005)


def _sink(folder, form="jsonl", piece_bytes=10**9):
    return FileSink(folder, TOPICS, form, piece_bytes=piece_bytes, piece_s=10**9)


async def _events(folder):
    side = FileSide("t", folder)
    return (
        [a async for a in side.articles()],
        [claim_id async for claim_id, _ in side.claims()],
        [p.raw.offset async for p in side.passed()],
    )


async def test_the_position_moves_in_order_and_only_over_what_is_safe(tmp_path):
    sink = _sink(tmp_path)
    with ArticleStates() as states:
        writes = _writes(sink, states, _in_mixed_order)
        writes.begin(0, 5, ReplayCounts(), None)
        for start in range(5, 45, 4):
            writes.take(Stretch(0, [_record(n) for n in range(start, start + 4)], start + 4, finished=False))
        await _until(lambda: writes.in_flight_bytes == 0)
        progress = writes.progress()[0]
        assert (progress.position, progress.counts.read) == (5, 0)  # written, but in no closed file
        await writes.drain([0], 10)
        progress = writes.progress()[0]
        counts = progress.counts
        assert (progress.position, counts.read, counts.ok, counts.claims) == (45, 40, 40, 40)
        assert writes.in_flight_bytes == 0
        writes.close([0])
    articles, claims, _ = await _events(tmp_path)
    assert [a.raw.offset for a in articles] == list(range(5, 45))
    assert len(set(claims)) == 40


async def test_the_end_of_a_partition_is_safe_without_anybody_asking(tmp_path):
    with ArticleStates() as states:
        writes = _writes(_sink(tmp_path), states)
        writes.begin(0, 0, ReplayCounts(), None)
        writes.take(Stretch(0, [_record(0)], 1, finished=False))
        writes.take(Stretch(0, [], 9, finished=True, lost=4))
        await _until(lambda: writes.progress()[0].position == 9)
        counts = writes.progress()[0].counts
        assert (counts.read, counts.lost) == (1, 4)
        writes.close([0])


@pytest.mark.parametrize("form", ["jsonl", "jsonl.zst", "parquet"])
@pytest.mark.parametrize("first_end", [4, 8, 12])
async def test_what_was_closed_and_not_committed_is_overwritten(tmp_path, form, first_end):
    """Killed after its files were closed and before the commit; begun again, the pieces are cut otherwise."""

    async def extract(records):
        return [Drop(DropReason.LANGUAGE, "fr") if r.offset % 5 == 4 else _extracted(r, claims=2) for r in records]

    async def run(start, steps, piece_bytes):
        with ArticleStates() as states:
            writes = _writes(_sink(tmp_path, form, piece_bytes), states, extract)
            writes.begin(0, start, ReplayCounts(), start or None)
            for begin in range(start, 12, 4):
                if begin >= steps:
                    break
                writes.take(Stretch(0, [_record(n) for n in range(begin, begin + 4)], begin + 4, begin >= 8))
            await writes.drain([0], 10)
            counts = writes.progress()[0].counts
            writes.close([0])
            return counts

    await run(0, first_end, 10**9)
    counts = await run(0, 12, 1)  # a piece for every batch
    assert (counts.read, counts.ok, counts.dropped, counts.claims) == (12, 10, 2, 20)
    articles, claims, passed = await _events(tmp_path)
    assert sorted(a.raw.offset for a in articles) == [n for n in range(12) if n % 5 != 4]
    assert len(claims) == len(set(claims)) == 20
    assert sorted(passed) == [4, 9]
    assert not list(tmp_path.glob("*.part"))


async def test_an_articles_state_goes_on_where_the_replay_does(tmp_path):
    """The second version drops a claim: whoever resumes between the two must know the first."""

    async def extract(records):
        return [_extracted(r, claims=1 if r.offset else 2) for r in records]

    async def one(start, record):
        with ArticleStates() as states:
            writes = _writes(_sink(tmp_path), states, extract)
            writes.begin(0, start, ReplayCounts(), start or None)
            writes.take(Stretch(0, [record], record.offset + 1, finished=False))
            await writes.drain([0], 10)
            assert writes.failure is None
            writes.close([0])

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

    async def extract(records):
        tries.append([r.offset for r in records])
        return [
            Retry(RetryReason.MEMORY, "no", 0.0)
            if r.offset == 1 or (r.offset == 2 and len(tries) < 2)
            else _extracted(r)
            for r in records
        ]

    with ArticleStates() as states:
        writes = _writes(_sink(tmp_path), states, extract)
        writes.begin(0, 0, ReplayCounts(), None)
        writes.take(Stretch(0, [_record(n) for n in range(3)], 3, finished=True))
        await writes.drain([0], 10)
        counts = writes.progress()[0].counts
        writes.close([0])
    assert tries == [[0, 1, 2], [1, 2], [1]]
    assert (counts.ok, counts.dead) == (2, 1)
    assert counts.reasons == {f"dead.{DeadReason.RETRIES_EXHAUSTED}": 1}


async def test_a_partition_that_was_closed_writes_and_counts_nothing_more(tmp_path):
    begun, gate = asyncio.Event(), asyncio.Event()

    async def extract(records):
        begun.set()
        await gate.wait()
        return [_extracted(record) for record in records]

    with ArticleStates() as states:
        writes = _writes(_sink(tmp_path), states, extract)
        writes.begin(0, 0, ReplayCounts(), None)
        writes.take(Stretch(0, [_record(0)], 1, finished=True))
        await begun.wait()
        done_here = writes.close([0])
        gate.set()
        await asyncio.gather(*(asyncio.all_tasks() - {asyncio.current_task()}), return_exceptions=True)
        assert (done_here.read, writes.partitions, writes.in_flight_bytes) == (0, [], 0)
        writes.take(Stretch(0, [_record(1)], 2, finished=True))  # of a partition that is gone
        assert writes.in_flight_bytes == 0
    assert not list(tmp_path.iterdir())


async def test_a_failure_of_the_writing_is_told_and_nothing_moves(tmp_path):
    (tmp_path / "folder").write_text("a file where a folder should be", encoding="utf-8")
    with ArticleStates() as states:
        writes = _writes(_sink(tmp_path / "folder"), states)
        writes.begin(0, 0, ReplayCounts(), None)
        writes.take(Stretch(0, [_record(0)], 1, finished=True))
        await _until(lambda: writes.failure is not None)
        assert "cannot be written" in str(writes.failure)
        assert writes.progress()[0].position == 0
        writes.close([0])


async def test_dead_records_leave_their_reason_and_their_place(tmp_path):
    async def extract(records):
        return [Dead(DeadReason.NOT_JSON, "not JSON: x") for _ in records]

    with ArticleStates() as states:
        writes = _writes(_sink(tmp_path), states, extract)
        writes.begin(0, 7, ReplayCounts(), None)
        writes.take(Stretch(0, [_record(7)], 8, finished=True))
        await writes.drain([0], 10)
        writes.close([0])
    (path,) = tmp_path.glob("passed-*")
    letter = orjson.loads(path.read_bytes())
    assert letter["key"] == "u7"
    assert letter["headers"]["claimwire_outcome"] == "dead"
    assert letter["headers"]["claimwire_reason"] == "not_json"
    assert letter["headers"]["claimwire_offset"] == "7"
