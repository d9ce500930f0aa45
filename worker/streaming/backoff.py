"""How long to wait before the next attempt. Pure, the randomness is passed in."""

from __future__ import annotations

import random
from collections.abc import Callable

__all__ = ["Backoff"]


class Backoff:
    """Doubles from `first_s` to at most `most_s`; each wait is drawn from its upper half, so that many do not knock
    at the same moment. `reset` after a success.
    """

    def __init__(self, first_s: float, most_s: float, draw: Callable[[], float] = random.random) -> None:
        self._first_s, self._most_s, self._draw = first_s, most_s, draw
        self.attempts = 0

    def next_s(self) -> float:
        bound = min(self._most_s, self._first_s * 2.0 ** min(self.attempts, 32))
        self.attempts += 1
        return bound * (0.5 + 0.5 * self._draw())

    def reset(self) -> None:
        self.attempts = 0
