from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.streaming.byte_budget import ByteBudget, in_batches
from worker.streaming.record import Record


def _records(sizes):
    empty = Record("t", 0, 0, 0, None, b"", ()).size
    return [Record("t", 0, offset, 0, None, b"x" * max(0, size - empty), ()) for offset, size in enumerate(sizes)]


def test_it_is_full_at_the_limit_and_open_again_at_half_of_it():
    budget = ByteBudget(100)
    budget.take(99)
    assert not budget.full
    budget.take(30)  # one fetch may exceed the limit
    assert budget.full
    budget.give(78)
    assert budget.full
    budget.give(1)
    assert not budget.full
    assert (budget.in_flight, budget.peak) == (50, 129)


def test_more_than_was_taken_cannot_be_given_back():
    budget = ByteBudget(100)
    budget.take(10)
    with pytest.raises(ValueError, match="11 bytes given back, 10 were out"):
        budget.give(11)


def test_a_record_larger_than_the_bound_is_a_batch_of_its_own():
    batches = in_batches(_records([400, 400, 5000, 400, 400, 400]), 2, 1000)
    assert [[record.offset for record in batch] for batch in batches] == [[0, 1], [2], [3, 4], [5]]


@given(st.lists(st.integers(256, 3000), max_size=30), st.integers(1, 6), st.integers(256, 4000))
def test_batches_keep_the_order_and_each_is_within_both_bounds_or_a_single_record(sizes, max_records, max_bytes):
    records = _records(sizes)
    batches = list(in_batches(records, max_records, max_bytes))
    assert [record for batch in batches for record in batch] == records
    for batch in batches:
        assert 1 <= len(batch) <= max_records
        assert len(batch) == 1 or sum(record.size for record in batch) <= max_bytes
