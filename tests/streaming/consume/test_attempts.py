"""The note of what was begun: written, read by the next owner, and gone once all of it is done."""

from __future__ import annotations

import asyncio

import pytest

from worker.streaming.consume.dispatch.attempts import Attempts
from worker.streaming.consume.dispatch.turns import Turns
from worker.streaming.record import Record


def _records(*offsets):
    return [Record("articles.raw", 0, offset, 0, b"k", b"v", ()) for offset in offsets]


def _parts(attempts, records):
    return [([record.offset for record in some], alone) for some, alone in attempts.apart(records)]


def _restarted(note, records):
    """A worker begins with the first records and does not come back. The note that it leaves; None: not tried."""
    attempts = Attempts(note)
    some, alone = next(iter(attempts.apart(records)))
    if attempts.left_by(some[0]):
        return None
    attempts.begin(some, alone=alone)
    return attempts.note(records[0].offset)


def test_nothing_is_suspect_without_a_note():
    assert _parts(Attempts(), _records(3, 4)) == [([3, 4], False)]
    assert Attempts().note(0) == ""


@pytest.mark.parametrize("note", ["counts=5", "begun=", "begun=x", "begun=1;alone=2", "begun=" + "9" * 30, "begun=-1"])
def test_a_note_of_somebody_else_counts_as_none(note):
    assert _parts(Attempts(note), _records(0, 1)) == [([0, 1], False)]
    assert not Attempts(note).suspects_any
    assert Attempts("begun=0").suspects_any


def test_suspects_come_one_by_one_and_what_is_behind_them_together():
    assert _parts(Attempts("begun=4"), _records(3, 4, 7, 8)) == [([3], True), ([4], True), ([7, 8], False)]


def test_a_record_that_ends_every_worker_is_begun_four_times_and_then_no_more():
    notes, note = [], ""
    while note is not None:
        notes.append(note)
        note = _restarted(note, _records(3, 4, 5))
    assert notes == ["", "begun=5", "begun=5;alone=3x1", "begun=5;alone=3x2", "begun=5;alone=3x3"]


def test_the_count_is_that_of_one_record():
    attempts = Attempts("begun=5;alone=3x3")
    three, four = _records(3, 4)
    assert attempts.left_by(three)
    assert not attempts.left_by(four)
    attempts.begin([four], alone=True)
    assert attempts.note(4) == "begun=5;alone=4x1"
    assert attempts.note(5) == "begun=5"
    assert attempts.note(6) == ""


def test_a_worker_that_ends_after_the_work_on_a_record_does_not_count_against_it():
    note = "begun=5;alone=3x2"
    for _ in range(4):  # another record ends it each time before this one is settled
        attempts = Attempts(note)
        assert not attempts.left_by(_records(3)[0])
        attempts.begin(_records(3), alone=True)
        attempts.came_back(_records(3))
        note = attempts.note(3)
        assert note == "begun=5"


def test_what_came_back_says_nothing_of_another_record():
    attempts = Attempts("begun=5;alone=3x1")
    attempts.came_back(_records(2))
    assert attempts.note(3) == "begun=5;alone=3x1"


def test_suspects_that_were_not_tried_stay_suspect():
    attempts = Attempts("begun=5;alone=3x1")
    assert attempts.note(3) == "begun=5;alone=3x1"
    attempts.begin(_records(3), alone=True)
    attempts.given_up()
    assert attempts.note(3) == "begun=5;alone=3x1"


async def test_a_suspect_has_its_turn_while_nothing_else_has():
    turns, log, gates = Turns(), [], {name: asyncio.Event() for name in "abcd"}

    async def work(name, *, alone):
        async with turns.turn(alone=alone):
            log.append(name)
            await gates[name].wait()
            log.append(name.upper())

    tasks = [asyncio.create_task(work(name, alone=name == "c")) for name in "abcd"]
    await asyncio.sleep(0)
    for _ in range(10):
        await asyncio.sleep(0)
    assert log == ["a", "b"]
    gates["d"].set()
    gates["a"].set()
    gates["b"].set()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks[:2])
        while "c" not in log:
            await asyncio.sleep(0)
    assert log == ["a", "b", "A", "B", "c"]
    gates["c"].set()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks)
    assert log[5:] == ["C", "d", "D"]


async def test_a_suspect_that_is_cancelled_while_it_waits_lets_others_pass():
    turns = Turns()
    async with turns.turn(alone=False):
        waiting = asyncio.create_task(turns.turn(alone=True).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(5), turns.turn(alone=False):
            pass
