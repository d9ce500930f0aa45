"""Rates over the last hour, from counters that only grow. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

__all__ = ["History"]


@dataclass(frozen=True, slots=True)
class _Sample:
    at: float
    values: Mapping[str, float]


class History:
    """Samples of counters (turned into rates) and gauges (kept as they are): every second for the last two minutes,
    every ten seconds for the last hour. `gauges` names those that are no counters.
    """

    def __init__(self, gauges: frozenset[str] = frozenset()) -> None:
        self._gauges = gauges
        self._fine: deque[_Sample] = deque(maxlen=121)
        self._coarse: deque[_Sample] = deque(maxlen=361)

    def take(self, at: float, values: Mapping[str, float]) -> None:
        """`at`: seconds since 1970, rising."""
        sample = _Sample(at, dict(values))
        self._fine.append(sample)
        if not self._coarse or at - self._coarse[-1].at >= 10:
            self._coarse.append(sample)

    def now(self, name: str, over_s: float = 10.0) -> float:
        """The rate over the last seconds; 0 before there are two samples."""
        if len(self._fine) < 2:
            return 0.0
        last = self._fine[-1]
        first = next(sample for sample in self._fine if sample.at >= last.at - over_s - 0.5)
        if first is last:
            first = self._fine[-2]
        return max(last.values.get(name, 0.0) - first.values.get(name, 0.0), 0.0) / max(last.at - first.at, 0.001)

    def last_minutes(self) -> dict[str, list[float]]:
        return self._series(list(self._fine))

    def last_hour(self) -> dict[str, list[float]]:
        return self._series(list(self._coarse))

    def _series(self, samples: list[_Sample]) -> dict[str, list[float]]:
        """{"at": [...], name: [...]}: a point for each pair of neighbours, at the later one's time."""
        series: dict[str, list[float]] = {"at": [round(sample.at, 1) for sample in samples[1:]]}
        for name in samples[-1].values if samples else ():
            if name in self._gauges:
                series[name] = [sample.values.get(name, 0.0) for sample in samples[1:]]
            else:
                series[name] = [
                    round(max(b.values.get(name, 0.0) - a.values.get(name, 0.0), 0.0) / max(b.at - a.at, 0.001), 3)
                    for a, b in pairwise(samples)
                ]
        return series
