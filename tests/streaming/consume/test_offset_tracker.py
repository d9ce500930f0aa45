from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.streaming.consume.offset_tracker import OffsetTracker


@given(st.lists(st.integers(1, 5), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_commits_only_below_the_lowest_that_is_not_done(gaps, random):
    # offsets of a compacted topic have holes
    offsets, at = [], 0
    for gap in gaps:
        at += gap
        offsets.append(at)
    tracker = OffsetTracker()
    for offset in offsets:
        tracker.take(offset)
    order = offsets[:]
    random.shuffle(order)
    done = set()
    for offset in order:
        tracker.done(offset)
        done.add(offset)
        committable = tracker.committable
        open_ones = [o for o in offsets if o not in done]
        if committable is not None:
            assert all(o >= committable for o in open_ones)
        if not open_ones:
            assert committable == offsets[-1] + 1


def test_what_holds_no_record_at_the_end_is_passed_over_also_when_it_was_fetched_with_the_last_records():
    tracker = OffsetTracker()
    tracker.take(0)
    tracker.done(0)
    tracker.pass_over(4)  # aborted records and markers up to 3
    assert tracker.committable == 4


def test_a_partition_of_which_nothing_was_read_has_nothing_to_commit():
    tracker = OffsetTracker()
    tracker.pass_over(7)
    assert tracker.committable is None
    tracker.pass_over(9)
    assert tracker.committable == 9
