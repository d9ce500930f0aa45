"""Reads an instant from the ways in which feeds, crawlers, databases and pages write one."""

from __future__ import annotations

import re
from datetime import MINYEAR, UTC, datetime, timedelta, timezone

__all__ = ["UnreadableInstantError", "read_instant"]

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ZONES_H = {
    "utc": 0, "gmt": 0, "z": 0, "ut": 0, "wet": 0, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
    "sast": 2, "jst": 9, "kst": 9, "sgt": 8, "hkt": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "et": -5, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "hst": -10,
}  # fmt: skip
"""Hours east of Greenwich. IST and CST are left out: each is the time of several parts of the world."""

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
)
_ZONE = r"(?P<zone>[+-]\d{1,2}(?::?\d{2})?(?::\d{2})?|[A-Za-z]{1,5}(?:[+-]\d{1,2}(?::?\d{2})?)?)"
_PLACE = r"(?:\[(?P<place>[A-Za-z_]+(?:/[A-Za-z_+-]+)*)\])?"
"""A zone's name, as Java prints it behind the offset, which says all that is needed."""
_AFTER = rf"(?:[\s,]*(?:T|t|at|um|[-–|])?\s*{_CLOCK}\s*(?:\(?{_ZONE}\)?)?)?\s*(?:\([A-Za-z ]+\))?{_PLACE}"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_TIGHT_CLOCK = r"(?P<hour>\d{2}):?(?P<minute>\d{2}):?(?P<second>\d{2})?"
_BEFORE = rf"{_CLOCK}\s*(?:(?!mon|tue|wed|thu|fri|sat|sun|on\b){_ZONE})?[\s,]+(?:on\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH_NAME = r"(?P<name>[a-z]{3,9})"
_PATTERNS = (
    rf"(?P<year>\d{{4}})[-/.:](?P<month>\d{{1,2}})[-/.:](?P<day>\d{{1,2}}){_AFTER}",  # 2026-01-31T12:00:00+01:00
    rf"(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:T?{_TIGHT_CLOCK}\s*{_ZONE}?)?",  # 20260131T120000Z
    rf"{_WEEKDAY}{_DAY}\.?(?:\s+of)?[\s-]+{_MONTH_NAME}\.?,?[\s-]+(?P<year>\d{{4}}){_AFTER}",  # Sat, 31 Jan 2026
    rf"{_WEEKDAY}{_MONTH_NAME}\.?\s+{_DAY},?\s+(?P<year>\d{{4}}){_AFTER}",  # January 31, 2026
    rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_AFTER}",  # 31.01.2026
    rf"(?P<one>\d{{1,2}})(?P<mark>[/-])(?P<other>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}){_AFTER}",  # 01/31/2026
    rf"{_BEFORE}{_WEEKDAY}{_MONTH_NAME}\.?\s+{_DAY},?\s+(?P<year>\d{{4}})",  # 12:00 GMT, Sat January 31, 2026
    rf"{_BEFORE}{_WEEKDAY}{_DAY}\.?[\s-]+{_MONTH_NAME}\.?,?[\s-]+(?P<year>\d{{4}})",
    rf"{_WEEKDAY}{_MONTH_NAME}\s+{_DAY}\s+{_TIGHT_CLOCK}(?:\s+{_ZONE})?\s+(?P<year>\d{{4}})",  # the form of `date`
)
_FORMS = [re.compile(pattern + r"\s*", re.IGNORECASE) for pattern in _PATTERNS]
_NUMBER = re.compile(r"-?\d{9,19}(?:\.\d+)?")
_DIGITS = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?"
)
"""20260131120000, as archives of the web write it. Read as a number it would be the year 2612; twelve digits would be a
day of 1976 in thousandths of a second, which nobody's news has.
"""
_DOTNET = re.compile(r"\\?/?(?:new )?Date\((-?\d{9,15})(?:[+-]\d{4})?\)\\?/?")
_LABEL = re.compile(
    r"(?:(?:first|last|originally) )?(?:published|posted|updated|created|modified|issued|date)(?: on\b| at\b)?\s*:?\s+",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[12]\d{3}")
_MAX_CHARS = 80


class UnreadableInstantError(ValueError):
    """The value names no instant, or more than one could be meant. The message says which."""


def read_instant(value: object) -> datetime:
    """The instant, with its zone. A date alone is its midnight in UTC, and a time without a zone is read as UTC.

    Read are ISO 8601 with its usual variations, RFC 2822, dates in English words, `31.12.2026`, `12/31/2026`; numbers:
    seconds since 1970, or thousandths, millionths or billionths of a second, told apart by their size; and a list of
    year, month, day, hour, minute and second.

    Raises:
        UnreadableInstantError: for example `04/05/2022`, which is a day in April or in May.
    """
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    text = _written(_of_list(value) if isinstance(value, list) else value)
    try:
        if digits := _DIGITS.fullmatch(text):
            return _from_parts(digits.groupdict())
        if number := _NUMBER.fullmatch(text) or _DOTNET.fullmatch(text):
            return _since_1970(float(number[1] if number.re is _DOTNET else text))
        for form in _FORMS:
            if match := form.fullmatch(text):
                return _from_parts(match.groupdict())
    except UnreadableInstantError:
        raise
    except (ValueError, OverflowError) as wrong:
        raise UnreadableInstantError(f"names no time: {wrong}") from None
    raise UnreadableInstantError("is no time that can be read; write it as 2026-01-31T12:00:00Z")


def _written(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise UnreadableInstantError("is no time")
    text = " ".join(str(value).split()).replace("\u2212", "-")
    if len(text) > _MAX_CHARS:
        raise UnreadableInstantError("is too long for a time")
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


def _of_list(numbers: list[object]) -> str:
    """Year, month, day, hour, minute and second, as Java and Python print an instant into JSON."""
    parts = [str(number) for number in numbers[:6]]
    if len(parts) < 3 or not _LISTED.fullmatch(parts[0]) or not all(part.isdigit() and len(part) < 5 for part in parts):
        raise UnreadableInstantError("is a list, and no time")
    clock = [*parts[3:], "0", "0", "0"][:3]
    return f"{'-'.join(parts[:3])} {':'.join(f'{part:0>2}' for part in clock)}"


def _since_1970(number: float) -> datetime:
    seconds = number
    while abs(seconds) > 1e11:  # the year 5138
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC)


def _from_parts(parts: dict[str, str | None]) -> datetime:
    if parts.get("one"):
        parts = parts | _day_and_month(int(parts["one"] or 0), int(parts["other"] or 0))
    month = _MONTHS.get((parts.get("name") or "")[:3].casefold()) or int(parts.get("month") or 0)
    hour, half = int(parts.get("hour") or 0), (parts.get("half") or "").casefold()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    microsecond = int(f"{parts.get('fraction') or '0':0<6.6}")
    if parts.get("place") and not parts.get("zone") and parts["place"] not in ("UTC", "GMT"):
        raise ValueError(f"its zone is {parts['place']} and no offset; write it as +02:00")
    day = datetime(int(parts["year"] or 0), month, int(parts["day"] or 0), tzinfo=_zone(parts.get("zone")))
    if hour == 24 and not int(parts.get("minute") or 0):  # ISO 8601: the end of the day
        return day + timedelta(days=1)
    if day.year == MINYEAR:
        raise ValueError("the year 1 is what programs write where they have none")
    at = day.replace(hour=hour, minute=int(parts.get("minute") or 0), second=min(59, int(parts.get("second") or 0)))
    return _in_range(at.replace(microsecond=microsecond))


def _day_and_month(one: int, other: int) -> dict[str, str | None]:
    """Of 31/01 and 01/31. Raises UnreadableInstantError: both may be the month."""
    if one <= 12 and other <= 12 and one != other:
        raise UnreadableInstantError("could be read day first or month first; write it as 2026-01-31")
    day, month = (one, other) if one > 12 else (other, one)
    return {"day": str(day), "month": str(month)}


def _in_range(at: datetime) -> datetime:
    """Raises OverflowError where it has no equal in UTC."""
    at.astimezone(UTC)
    return at


def _zone(zone: str | None) -> timezone:
    if not zone:
        return UTC
    name = zone.casefold()
    if name in _ZONES_H:
        return timezone(timedelta(hours=_ZONES_H[name]))
    match = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?(?::\d{2})?", name)
    if match is None:
        raise ValueError(f"{zone} is no zone that only one part of the world has; write it as +02:00")
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    return timezone(-offset if match[1] == "-" else offset)
