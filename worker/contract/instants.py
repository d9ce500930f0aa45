"""Instants as the messages have them."""

from __future__ import annotations

from datetime import MINYEAR, UTC, datetime

__all__ = ["in_utc"]

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def in_utc(at: datetime | None) -> str | None:
    """As UTC, which it also is where it names no zone; beyond the calendar its first or last instant."""
    if at is None:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    try:
        moved = at.astimezone(UTC)
    except OverflowError:
        moved = _FIRST if at.year == MINYEAR else _LAST
    return moved.isoformat().replace("+00:00", "Z")
