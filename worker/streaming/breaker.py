"""Stops the settling of records when too many of them go dead, before a topic empties into the dead letters. Pure.

Closed: records pass. Open: none is settled for `pause_s`. Then probing: `least` records pass; if too many of
them die as well it opens again, else it closes. A restart closes it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Breaker", "BreakerOptions", "BreakerState"]


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerOptions:
    share: float
    """Above this share of dead records it opens; 1 never does."""
    least: int
    """With fewer records in the window nothing is concluded."""
    window_s: float
    pause_s: float


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

    def settled(self, now: float, *, dead: bool) -> bool:
        """Counts a record. True when it is this one that opens the breaker.

        While it is open, what was in flight is still settled and not counted.
        """
        if self._options.share >= 1 or self.state is BreakerState.OPEN:
            return False
        self._seen.append((now, dead))
        self._dead += dead
        self._forget(now)
        enough = len(self._seen) >= self._options.least
        if enough and self._dead > self._options.share * len(self._seen):
            self.state, self._opened_at = BreakerState.OPEN, now
            return True
        if self.state is BreakerState.PROBING and enough:
            self.state = BreakerState.CLOSED
        return False

    def admits(self, now: float) -> bool:
        """Whether more may be settled now. While it probes, only until `least` have been let through."""
        if self.state is BreakerState.OPEN and now - self._opened_at >= self._options.pause_s:
            self.state, self._probes_left = BreakerState.PROBING, self._options.least
            self._seen.clear()
            self._dead = 0
        match self.state:
            case BreakerState.CLOSED:
                return True
            case BreakerState.OPEN:
                return False
            case BreakerState.PROBING:
                return self._probes_left > 0

    def let_through(self, records: int) -> None:
        """So many are about to be settled; each is told by `settled`, or by `given_back` if that came to nothing."""
        self._probes_left = max(0, self._probes_left - records)

    def given_back(self, records: int) -> None:
        if self.state is BreakerState.PROBING:
            self._probes_left += records

    def _forget(self, now: float) -> None:
        if self.state is BreakerState.PROBING:
            return  # a slow trickle of probes must come to a conclusion, too
        while self._seen and now - self._seen[0][0] > self._options.window_s:
            self._dead -= self._seen.popleft()[1]
