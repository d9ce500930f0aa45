"""What a user writes to choose records: partitions, offsets, times."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from worker.replay.plan import PlanError

__all__ = ["offsets_of", "partitions_of", "seconds_of", "time_of"]

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|d|w)")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 604_800}


def partitions_of(text: str) -> frozenset[int]:
    """`0,2-5`. Raises PlanError."""
    found: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise PlanError(f"partitions {text!r}: expected numbers and ranges, as in 0,2-5")
        found |= set(range(int(first), int(last if dash else first) + 1))
    return frozenset(found)


def offsets_of(text: str) -> Mapping[int, int]:
    """`1200` for every partition, or `0:1200,3:900`. Raises PlanError."""
    if text.strip().isdigit():
        return {-1: int(text)}
    found = {}
    for part in text.split(","):
        partition, colon, offset = part.strip().partition(":")
        if not (colon and partition.isdigit() and offset.isdigit()):
            raise PlanError(
                f"offsets {text!r}: expected one number, or partition:offset with commas, as in 0:1200,3:900"
            )
        found[int(partition)] = int(offset)
    return found


def seconds_of(text: str) -> float:
    """`90s`, `15m`, `6h`, `7d`, `2w`. Raises PlanError."""
    matched = _SPAN.fullmatch(text.strip().casefold())
    if matched is None:
        raise PlanError(f"{text!r}: expected a length of time, as in 90s, 15m, 6h or 7d")
    return float(matched[1]) * _SECONDS[matched[2]]


def time_of(text: str, now: datetime | None = None) -> int:
    """Milliseconds since 1970 of `2026-11-20`, `2026-11-20T09:30`, with or without a zone (UTC), or `7d` for that long
    ago. Raises PlanError.
    """
    if _SPAN.fullmatch(text.strip().casefold()):
        at = (now or datetime.now(UTC)) - timedelta(seconds=seconds_of(text))
        return int(at.timestamp() * 1000)
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise PlanError(
            f"{text!r}: expected a time, as in 2026-11-20, 2026-11-20T09:30Z, or 7d for seven days ago"
        ) from None
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
