"""Lag in records and in seconds, from what was read, settled and committed."""

from __future__ import annotations

from aiokafka import TopicPartition

from tests.observe.happenings import Clock, done, raw
from worker.observe.lag import Positions

_P0 = TopicPartition("articles.raw", 0)


def test_lag_is_what_is_not_committed_and_as_old_as_the_oldest_unsettled_record():
    clock = Clock(100.0)
    positions = Positions(clock)
    positions.assigned("ingest", [_P0], 1)
    (lag,) = positions.lags()
    assert (lag.records, lag.seconds, lag.end) == (0, 0.0, None)
    positions.update("ingest", {_P0: 10}, {_P0: 30})
    assert positions.lags()[0].records == 20
    for offset in (10, 11, 12):
        positions.record_taken("ingest", raw(offset, timestamp=90_000 + (offset - 10) * 1000))
    positions.settled("ingest", raw(11, timestamp=91_000), done())
    assert positions.lags()[0].seconds == 10.0
    positions.settled("ingest", raw(10, timestamp=90_000), done())
    assert positions.lags()[0].seconds == 8.0
    positions.settled("ingest", raw(12, timestamp=92_000), done())
    positions.committed("ingest", _P0, 13)
    (lag,) = positions.lags()
    assert (lag.records, lag.seconds) == (17, 8.0)  # what waits is younger than the last one settled
    positions.committed("ingest", _P0, 30)
    assert positions.lags()[0].seconds == 0.0
    positions.revoked("ingest", [_P0], 0)
    assert positions.lags() == []


def test_an_end_that_a_broker_reports_too_low_does_not_hide_what_was_read():
    positions = Positions(Clock(100.0))
    positions.assigned("ingest", [_P0], 1)
    positions.record_taken("ingest", raw(99))
    positions.update("ingest", {_P0: 90}, {_P0: 1})
    assert positions.lags()[0].records == 10


def test_the_age_grows_while_nobody_tells_the_end():
    clock = Clock(100.0)
    positions = Positions(clock)
    positions.assigned("ingest", [_P0], 1)
    positions.update("ingest", {_P0: 30}, {_P0: 30})
    clock.pass_(5.0)
    assert positions.lags()[0].seconds == 0.0  # one answer that is late
    clock.pass_(20.0)
    positions.update("ingest", {_P0: 30}, {})
    assert positions.lags()[0].seconds == 25.0
    positions.update("ingest", {}, {_P0: 30})
    assert positions.lags()[0].seconds == 0.0
