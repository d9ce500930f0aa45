"""Reads clock times: "6 p.m.", "1500 GMT", "half past seven", "between 2 and 4 pm", "noon"."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from worker.extraction.lexicon.word_lists import numbers_of_words
from worker.extraction.values.numerals import number_of
from worker.extraction.values.times.calendar import Grain, Value, nth_weekday
from worker.extraction.values.times.context import Context, Found
from worker.extraction.values.times.named_dates import one
from worker.extraction.values.word_classes import Hit

__all__ = ["at_clock", "clock", "clocks", "in_part", "local_day", "on_day"]

_OFFSETS = numbers_of_words("zone_offsets")
_SUMMER_TIMES = (
    (numbers_of_words("american_zone_offsets"), (3, 2), (11, 1)),
    (numbers_of_words("european_zone_offsets"), (3, -1), (10, -1)),
    (numbers_of_words("australian_zone_offsets"), (10, 1), (4, 1)),
    (numbers_of_words("new_zealand_zone_offsets"), (9, -1), (4, 1)),
)
"""Zones with the Sundays on which their summer time begins and ends: a month and which Sunday of it, as it is now."""
_SUNDAY = 6
_FROM_UTC = re.compile(r"(?:GMT|UTC)\s?([+\-–−‐‑])\s?(\d{1,2})(?::(\d\d))?")
_LATE_PARTS = ("afternoon", "evening", "night", "tonight")
_LATE_LETTERS = ("AF", "EV", "NI")
_SMALL_HOURS = 5
"""Before this hour "last night" is the day after, and the text does not say so: such hours are not read."""

_Clock = tuple[int, int]
"""Hour and minute as written, on a day of 24 hours."""


def _offset(zone: str, at: date) -> float | None:
    """Hours ahead of UTC on a day; None for local time and zones not known."""
    shift = _FROM_UTC.match(zone)
    if shift:
        hours = int(shift[2]) + int(shift[3] or 0) / 60
        return hours if shift[1] == "+" else -hours
    words = zone.upper().strip("(").split()
    for count in range(len(words), 0, -1):  # "Central European time" is not "Central time"
        offset = _offset_of(" ".join(words[:count]), at)
        if offset is not None:
            return offset
    return None


def _offset_of(name: str, at: date) -> float | None:
    for offsets, begin, end in _SUMMER_TIMES:
        if name in offsets:
            begins = nth_weekday(at.year, begin[0], _SUNDAY, begin[1])
            ends = nth_weekday(at.year, end[0], _SUNDAY, end[1])
            summer = begins <= at < ends if begins < ends else at >= begins or at < ends
            return offsets[name] + summer
    return _OFFSETS.get(name)


def at_clock(at: date, hour: int, minute: int, zone: str | None) -> Value:
    """A time of a day as written; its interval is the minute in UTC where the zone is known, else the day."""
    timex = f"{at.isoformat()}T{hour:02}:{minute:02}"
    offset = _offset(zone, at) if zone else None
    if offset is None:
        return Value(timex, at, at + timedelta(1), Grain.CLOCK)
    local = datetime(at.year, at.month, at.day, tzinfo=timezone(timedelta(hours=offset)))
    start = (local + timedelta(hours=hour, minutes=minute)).astimezone(UTC)
    return Value(timex, start, start + timedelta(minutes=1), Grain.CLOCK)


def local_day(value: Value) -> date:
    """The day of a clock time as written, whatever day it is in UTC."""
    return date.fromisoformat(value.timex[:10])


def on_day(value: Value, at: date) -> Value:
    """The same clock time on another day."""
    days = at - local_day(value)
    start, end = value.start, value.end
    return Value(
        at.isoformat() + value.timex[10:], start + days if start else None, end + days if end else None, Grain.CLOCK
    )


def in_part(value: Value, part: str) -> Value:
    """A clock time as that of an afternoon, evening or night (AF, EV, NI) where it is written without "p.m.".

    Small hours of a night stay as they are: "on Sunday night at 2" leaves open which night that is.
    """
    hour = int(value.timex[11:13])
    if part not in _LATE_LETTERS or not 1 <= hour < 12 or (part == "NI" and hour < _SMALL_HOURS):
        return value
    return Value(f"{value.timex[:11]}{hour + 12:02}{value.timex[13:]}", value.start, value.end, value.grain)


def _day(hit: Hit, context: Context) -> date:
    """The day named last in the sentence, or that of the last clock time of the paragraph; else that of publication.

    A time that lies ahead is on no day behind. Raises UndatedError.
    """
    at = hit.span[0]
    for earlier in reversed(context.found):
        if earlier.span[1] > at:
            continue
        between = context.text[earlier.span[1] : at]
        value = earlier.value
        if "\n" in between or value.day is None:
            break
        other_sentence = ". " in between
        if value.grain is Grain.CLOCK:
            day = local_day(value)
            if not other_sentence or context.published is None:
                return day
            ahead, behind = context.direction(hit) > 0, day < context.now
            return context.now if ahead and behind else day
        if other_sentence:
            break
        if value.grain in (Grain.DAY, Grain.PART):
            return value.day
    return context.now


def clock(hit: Hit, context: Context) -> list[Found]:
    """A clock time on the day named before, else on the day of publication."""
    read = _read(hit.part("clock"), hit.part("half"), hit.part("inside") or hit.part("part"))
    if read is None:
        return []
    if hit.part("past"):
        read = _moved(read, hit)
    return one(hit, at_clock(_day(hit, context), *read, hit.part("zone")))


def clocks(hit: Hit, context: Context) -> list[Found]:
    """Both ends of "between 2 and 4 pm", the later one on the next day where it is the smaller."""
    part, zone = hit.part("inside") or hit.part("part"), hit.part("zone")
    until = _read(hit.part("clock2"), hit.part("half2"), part)
    if until is None:
        return []
    since = _read(hit.part("clock"), hit.part("half"), part)
    if not hit.part("half") and hit.part("half2") and (hit.part("clock") or "")[0].isdigit():
        since = _read(hit.part("clock"), hit.part("half2"), None)
        if since is not None and since > until:  # "10 to 1 pm"
            since = _read(hit.part("clock"), "am", None)
    if since is None or since == until:
        return []
    at = _day(hit, context)
    spans = hit.part_span("clock") or hit.span, hit.part_span("clock2") or hit.span
    first = spans[0][0], (hit.part_span("half") or spans[0])[1]
    second = spans[1][0], hit.span[1]
    next_day = at + timedelta(1) if until < since else at
    return [Found(first, at_clock(at, *since, zone)), Found(second, at_clock(next_day, *until, zone))]


def _moved(read: _Clock, hit: Hit) -> _Clock:
    """The time that "half past" or "ten minutes to" an hour is."""
    written = (hit.part("past") or "").casefold()
    minutes = {"half": 30, "quarter": 15}.get(written) or int(number_of(written.removesuffix("minutes").strip()) or 0)
    back = (hit.part("way") or "").casefold() == "to"
    total = read[0] * 60 + read[1] + (-minutes if back else minutes)
    return divmod(total % (24 * 60), 60)


def _read(clock: str | None, half: str | None, part: str | None) -> _Clock | None:
    """Hour and minute; `half` is "a.m." or "p.m.", `part` the words of a part of the day: "last night"."""
    written = (clock or "").casefold()
    if written in ("noon", "midday"):
        return 12, 0
    if written == "midnight":
        return 0, 0
    digits = re.findall(r"\d+", written)
    if not digits:
        hour, minute = int(number_of(written) or 0), 0
    elif len(digits) == 1 and len(digits[0]) == 4:
        hour, minute = divmod(int(digits[0]), 100)
    else:
        hour, minute = int(digits[0]), int(digits[1]) if len(digits) > 1 else 0
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.casefold().startswith("p") else 0)
    elif part and part.casefold().endswith(_LATE_PARTS) and hour <= 12:
        if part.casefold().endswith("night") and (hour < _SMALL_HOURS or hour == 12):
            return None
        hour = hour % 12 + 12
    return (hour % 24, minute) if hour <= 24 and minute < 60 else None
