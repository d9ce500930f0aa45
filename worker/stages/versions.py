"""Which of two versions of an article is the younger one. Pure.

The order is what publishers mean by it, most telling first: when the article says that it was updated; a version that
is a number or a date; else where and when its record came into the raw topic. A record counts as earlier in one log
only when both its offset and its timestamp say so: a topic that was made again, or mirrored, begins at low offsets with
late times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["Place", "is_before", "is_older_version"]

_NUMBERS = re.compile(r"[vV]?(\d{1,18}(?:\.\d{1,18}){0,9})")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when the raw record stood. `timestamp` in milliseconds since 1970, None where Kafka does not say."""

    topic: str
    partition: int
    offset: int
    timestamp: int | None = None


def is_before(one: Place | None, other: Place | None) -> bool:
    """Whether a record certainly came before another; False where it cannot be known."""
    if one is None or other is None:
        return False
    timed = one.timestamp is not None and other.timestamp is not None
    if (one.topic, one.partition) == (other.topic, other.partition):
        later = timed and (one.timestamp or 0) > (other.timestamp or 0)
        return one.offset < other.offset and not later
    return timed and (one.timestamp or 0) < (other.timestamp or 0)


def is_older_version(version: str, updated_at: str | None, than: str, than_updated_at: str | None) -> bool | None:
    """Whether a version is older than another one by what the article itself says; None where it does not say."""
    ours, theirs = _instant(updated_at), _instant(than_updated_at)
    if ours is not None and theirs is not None and ours != theirs:
        return ours < theirs
    if version == than:
        return None
    if (mine := _numbers(version)) is not None and (yours := _numbers(than)) is not None:
        return mine < yours if mine != yours else None
    if (first := _instant(version)) is not None and (second := _instant(than)) is not None and first != second:
        return first < second
    return None


def _numbers(version: str) -> tuple[int, ...] | None:
    """`12`, `v12` or `3.1` as numbers; trailing zeros do not count."""
    found = _NUMBERS.fullmatch(version.strip())
    if found is None or not found[1].isascii():
        return None
    parts = [int(part) for part in found[1].split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _instant(text: str | None) -> datetime | None:
    if text is None or _DATE.fullmatch(text.strip()) is None:
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return None
