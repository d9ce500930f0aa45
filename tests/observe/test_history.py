"""The history of the page: rates of counters, values of gauges, over minutes and over an hour."""

from __future__ import annotations

import pytest

from worker.observe.history import HOUR_WINDOW_S, MINUTES_WINDOW_S, History


def test_rates_come_from_counters_and_gauges_stay():
    history = History(frozenset({"lag"}))
    for second in range(8000):
        history.take(1000.0 + second, {"read": second * 5.0, "lag": second % 7})
    assert history.now("read") == pytest.approx(5.0)
    minutes, hour = history.last_minutes(), history.last_hour()
    assert len(minutes["at"]) == len(minutes["read"]) == 120
    assert len(hour["at"]) == len(hour["lag"]) == 360
    assert hour["at"][-1] - hour["at"][0] == 3590
    assert set(hour["read"]) == set(minutes["read"]) == {5.0}


def test_work_that_is_counted_in_batches_is_an_even_line():
    """A batch of 40 articles every 5 seconds: 8 a second, at whatever second one looks."""
    history = History()
    for second in range(4000):
        history.take(second + 0.03 * (second % 3), {"ok": 40.0 * (second // 5)})
    assert [rate for rate in history.last_minutes()["ok"] if not 7.8 < rate < 8.2] == []
    assert [rate for rate in history.last_hour()["ok"] if not 7.8 < rate < 8.2] == []
    assert history.now("ok") == pytest.approx(8.0, rel=0.02)


def test_a_burst_stays_visible_for_its_window_and_no_longer():
    history = History()
    for second in range(100):
        history.take(float(second), {"ok": 50.0 if second >= 60 else 0.0})
    series = history.last_minutes()
    high = [at for at, rate in zip(series["at"], series["ok"], strict=True) if rate]
    assert (min(high), max(high)) == (60.0, 60.0 + MINUTES_WINDOW_S - 1)
    assert {rate for rate in series["ok"] if rate} == {50.0 / MINUTES_WINDOW_S}


def test_no_rate_before_a_whole_window_has_passed():
    history = History(frozenset({"lag"}))
    assert history.now("read") is None
    assert history.so_far("read", 60) == 0.0
    assert history.last_hour() == {"at": []}
    history.take(0.0, {"read": 9.0, "lag": None})
    assert history.now("read") is None
    for second in range(1, int(HOUR_WINDOW_S)):
        history.take(float(second), {"read": 9.0 + second, "lag": None})
        assert (history.now("read") is None) == (second < MINUTES_WINDOW_S)
        assert history.so_far("read", 60) == pytest.approx(1.0)
    assert set(history.last_hour()["read"]) == {None}
    assert history.last_minutes()["lag"] == [None] * (int(HOUR_WINDOW_S) - 1)


def test_a_counter_that_begins_anew_is_no_negative_rate():
    history = History()
    for second in range(30):
        history.take(float(second), {"read": 100.0 + second if second < 20 else second - 20.0})
    assert min(rate for rate in history.last_minutes()["read"] if rate is not None) == 0.0
