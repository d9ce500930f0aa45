"""How long each step of an article took: the clock that the extraction itself does not have."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Stopwatch"]


@dataclass(slots=True)
class _Times:
    laps: dict[str, float] = field(default_factory=dict)
    cpu_s: float = 0.0


class Stopwatch:
    """`begin` an article by its place in the batch, `lap` at the end of each step of it, then `read` it.

    Steps are wall-clock seconds, so that a machine without CPU to spare shows; beside them stands the CPU time of
    the process, which says what an article has cost.
    """

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, cpu: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._cpu = clock, cpu
        self._times: dict[int, _Times] = {}
        self._now = _Times()
        self._at = self._cpu_at = 0.0

    def clear(self) -> None:
        """Before a new batch."""
        self._times = {}

    def begin(self, place: int) -> None:
        """Goes on where the article has times already."""
        self._now = self._times.setdefault(place, _Times())
        self._at, self._cpu_at = self._clock(), self._cpu()

    def lap(self, step: str) -> None:
        at, cpu_at = self._clock(), self._cpu()
        self._now.laps[step] = self._now.laps.get(step, 0.0) + at - self._at
        self._now.cpu_s += cpu_at - self._cpu_at
        self._at, self._cpu_at = at, cpu_at

    def read(self, place: int) -> tuple[tuple[tuple[str, float], ...], float]:
        """The steps in their order with their seconds, and the CPU seconds of all of them."""
        times = self._times.get(place, _Times())
        return tuple(times.laps.items()), times.cpu_s
