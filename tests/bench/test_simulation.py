"""The simulation of a day: what comes is done or waits, and workers come and go as the autoscaler would have it."""

from __future__ import annotations

import pytest

from bench.simulation.arrivals import DAY_S, breaking_news, daily
from bench.simulation.replay import Workers, replayed
from bench.simulation.scaling import LagScaler, ScalerOptions

_ONE_A_SECOND = Workers(rate=1.0, cores=1, partitions=8, starts_s=10, moves_s=2)


def _scaler(**other):
    return LagScaler(ScalerOptions(**{"min_workers": 1, "max_workers": 8, "lag_threshold": 100.0} | other))


def test_a_day_has_its_mean_and_its_peak():
    curve = daily(10.0, peak=2.0, peak_hour=15.0)
    assert sum(curve(second) for second in range(DAY_S)) == pytest.approx(10.0 * DAY_S, rel=1e-6)
    assert curve(15 * 3600) == pytest.approx(20.0)
    assert curve(3 * 3600) == pytest.approx(0.0)


def test_breaking_news_comes_beside_the_rest_and_fades():
    curve = breaking_news(lambda _: 1.0, 9.0, begins_hour=1.0, lasts_s=600, fades_s=100)
    assert [curve(3599), curve(3600), curve(4199)] == [1.0, 10.0, 10.0]
    assert curve(4300) == pytest.approx(1 + 9 / 2.718281828)


def test_what_comes_is_done_or_waits():
    day = replayed(lambda _: 2.0, _ONE_A_SECOND, lambda _second, _lag: 1, seconds=100)
    assert day.lag[-1] == pytest.approx(2.0 * 100 - 100)
    assert day.wait_s[-1] == pytest.approx(50, abs=1)  # the one that is read now came when half of all had come


def test_workers_beyond_the_partitions_stand_by():
    few = Workers(rate=1.0, cores=1, partitions=2)
    assert replayed(lambda _: 3.0, few, lambda _second, _lag: 8, seconds=60).lag[-1] == pytest.approx(60)


def test_a_worker_works_once_it_has_started_and_all_stand_still_when_it_joins():
    day = replayed(lambda _: 1.0, _ONE_A_SECOND, lambda second, _lag: 2 if second >= 20 else 1, seconds=60)
    assert day.working[29] == 1
    assert day.working[30] == 2
    assert day.lag[29] == pytest.approx(0)
    assert day.lag[31] == pytest.approx(2)
    assert day.lag[33] == pytest.approx(0)


def test_the_autoscaler_adds_at_most_four_or_twice_as_many_each_time_it_looks():
    scaler = _scaler()
    assert [scaler.workers(second, 10_000) for second in (0, 1, 15, 30)] == [5, 5, 8, 8]


def test_it_leaves_a_difference_of_a_tenth_alone():
    scaler = _scaler(min_workers=4)
    assert scaler.workers(0, 438) == 4
    assert scaler.workers(15, 450) == 5


def test_it_takes_workers_away_after_a_calm_while():
    scaler = _scaler(cooldown_s=60)
    scaler.workers(0, 400)
    assert [scaler.workers(second, 0) for second in range(15, 91, 15)] == [4, 4, 4, 1, 1, 1]
