"""Computes the wait before the next attempt. Pure: the randomness is passed in."""

from __future__ import annotations

import random
from collections.abc import Callable

__all__ = ["Backoff"]


class Backoff:
    """Waits that double from `first_s` up to `max_s`. Each is drawn from the upper half of its bound, so that many
    clients do not try again at the same moment. Call `reset` after a success.
    """

    def __init__(self, first_s: float, max_s: float, draw: Callable[[], float] = random.random) -> None:
        self._first_s, self._max_s, self._draw = first_s, max_s, draw
        self.attempts = 0

    def next_s(self) -> float:
        """The next wait in seconds; counts an attempt."""
        bound = min(self._max_s, self._first_s * 2.0 ** min(self.attempts, 32))
        self.attempts += 1
        return bound * (0.5 + 0.5 * self._draw())

    def reset(self) -> None:
        self.attempts = 0
