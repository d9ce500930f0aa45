"""The audit's own order of an article's versions, written from the rule in docs/delivery.md ("Which version is the
younger one").

The lifecycle orders versions with code of its own. The two share nothing, so that an error in one shows as a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["RawPlace", "came_before", "is_older"]


@dataclass(frozen=True, slots=True)
class RawPlace:
    """Coordinates of a raw record, and its timestamp in milliseconds since 1970 where it is known."""

    topic: str
    partition: int
    offset: int
    timestamp: int | None = None


def came_before(one: RawPlace | None, other: RawPlace | None) -> bool:
    """True if one raw record was certainly written before the other; False if that is not known."""
    if one is None or other is None:
        return False
    clock = None if one.timestamp is None or other.timestamp is None else one.timestamp - other.timestamp
    if (one.topic, one.partition) != (other.topic, other.partition):
        return clock is not None and clock < 0
    # a later timestamp at a lower offset: the topic was made again, so its offsets say nothing
    return one.offset < other.offset and (clock is None or clock <= 0)


def is_older(
    one: tuple[str, str | None, RawPlace | None],
    other: tuple[str, str | None, RawPlace | None],
) -> bool:
    """True if version `one` is older than version `other`. Each is (version, updated_at, place of the raw record).

    `updated_at` decides if both have one, then the versions if both are numbers or both are dates, then the places.
    """
    for read in (_updated, _number, _date):
        mine, theirs = read(one), read(other)
        if mine is not None and theirs is not None and mine != theirs:
            return mine < theirs
    return came_before(one[2], other[2])


Key = tuple[int, ...]
Version = tuple[str, str | None, RawPlace | None]


def _updated(version: Version) -> Key | None:
    return _moment(version[1] or "")


def _number(version: Version) -> Key | None:
    """The parts of 12, v12 or 3.1, without zeros at the end."""
    text = version[0].strip()
    parts = (text[1:] if text[:1] in ("v", "V") else text).split(".")
    if len(parts) > 10 or not all(part.isascii() and part.isdigit() and len(part) <= 18 for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while len(numbers) > 1 and not numbers[-1]:
        del numbers[-1]
    return tuple(numbers)


def _date(version: Version) -> Key | None:
    return _moment(version[0])


def _moment(text: str) -> Key | None:
    """Seconds and microseconds since 1970 of an ISO 8601 date or time in extended form; UTC if it has no zone."""
    text = text.strip()
    day, clock = text[:10], text[10:]
    if len(day) < 10 or day[4] != "-" or day[7] != "-" or (clock and (clock[0] not in "T " or clock[3:4] != ":")):
        return None
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    since = at - datetime(1970, 1, 1, tzinfo=UTC)
    return since.days * 86_400 + since.seconds, since.microseconds
