"""The parts of a replay that need no broker."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.contract.topics import Topics
from worker.replay.counts import Counts
from worker.replay.pace import Pace, Share
from worker.replay.plan import Filter, Plan, PlanError, Target, side_specs, side_topics
from worker.replay.progress import duration, size
from worker.replay.selection import offsets_of, partitions_of, seconds_of, time_of
from worker.replay.states import States
from worker.streaming.record import Record
from worker.streaming.window import Bounds, Stretch, Window, in_batches

WINDOW = Window(topic="articles.raw", bounds={0: Bounds(3, 9), 11: Bounds(0, 0)}, from_ms=5, to_ms=None)
PLAN = Plan(
    name="mill-2",
    created_at="2026-11-20T09:00:00.000Z",
    window=WINDOW,
    filter=Filter(keys=("k",), publishers=("The Example",)),
    pipeline="7",
    models={"attribution": "m"},
    options={"model": True},
)


def test_a_plan_comes_back_from_its_bytes():
    assert Plan.decode(PLAN.encode()) == PLAN
    with pytest.raises(PlanError, match="of another version"):
        Plan.decode(b'{"nothing": 1}')


def test_who_joins_is_told_what_is_different():
    from dataclasses import replace

    later = replace(PLAN, created_at="2026-11-21T00:00:00.000Z", window=replace(WINDOW, bounds={0: Bounds(3, 99)}))
    assert PLAN.differences(later) == []
    other = replace(later, filter=Filter(), target=Target.FILES, window=replace(WINDOW, from_ms=6))
    assert len(PLAN.differences(other)) == 3
    assert any("from_ms: 5, asked for 6" in told for told in PLAN.differences(other))


@pytest.mark.parametrize("name", ["", "a b", "ü", "-x", "x" * 61, "a/b"])
def test_a_name_that_no_topic_could_have_is_refused(name):
    with pytest.raises(PlanError, match="the name"):
        Plan(name=name, created_at="", window=WINDOW)


def test_a_replay_never_writes_to_live_topics_unless_in_place():
    live = Topics.with_prefix("p.")
    aside = side_topics(live, "p.", "n", Target.TOPIC)
    written = {spec.name for spec in side_specs(aside, Target.TOPIC)}
    assert written == {"p.claims.replay.n", *(f"p.claims.replay.n.{kind}" for kind in ("extracted", "live", "passed"))}
    assert not written & {live.raw, live.extracted, live.claims, live.dead, live.retry, live.live}
    in_place = side_topics(live, "p.", "n", Target.IN_PLACE)
    assert (in_place.extracted, in_place.dead) == (live.extracted, "p.claims.replay.n.passed")


def test_a_filter_by_key_and_publisher():
    wanted = Filter(keys=("a", "b"), publishers=("the example",)).wanted()
    good = b'{"uri": "x", "body": "y", "publisher": "The Example"}'
    schema = b'{"@id": "x", "articleBody": "y", "publisher": {"name": "THE EXAMPLE"}}'

    def record(key, value):
        return Record("t", 0, 0, 0, key, value, ())

    assert wanted(record(b"a", good))
    assert wanted(record(b"b", schema))
    for key, value in ((b"c", good), (b"a", b"{"), (b"a", None), (b"a", b"[]"), (None, good), (b"a", b'{"body": 1}')):
        assert not wanted(record(key, value))
    assert Filter().wanted() is None


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=40), st.integers(1, 5), st.integers(1, 3000))
def test_batches_are_the_stretch_in_order_and_each_knows_how_far_it_reaches(sizes, most, most_bytes):
    records, offset = [], 10
    for length, gap in sizes:
        offset += 1 + gap
        records.append(Record("t", 0, offset, 0, None, bytes(length), ()))
    stretch = Stretch(0, records, offset + 5, finished=True, lost=2)
    batches = list(in_batches(stretch, most, most_bytes))
    assert [r for batch in batches for r in batch.records] == records
    assert all(len(batch.records) <= most for batch in batches)
    assert all(len(b.records) == 1 or sum(r.size for r in b.records) <= most_bytes for b in batches if b.records)
    for batch, following in itertools.pairwise(batches):
        assert batch.records[-1].offset < batch.position <= following.records[0].offset
        assert not batch.finished
    assert (batches[-1].position, batches[-1].finished) == (offset + 5, True)
    assert sum(batch.lost for batch in batches) == 2


def test_counts_travel_with_their_place_and_only_for_their_replay():
    counts = Counts(read=3, bytes=10, ok=1, dropped=1, dead=1, claims=7, lost=2)
    counts.reasons.update({"dropped.language": 1, "dead.not_json": 1})
    assert Counts.from_note(counts.note("abc"), "abc") == counts
    assert Counts.from_note(counts.note("abc"), "other") is None
    assert Counts.from_note("", "abc") is None
    assert Counts.from_note("[]", "abc") is None


def test_the_note_fits_beside_an_offset_with_every_reason_there_is():
    from worker.contract.dead_letter import DeadReason, DropReason

    counts = Counts(*[2**53] * 7)
    counts.reasons.update({f"dead.{r}": 2**53 for r in DeadReason} | {f"dropped.{r}": 2**53 for r in DropReason})
    assert len(counts.note("x" * 12).encode()) < 4000  # Kafka's offset.metadata.max.bytes is 4096


def test_the_pace_is_kept_over_time_and_not_saved_up():
    now = 0.0
    pace = Pace(10.0, clock=lambda: now)
    assert pace.wait_s == 0
    pace.take(5)
    assert pace.wait_s == pytest.approx(0.5)
    pace.take(5)
    now = 0.7
    assert pace.wait_s == pytest.approx(0.3)
    now = 100.0
    assert pace.wait_s == 0
    pace.take(20)
    assert pace.wait_s == pytest.approx(2)
    free = Pace(None)
    free.take(10**9)
    assert free.wait_s == 0


@pytest.mark.parametrize(
    ("share", "cores", "processes", "expected"),
    [
        (1.0, 4, 0, Share(4, 1.0, idle=False)),
        (0.5, 4, 0, Share(2, 1.0, idle=True)),
        (0.5, 1, 0, Share(1, 0.5, idle=True)),
        (0.3, 4, 0, Share(2, 0.6, idle=True)),
        (0.5, 4, 4, Share(4, 0.5, idle=True)),
        (1.0, 2, 8, Share(8, 1.0, idle=False)),
    ],
)
def test_a_share_is_processes_times_the_time_they_work(share, cores, processes, expected):
    found = Share.of(share, cores, processes)
    assert (found.processes, found.idle) == (expected.processes, expected.idle)
    assert found.duty == pytest.approx(expected.duty)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.01])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="replay_share"):
        Share.of(share, 2)


def test_states_are_kept_by_lane():
    with States() as states:
        states.put(1, [(b"a", b"1"), (b"b", b"2")])
        states.put(2, [(b"a", b"3")])
        states.put(1, [(b"a", b"4"), (b"b", None)])
        assert (states.get(1, b"a"), states.get(1, b"b"), states.get(2, b"a")) == (b"4", None, b"3")
        states.forget(1)
        assert (states.get(1, b"a"), states.get(2, b"a")) == (None, b"3")


def test_what_a_user_writes_to_choose_records():
    assert partitions_of("0,2-4") == {0, 2, 3, 4}
    assert offsets_of("12") == {-1: 12}
    assert offsets_of("0:12, 3:9") == {0: 12, 3: 9}
    assert [seconds_of(text) for text in ("90s", "15m", "6h", "7d", "2w", "1.5 h")] == [
        90,
        900,
        21600,
        604800,
        1209600,
        5400,
    ]
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert time_of("1d", now) == int(datetime(2026, 11, 19, 12, tzinfo=UTC).timestamp() * 1000)
    assert time_of("2026-11-20") == time_of("2026-11-20T00:00Z") == time_of("2026-11-20T01:00+01:00")


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (partitions_of, "1-"),
        (partitions_of, "x"),
        (offsets_of, "a:1"),
        (seconds_of, "7"),
        (time_of, "tomorrow"),
        (time_of, ""),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_was_expected(read, text):
    with pytest.raises(PlanError, match="expected"):
        read(text)


def test_durations_and_sizes_as_people_say_them():
    assert [duration(s) for s in (4.4, 125, 3700, 100_000)] == ["4 s", "2 min 5 s", "1 h 1 min", "1 d 3 h"]
    assert [size(n) for n in (5, 2048, 5 * 1024**3)] == ["5 B", "2.0 KiB", "5.0 GiB"]
