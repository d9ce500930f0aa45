"""A day of articles through workers that come and go: lag, waiting and cores, second by second."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bench.simulation.arrivals import DAY_S, Arrivals

__all__ = ["Day", "Workers", "replayed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """What was measured. `rate`: articles a second of one worker, all its processes together."""

    rate: float
    cores: int
    partitions: int
    starts_s: int = 45
    """From the decision to the first article: a pod is placed, its container and the worker start."""
    moves_s: int = 4
    """All stand still for so long whenever a worker joins or leaves: partitions are given back and handed out again."""


@dataclass(frozen=True, slots=True)
class Day:
    """By second: articles that wait, workers that work, and how long the article that is read then has waited."""

    lag: list[float]
    working: list[int]
    wait_s: list[float]

    @property
    def longest_wait_s(self) -> float:
        return max(self.wait_s)

    def core_hours(self, workers: Workers) -> float:
        return workers.cores * sum(self.working) / 3600

    def behind_s(self, more_than_s: float) -> int:
        """Seconds of the day in which what is read has waited for longer than this."""
        return sum(wait > more_than_s for wait in self.wait_s)


def replayed(arrivals: Arrivals, workers: Workers, wanted: Callable[[int, float], int], seconds: int = DAY_S) -> Day:
    """`wanted`: how many workers there shall be at a second with this lag."""
    lag: list[float] = []
    working_at: list[int] = []
    waits: list[float] = []
    came: deque[tuple[int, float]] = deque()
    """Those that wait, by the second in which they came."""
    behind = 0.0
    working = wanted(0, 0.0)
    starting: deque[int] = deque()
    still_until = 0
    for second in range(seconds):
        arrived = arrivals(second)
        behind += arrived
        came.append((second, arrived))
        wish = wanted(second, behind)
        while wish > working + len(starting):
            starting.append(second + workers.starts_s)
        while starting and wish < working + len(starting):
            starting.pop()
        if wish < working:
            working, still_until = wish, second + workers.moves_s
        ready = 0
        while starting and starting[0] <= second:
            starting.popleft()
            ready += 1
        if ready:
            working, still_until = working + ready, second + workers.moves_s
        done = 0.0 if second < still_until else workers.rate * min(working, workers.partitions)
        behind = max(0.0, behind - done)
        while came and done > 0:
            when, left = came[0]
            if left > done:
                came[0] = when, left - done
                break
            came.popleft()
            done -= left
        lag.append(behind)
        working_at.append(working)
        waits.append(float(second - came[0][0]) if came and behind > 0 else 0.0)
    return Day(lag, working_at, waits)
