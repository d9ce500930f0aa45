"""Measures how long each step of an article takes. The extraction itself reads no clock."""

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
    """Call `begin` with the article's place in the batch, `lap` at the end of each of its steps, then `read`.

    Steps are measured in wall-clock seconds, which show a machine short of CPU; the cost of an article is measured in
    CPU seconds of the process.
    """

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, cpu: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._cpu = clock, cpu
        self._times: dict[int, _Times] = {}
        self._now = _Times()
        self._at = self._cpu_at = 0.0

    def clear(self) -> None:
        """Forgets the times of the last batch."""
        self._times = {}

    def begin(self, place: int) -> None:
        """Starts measuring the article at `place`; adds to the times that it has already."""
        self._now = self._times.setdefault(place, _Times())
        self._at, self._cpu_at = self._clock(), self._cpu()

    def lap(self, step: str) -> None:
        """Ends a step: the time since the last `begin` or `lap` is added to it."""
        at, cpu_at = self._clock(), self._cpu()
        self._now.laps[step] = self._now.laps.get(step, 0.0) + at - self._at
        self._now.cpu_s += cpu_at - self._cpu_at
        self._at, self._cpu_at = at, cpu_at

    def read(self, place: int) -> tuple[tuple[tuple[str, float], ...], float]:
        """The article's steps with their seconds, in order, and the CPU seconds of all of them."""
        times = self._times.get(place, _Times())
        return tuple(times.laps.items()), times.cpu_s
