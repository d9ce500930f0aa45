"""How many workers there are: what KEDA and Kubernetes' autoscaler make of the lag, as the chart sets them up."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

__all__ = ["LagScaler", "ScalerOptions"]

_TOLERANCE = 0.1
"""Of the wanted number of workers: Kubernetes' autoscaler leaves a smaller difference alone."""
_UP_WORKERS = 4
"""Kubernetes' default: each time that it looks, at most four workers more, or twice as many, whichever is more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalerOptions:
    """As in deploy/helm/claimwire/values.yaml; `cooldown_s` is the window in which the largest wish counts."""

    min_workers: int
    max_workers: int
    lag_threshold: float
    cooldown_s: int = 600
    looked_s: int = 15
    """Kubernetes' autoscaler looks so often."""


class LagScaler:
    """Asked at each second how many workers there shall be; it remembers its wishes of the cooldown."""

    def __init__(self, options: ScalerOptions) -> None:
        self._options = options
        self._wishes: deque[tuple[int, int]] = deque()
        self._workers = options.min_workers

    def workers(self, second: int, lag: float) -> int:
        """`lag`: records that wait, of all partitions."""
        options = self._options
        if second % options.looked_s:
            return self._workers
        wish = math.ceil(lag / options.lag_threshold)
        if self._workers and abs(lag / (options.lag_threshold * self._workers) - 1) <= _TOLERANCE:
            wish = self._workers
        wish = min(max(wish, options.min_workers), options.max_workers)
        self._wishes.append((second, wish))
        while self._wishes[0][0] <= second - options.cooldown_s:
            self._wishes.popleft()
        if wish > self._workers:
            most = max(self._workers + _UP_WORKERS, 2 * self._workers)
            self._workers = min(wish, most)
        else:
            self._workers = min(self._workers, max(wish for _, wish in self._wishes))
        return self._workers
