"""Rates over the last hour, from counters that only grow. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["HOUR_WINDOW_S", "MINUTES_WINDOW_S", "History", "Series"]

MINUTES_WINDOW_S = 10.0
"""Seconds that each rate of the last two minutes is taken over: articles are counted batch by batch, so that over a
single second a busy worker seems to do nothing, or far too much."""
HOUR_WINDOW_S = 60.0
"""The same for the last hour."""

Series = dict[str, list[float | None]]
"""{"at": seconds since 1970, name: values}. None: nothing was measured there, or not yet over a whole window."""


@dataclass(frozen=True, slots=True)
class _Sample:
    at: float
    values: Mapping[str, float | None]


class History:
    """Keeps samples: one a second for the last two minutes, one every ten seconds for the last hour.

    Counters are read as rates, those named in `gauges` as they are.
    """

    def __init__(self, gauges: frozenset[str] = frozenset()) -> None:
        self._gauges = gauges
        # before the first point that is shown lies the window of its rate
        self._fine: deque[_Sample] = deque(maxlen=120 + 11)
        self._coarse: deque[_Sample] = deque(maxlen=360 + 7)

    def take(self, at: float, values: Mapping[str, float | None]) -> None:
        """`at`: seconds since 1970, rising. A gauge that is not known is None."""
        sample = _Sample(at, dict(values))
        self._fine.append(sample)
        if not self._coarse or at - self._coarse[-1].at >= 9.5:
            self._coarse.append(sample)

    def now(self, name: str, over_s: float = MINUTES_WINDOW_S) -> float | None:
        """The rate over the last seconds; None before so many have passed."""
        samples = list(self._fine)
        return _rate(name, samples, len(samples) - 1, _window_start(samples, len(samples) - 1, over_s, 0.5))

    def so_far(self, name: str, over_s: float) -> float:
        """The rate over the last seconds, or over those since the start if they are fewer; 0 before two samples."""
        samples = list(self._fine)
        begin = _window_start(samples, len(samples) - 1, over_s, 0.5) or 0
        return _rate(name, samples, len(samples) - 1, begin) or 0.0

    def last_minutes(self) -> Series:
        return self._series(list(self._fine), 120, MINUTES_WINDOW_S, 0.5)

    def last_hour(self) -> Series:
        return self._series(list(self._coarse), 360, HOUR_WINDOW_S, 5.0)

    def _series(self, samples: Sequence[_Sample], most: int, window_s: float, slack_s: float) -> Series:
        """A point for each of the last `most` samples but the very first: it has no rate, and begins the line."""
        shown = range(max(1, len(samples) - most), len(samples))
        begins = [_window_start(samples, index, window_s, slack_s) for index in shown]
        series: Series = {"at": [round(samples[index].at, 1) for index in shown]}
        for name in samples[-1].values if samples else ():
            if name in self._gauges:
                series[name] = [samples[index].values.get(name) for index in shown]
            else:
                rates = (_rate(name, samples, index, begin) for index, begin in zip(shown, begins, strict=True))
                series[name] = [None if rate is None else round(rate, 3) for rate in rates]
        return series


def _window_start(samples: Sequence[_Sample], last: int, window_s: float, slack_s: float) -> int | None:
    """The youngest sample that lies a whole window before `last`; None where there is none.

    `slack_s`: how much less is a whole window too, since samples do not come on the dot.
    """
    for index in range(last - 1, -1, -1):
        if samples[index].at <= samples[last].at - window_s + slack_s:
            return index
    return None


def _rate(name: str, samples: Sequence[_Sample], last: int, begin: int | None) -> float | None:
    if begin is None or begin >= last:
        return None
    grown = (samples[last].values.get(name) or 0.0) - (samples[begin].values.get(name) or 0.0)
    return max(grown, 0.0) / max(samples[last].at - samples[begin].at, 0.001)
