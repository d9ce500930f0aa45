"""Stops the settling of records when too many of them go dead, before a topic empties into the dead letters. Pure.

Closed: records pass. Open: none is settled for `pause_s`. Probing, after that: `min_records` records pass; if too many
of them go dead as well it opens again, otherwise it closes. A restart of the process closes it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["NEVER_OPENS", "Breaker", "BreakerOptions", "BreakerState"]


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerOptions:
    share: float
    """It opens above this share of dead records; 1: never."""
    min_records: int
    """With fewer records in the window nothing is concluded."""
    window_s: float
    pause_s: float


NEVER_OPENS = BreakerOptions(share=1.0, min_records=1, window_s=0.0, pause_s=0.0)


class Breaker:
    """Times are seconds of one monotonic clock, passed in by the caller."""

    def __init__(self, options: BreakerOptions) -> None:
        self._options = options
        self._seen: deque[tuple[float, bool]] = deque()
        self._dead = 0
        self._opened_at = 0.0
        self._probes_left = 0
        self.state = BreakerState.CLOSED

    @property
    def dead(self) -> int:
        """Dead records in the window."""
        return self._dead

    @property
    def seen(self) -> int:
        """All records in the window."""
        return len(self._seen)

    def count(self, now: float, *, dead: bool) -> bool:
        """Counts a record that was settled. Returns True when this one opens the breaker.

        Records that were already admitted when it opened are still settled, but not counted.
        """
        if self._options.share >= 1 or self.state is BreakerState.OPEN:
            return False
        self._seen.append((now, dead))
        self._dead += dead
        self._forget(now)
        enough = len(self._seen) >= self._options.min_records
        if enough and self._dead > self._options.share * len(self._seen):
            self.state, self._opened_at = BreakerState.OPEN, now
            return True
        if self.state is BreakerState.PROBING and enough:
            self.state = BreakerState.CLOSED
        return False

    def admits(self, now: float) -> bool:
        """Whether more records may be settled now. While it probes, only until `min_records` have been admitted."""
        if self.state is BreakerState.OPEN and now >= self._opened_at + self._options.pause_s:
            self.state, self._probes_left = BreakerState.PROBING, self._options.min_records
            self._seen.clear()
            self._dead = 0
        match self.state:
            case BreakerState.CLOSED:
                return True
            case BreakerState.OPEN:
                return False
            case BreakerState.PROBING:
                return self._probes_left > 0

    def admit(self, records: int) -> None:
        """So many records are about to be settled. Follow with `count` for each, or with `give_back` on failure."""
        self._probes_left = max(0, self._probes_left - records)

    def give_back(self, records: int) -> None:
        """So many admitted records were not settled after all: others may be tried in their place."""
        if self.state is BreakerState.PROBING:
            self._probes_left += records

    def _forget(self, now: float) -> None:
        if self.state is BreakerState.PROBING:
            return  # probes that come slowly must lead to a conclusion, too
        while self._seen and now - self._seen[0][0] > self._options.window_s:
            self._dead -= self._seen.popleft()[1]
