"""How many bytes may be in flight, and when intake pauses and goes on. Pure."""

from __future__ import annotations

__all__ = ["ByteBudget"]


class ByteBudget:
    """Counts bytes taken and given back. Full at the limit, open again at half of it: pausing has a cost, so it
    must not flicker. One fetch may overshoot the limit; the next does not happen before it is paid back.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.in_flight = 0
        self.peak = 0
        self.full = False

    def take(self, size: int) -> None:
        self.in_flight += size
        self.peak = max(self.peak, self.in_flight)
        if self.in_flight >= self.limit:
            self.full = True

    def give(self, size: int) -> None:
        if size > self.in_flight:
            raise ValueError(f"{size} bytes given back, {self.in_flight} were out")
        self.in_flight -= size
        if self.in_flight <= self.limit // 2:
            self.full = False
