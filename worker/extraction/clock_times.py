"""Readers of clock times: the hour as written, on the day that it belongs to, and the instant where the zone is known."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from worker.extraction.calendar_values import Grain, Value, nth_weekday
from worker.extraction.dates import one
from worker.extraction.lexing import Hit
from worker.extraction.numerals import number_of
from worker.extraction.time_context import Context, Found

__all__ = ["at_clock", "clock"]

_OFFSETS = {
    "GMT": 0, "UTC": 0, "WAT": 1, "CET": 1, "BST": 1, "CEST": 2, "EET": 2, "CAT": 2, "SAST": 2, "EEST": 3, "EAT": 3,
    "MSK": 3, "MOSCOW": 3, "PKT": 5, "DELHI": 5.5, "NPT": 5.75, "WIB": 7, "SGT": 8, "HKT": 8, "BEIJING": 8, "JST": 9,
    "KST": 9, "TOKYO": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5,
    "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "TEHRAN": 3.5, "ANKARA": 3,
}  # fmt: skip
"""Hours ahead of UTC, for zones without a summer time of their own."""
_WITH_SUMMER_TIME = {
    "ET": (-5, "us"), "EASTERN": (-5, "us"), "CT": (-6, "us"), "CENTRAL": (-6, "us"), "MT": (-7, "us"),
    "MOUNTAIN": (-7, "us"), "PT": (-8, "us"), "PACIFIC": (-8, "us"), "LONDON": (0, "eu"), "BERLIN": (1, "eu"),
    "PARIS": (1, "eu"), "BRUSSELS": (1, "eu"), "KYIV": (2, "eu"),
}  # fmt: skip


def _offset(zone: str, at: date) -> float | None:
    """Hours ahead of UTC on a day; None for local time and zones not known."""
    word = zone.split(maxsplit=1)[0].upper().strip("(")
    if word in _OFFSETS:
        return _OFFSETS[word]
    if word not in _WITH_SUMMER_TIME:
        return None
    hours, law = _WITH_SUMMER_TIME[word]
    if law == "us":  # since 2007; the European rule since 1996
        begins, ends = nth_weekday(at.year, 3, 6, 2), nth_weekday(at.year, 11, 6, 1)
    else:
        begins, ends = nth_weekday(at.year, 3, 6, -1), nth_weekday(at.year, 10, 6, -1)
    return hours + (begins <= at < ends)


def at_clock(at: date, hour: int, minute: int, zone: str | None) -> Value:
    """The value keeps the time as written; with a zone that is known the interval is that minute in UTC, else the day."""
    timex = f"{at.isoformat()}T{hour:02}:{minute:02}"
    offset = _offset(zone, at) if zone else None
    if offset is None:
        return Value(timex, at, at + timedelta(1), Grain.CLOCK)
    local = datetime(at.year, at.month, at.day, tzinfo=timezone(timedelta(hours=offset)))
    start = (local + timedelta(hours=hour, minutes=minute)).astimezone(UTC)
    return Value(timex, start, start + timedelta(minutes=1), Grain.CLOCK)


def clock(hit: Hit, context: Context) -> list[Found]:
    """On the day named before in the sentence, else on that of publication."""
    read = _hour(hit)
    if read is None:
        return []
    named = context.before(hit, same_sentence=True)
    at = named.day if named is not None and named.grain in (Grain.DAY, Grain.PART) else None
    return one(hit, at_clock(at or context.now, *read, hit.part("zone")))


def _hour(hit: Hit) -> tuple[int, int] | None:
    named = hit.part("named")
    if named:
        return (12, 0) if named.casefold() != "midnight" else (0, 0)
    written = hit.part("clock") or ""
    digits = re.findall(r"\d+", written)
    if not digits:
        value = number_of(written)
        hour, minute = int(value or 0), 0
    elif len(digits) == 1 and len(digits[0]) == 4:
        hour, minute = divmod(int(digits[0]), 100)
    else:
        hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    half = (hit.part("half") or "").casefold()
    part = (hit.part("part") or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    elif part in ("afternoon", "evening", "night") and hour < 12:
        hour += 12
    return (hour % 24, minute) if hour <= 24 and minute < 60 else None
