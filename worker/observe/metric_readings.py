"""Reads the metrics back as sums, series and quantiles, so that the page shows the same numbers as the metrics."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable

from prometheus_client.registry import Collector

__all__ = ["Quantiles", "series", "total"]


def series(metric: Collector, suffix: str = "") -> dict[tuple[str, ...], float]:
    """The values of a counter (`_total`) or a gauge by its labels, in the order of their declaration."""
    values = {}
    for family in metric.collect():
        for sample in family.samples:
            if sample.name == family.name + suffix or sample.name == family.name + "_total":
                values[tuple(sample.labels.values())] = sample.value
    return values


def total(metric: Collector, *first_labels: str) -> float:
    """The sum over all series whose first labels are these."""
    return sum(value for labels, value in series(metric).items() if labels[: len(first_labels)] == first_labels)


class Quantiles:
    """Quantiles of a histogram over about the last five minutes: its buckets now minus its buckets then."""

    def __init__(self, histogram: Collector, *, kept: int = 31) -> None:
        self._histogram = histogram
        self._then: deque[dict[tuple[str, ...], _Buckets]] = deque(maxlen=kept)

    def take(self) -> None:
        """Keeps the buckets as they are now. Call it every ten seconds."""
        self._then.append(self._now())

    def read(self) -> dict[tuple[str, ...], dict[str, float]]:
        """By labels: {count, mean, p50, p95, p99, total}. `total` counts from the start, the rest over the window."""
        by_labels = {}
        before = self._then[0] if self._then else {}
        for labels, buckets in self._now().items():
            recent = buckets.minus(before[labels]) if labels in before else buckets
            by_labels[labels] = {
                "count": recent.count,
                "mean": recent.sum / recent.count if recent.count else 0.0,
                "p50": recent.quantile(0.5),
                "p95": recent.quantile(0.95),
                "p99": recent.quantile(0.99),
                "total": buckets.count,
            }
        return by_labels

    def _now(self) -> dict[tuple[str, ...], _Buckets]:
        by_labels: dict[tuple[str, ...], _Buckets] = {}
        for family in self._histogram.collect():
            for sample in family.samples:
                labels = tuple(value for name, value in sample.labels.items() if name != "le")
                buckets = by_labels.setdefault(labels, _Buckets())
                if sample.name.endswith("_bucket"):
                    buckets.bounds.append(float(sample.labels["le"]))
                    buckets.cumulative.append(sample.value)
                elif sample.name.endswith("_sum"):
                    buckets.sum = sample.value
        return by_labels


class _Buckets:
    def __init__(self, bounds: Iterable[float] = (), cumulative: Iterable[float] = (), total: float = 0.0) -> None:
        self.bounds, self.cumulative, self.sum = list(bounds), list(cumulative), total

    @property
    def count(self) -> float:
        return self.cumulative[-1] if self.cumulative else 0.0

    def minus(self, earlier: _Buckets) -> _Buckets:
        return _Buckets(
            self.bounds,
            [a - b for a, b in zip(self.cumulative, earlier.cumulative, strict=True)],
            self.sum - earlier.sum,
        )

    def quantile(self, share: float) -> float:
        """As Prometheus computes it: evenly spread inside a bucket; above the last bound, that bound."""
        if not self.count:
            return 0.0
        rank = share * self.count
        index = bisect_left(self.cumulative, rank)
        if index >= len(self.bounds) - 1:
            return self.bounds[-2] if len(self.bounds) > 1 else 0.0
        lower = self.bounds[index - 1] if index else 0.0
        below = self.cumulative[index - 1] if index else 0.0
        within = self.cumulative[index] - below
        return lower + (self.bounds[index] - lower) * ((rank - below) / within if within else 1.0)
