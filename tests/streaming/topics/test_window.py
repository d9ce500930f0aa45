from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.streaming.record import Record
from worker.streaming.topics.window import Bounds, Selection, Window, narrowed


def _record(offset, timestamp, partition=0):
    return Record("t", partition, offset, timestamp, None, b"", ())


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(0, 30)), max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_a_window_by_time_holds_exactly_the_records_of_that_time(steps, since, until):
    # gaps between offsets, timestamps in any order
    records, offset = [], 5
    for gap, timestamp in steps:
        offset += gap
        records.append(_record(offset, timestamp))
    end = offset + 3  # two markers at the end
    first_at = next((r.offset for r in records if r.timestamp >= since), None)
    selection = Selection(topic="t", from_ms=since, to_ms=until)
    bounds = narrowed(selection, {0: 5}, {0: end}, {0: first_at}, {})
    window = Window(topic="t", bounds=bounds, from_ms=since, to_ms=until)
    held = [r for r in records if window.holds(r)]
    assert held == [r for r in records if since <= r.timestamp < until]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(0, 40), st.integers(0, 40), st.integers(0, 6))
def test_a_known_lateness_shortens_the_way_and_loses_nothing(delays, since, until, lateness):
    # a record is at most five older than one before it
    records = [_record(i, max(0, i - delay)) for i, delay in enumerate(delays)]

    def first_at(at):
        return next((r.offset for r in records if r.timestamp >= at), None)

    selection = Selection(topic="t", from_ms=since, to_ms=until, lateness_ms=lateness)
    end = {0: len(records)}
    bounds = narrowed(selection, {0: 0}, end, {0: first_at(since)}, {0: first_at(until + lateness)})
    window = Window(topic="t", bounds=bounds, from_ms=since, to_ms=until)
    wanted = [r for r in records if since <= r.timestamp < until]
    if lateness >= 5:
        assert [r for r in records if window.holds(r)] == wanted
    assert bounds[0].width <= len(records)


def test_offsets_are_clipped_to_what_the_topic_holds():
    selection = Selection(topic="t", from_offsets={-1: 3, 1: 0}, to_offsets={-1: 99, 1: 7})
    bounds = narrowed(selection, {0: 5, 1: 5, 2: 0}, {0: 10, 1: 10, 2: 2}, {}, {})
    assert bounds == {0: Bounds(5, 10), 1: Bounds(5, 7), 2: Bounds(2, 2)}


def test_a_window_past_the_end_is_empty_and_not_turned_around():
    past = narrowed(Selection(topic="t", from_ms=50), {0: 0, 1: 4}, {0: 9, 1: 4}, {0: None, 1: None}, {})
    assert [b.width for b in past.values()] == [0, 0]
    turned = narrowed(Selection(topic="t", from_offsets={-1: 8}, to_offsets={-1: 2}), {0: 0}, {0: 9}, {}, {})
    assert turned[0].width == 0


def test_a_record_without_a_timestamp_is_in_no_time():
    window = Window(topic="t", bounds={0: Bounds(0, 9)}, to_ms=50)
    assert not window.holds(_record(1, -1))
    assert Window(topic="t", bounds={0: Bounds(0, 9)}).holds(_record(1, -1))
    assert not window.holds(_record(1, 1, partition=3))
