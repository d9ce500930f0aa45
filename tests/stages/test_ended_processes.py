"""A record whose extraction process ends keeps its place, unless it is the one that ends processes."""

from __future__ import annotations

import pytest

from worker.contract.reasons import RetryReason
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.stages.ingest import outcomes_of
from worker.streaming.outcome import Ok, Retry
from worker.streaming.pool.failures import ChildDied
from worker.streaming.record import Record


class _Pool:
    """Its processes end at the records in `deaths`, so many times each."""

    def __init__(self, deaths):
        self.deaths, self.asked = deaths, []

    async def run(self, records):
        self.asked.append([record.key for record in records])
        return [self._answer(record.key) for record in records]

    def _answer(self, key):
        if self.deaths.get(key, 0) == 0:
            return Ok(())
        self.deaths[key] -= 1
        return ChildDied(-9)


@pytest.mark.parametrize(("deaths", "comes_out"), [(1, True), (2, False)])
async def test_a_record_at_which_a_process_ended_is_tried_once_more_in_its_place(deaths, comes_out):
    pool = _Pool({b"b": deaths})
    records = [Record("articles.raw", 0, at, 0, key, b"{}", ()) for at, key in enumerate((b"a", b"b", b"c"))]
    outcomes = await outcomes_of(records, pool, Topics(), Settings())
    assert pool.asked == [[b"a", b"b", b"c"], [b"b"]]
    assert outcomes[0] == outcomes[2] == Ok(())
    if comes_out:
        assert outcomes[1] == Ok(())
    else:
        assert isinstance(outcomes[1], Retry)
        assert outcomes[1].reason is RetryReason.CHILD_DIED
