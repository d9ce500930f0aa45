"""Quantiles read back from the buckets of a histogram."""

from __future__ import annotations

import pytest

from worker.observe.metric_readings import Quantiles
from worker.observe.metrics import Metrics


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
