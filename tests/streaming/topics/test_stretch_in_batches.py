"""A stretch of a partition cut into batches."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from worker.streaming.record import Record
from worker.streaming.topics.window_reader import Stretch, stretch_in_batches


@given(st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=40), st.integers(1, 5), st.integers(1, 3000))
def test_batches_are_the_stretch_in_order_and_each_knows_how_far_it_reaches(sizes, most, most_bytes):
    records, offset = [], 10
    for length, gap in sizes:
        offset += 1 + gap
        records.append(Record("t", 0, offset, 0, None, bytes(length), ()))
    stretch = Stretch(0, records, offset + 5, finished=True, lost=2)
    batches = list(stretch_in_batches(stretch, most, most_bytes))
    assert [r for batch in batches for r in batch.records] == records
    assert all(len(batch.records) <= most for batch in batches)
    assert all(len(b.records) == 1 or sum(r.size for r in b.records) <= most_bytes for b in batches if b.records)
    for batch, following in itertools.pairwise(batches):
        assert batch.records[-1].offset < batch.position <= following.records[0].offset
        assert not batch.finished
    assert (batches[-1].position, batches[-1].finished) == (offset + 5, True)
    assert sum(batch.lost for batch in batches) == 2
