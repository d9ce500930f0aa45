"""The pure parts: top-N, history, quantiles, positions."""

from __future__ import annotations

from collections import Counter as Counted

import pytest
from aiokafka import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from tests.observe.happenings import Clock, done, raw
from worker.observe.history import History
from worker.observe.lag import Positions
from worker.observe.metrics import Metrics
from worker.observe.readings import Quantiles
from worker.observe.topn import Costliest

_P0 = TopicPartition("articles.raw", 0)


@given(st.lists(st.integers(0, 30), max_size=400), st.integers(1, 12))
def test_the_top_n_is_bounded_and_misses_nobody_above_its_least(stream, capacity):
    costliest, true = Costliest(capacity), Counted()
    for number in stream:
        costliest.add(f"p{number}", seconds=1.0, size=10, dead=False)
        true[f"p{number}"] += 1
    kept = costliest.by_seconds(capacity + 1)
    assert len(kept) == len(costliest) <= capacity
    for cost in kept:
        assert cost.seconds <= true[cost.publisher] <= cost.seconds + cost.inherited_seconds
    if len(kept) == capacity:
        least = min(cost.seconds + cost.inherited_seconds for cost in kept)
        assert {p for p, seconds in true.items() if seconds > least} <= {cost.publisher for cost in kept}


def test_a_publisher_of_nothing_but_dead_letters_is_seen():
    costliest = Costliest(2)
    for _ in range(50):
        costliest.add("broken.example", seconds=0.0, size=10, dead=True)
    for number in range(20):
        costliest.add(f"p{number}", seconds=0.001, size=10, dead=False)
    assert costliest.by_dead(5)[0].publisher == "broken.example"


def test_rates_come_from_counters_and_gauges_stay():
    history = History(frozenset({"lag"}))
    for second in range(8000):
        history.take(1000.0 + second, {"read": second * 5.0, "lag": second % 7})
    assert history.now("read") == pytest.approx(5.0)
    minutes, hour = history.last_minutes(), history.last_hour()
    assert len(minutes["at"]) == len(minutes["read"]) == 120
    assert len(hour["at"]) == len(hour["lag"]) == 360
    assert hour["at"][-1] - hour["at"][0] == 3590
    assert set(hour["read"]) == {5.0}


def test_no_rate_before_there_are_two_samples():
    history = History()
    assert history.now("read") == 0.0
    assert history.last_hour() == {"at": []}
    history.take(1.0, {"read": 9.0})
    assert history.now("read") == 0.0


def test_quantiles_are_of_the_window_not_of_all_time():
    metrics = Metrics()
    quantiles = Quantiles(metrics.stage_seconds, kept=2)
    for _ in range(100):
        metrics.stage_seconds.labels("parse").observe(4.0)
    quantiles.take()
    for _ in range(100):
        metrics.stage_seconds.labels("parse").observe(0.02)
    read = quantiles.read()["parse",]
    assert read["count"] == 100
    assert read["total"] == 200
    assert read["mean"] == pytest.approx(0.02)
    assert 0.01 <= read["p95"] <= 0.025


def test_lag_is_what_is_not_committed_and_as_old_as_the_oldest_unsettled_record():
    clock = Clock(100.0)
    positions = Positions(clock)
    positions.assigned("ingest", [_P0], 1)
    (lag,) = positions.lags()
    assert (lag.records, lag.seconds, lag.end) == (0, 0.0, None)
    positions.told("ingest", {_P0: 10}, {_P0: 30})
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


def test_an_end_that_a_broker_tells_too_low_does_not_hide_what_was_read():
    positions = Positions(Clock(100.0))
    positions.assigned("ingest", [_P0], 1)
    positions.record_taken("ingest", raw(99))
    positions.told("ingest", {_P0: 90}, {_P0: 1})
    assert positions.lags()[0].records == 10
