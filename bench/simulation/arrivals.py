"""How many articles arrive in each second of a day: a calm curve with its peak, and breaking news."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["DAY_S", "Arrivals", "breaking_news", "daily"]

DAY_S = 24 * 3600

Arrivals = Callable[[int], float]
"""Articles a second at a second of the day."""


def daily(mean: float, peak: float = 2.0, peak_hour: float = 15.0) -> Arrivals:
    """A day whose mean is `mean` articles a second; at `peak_hour` it has `peak` times as many.

    The curve is a sine, at the other end of the day as far below the mean as it is above it here.
    """

    def at(second: int) -> float:
        angle = 2 * math.pi * (second - 3600 * peak_hour) / DAY_S
        return mean * (1 + (peak - 1) * math.cos(angle))

    return at


def breaking_news(
    calm: Arrivals, rate: float, *, begins_hour: float, lasts_s: float = 600.0, fades_s: float = 1800.0
) -> Arrivals:
    """`rate` articles a second beside the calm ones from `begins_hour` on, then fewer and fewer: a third after each
    `fades_s` seconds.
    """
    begins = 3600 * begins_hour

    def at(second: int) -> float:
        since = second - begins
        if since < 0:
            return calm(second)
        if since < lasts_s:
            return calm(second) + rate
        return calm(second) + rate * math.exp(-(since - lasts_s) / fades_s)

    return at
