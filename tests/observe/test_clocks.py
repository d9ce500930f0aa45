"""A record from the future is named, once in a while."""

from __future__ import annotations

import logging

import pytest

from worker.observe.clocks import Clocks
from worker.streaming.record import Record

_NOW = 1_800_000_000


@pytest.mark.parametrize(("ahead_s", "said"), [(-1e6, 0), (0, 0), (100, 0), (6 * 3600, 1)])
def test_a_time_that_no_clock_has_reached_is_named_once(caplog, ahead_s, said):
    passed = [0.0]
    clocks = Clocks(now=lambda: float(_NOW), passed=lambda: passed[0])
    record = Record("articles.raw", 1, 7, int((_NOW + ahead_s) * 1000), b"k", b"v", ())
    with caplog.at_level(logging.WARNING, "claimwire.clock"):
        for _ in range(3):
            clocks.record_taken("ingest", record)
        assert len(caplog.records) == said
        passed[0] = 700.0
        clocks.record_taken("ingest", record)
    assert len(caplog.records) == 2 * said
    assert all(f"{ahead_s:.0f} s ahead" in line.getMessage() for line in caplog.records)
