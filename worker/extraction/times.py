"""Times that a text names, resolved against the day it was published: TIMEX3 values and half-open intervals.

An own grammar: the libraries at hand get half of the values right (weekdays need the tense of their verb, a month without
a year needs the direction). Values follow TIMEX3 (ISO-TimeML): days 2021-01-23, weeks 2021-W04, months 2020-10, quarters
2020-Q3, seasons 2027-SP, years 2020, decades 198, durations P3M, clock times 2021-01-23T20:00.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from worker.extraction.types import Span

__all__ = ["Time", "find_times"]

_MONTHS = "january february march april may june july august september october november december".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
_NUMBERS = {word: i for i, word in enumerate(_WORDS)} | {"thirty": 30, "forty": 40, "fifty": 50, "a": 1, "an": 1}
_UNITS = {"day": "D", "week": "W", "month": "M", "year": "Y", "decade": "E", "hour": "H", "minute": "M", "century": "C"}
_SEASONS = {"spring": ("SP", 3), "summer": ("SU", 6), "autumn": ("FA", 9), "fall": ("FA", 9), "winter": ("WI", 12)}

_MONTH = r"(?P<month>Jan(?:uary|\.)|Feb(?:ruary|\.)|March|Mar\.|April|Apr\.|May|June|Jun\.|July|Jul\.|Aug(?:ust|\.)|Sept?(?:ember|\.)|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)"
_N = rf"(?P<n>\d+|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}|several|a few|a couple of|some)"
_UNIT = rf"(?P<unit>{'|'.join(_UNITS)})s?"
_REL = r"(?P<rel>last|past|next|coming|this|previous|following)"
_CLOCK = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>a\.?m\b\.?|p\.?m\b\.?)"


@dataclass(frozen=True, slots=True)
class Time:
    """`start` inclusive, `end` exclusive, ISO dates; null where open or for a mere duration."""

    span: Span
    timex: str
    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    published: date
    direction: int
    """-1 where the verb looks back, 1 ahead, 0 unknown."""


_Value = tuple[str, date | None, date | None] | None


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _day(day: date) -> _Value:
    return day.isoformat(), day, day + timedelta(1)


def _month(year: int, month: int) -> _Value:
    first = date(year, month, 1)
    return f"{year:04}-{month:02}", first, _add_months(first, 1)


def _year(year: int) -> _Value:
    return f"{year:04}", date(year, 1, 1), date(year + 1, 1, 1)


def _month_number(word: str) -> int:
    return next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(word.casefold().rstrip(".")[:3]))


def _full_date(m: re.Match[str], place: _Place) -> _Value:
    month, day = _month_number(m["month"]), int(m["day"])
    try:
        if m["year"]:
            return _day(date(int(m["year"]), month, day))
        here = date(place.published.year, month, day)
        if place.direction > 0 and here < place.published:
            return _day(date(place.published.year + 1, month, day))
        # looking back, or unknown: the nearest that is not far ahead
        if here > place.published + timedelta(0 if place.direction < 0 else 60):
            return _day(date(place.published.year - 1, month, day))
        return _day(here)
    except ValueError:
        return None


def _iso(m: re.Match[str], _: _Place) -> _Value:
    try:
        return _day(date(int(m["year"]), int(m["m"]), int(m["d"])))
    except ValueError:
        return None


def _month_alone(m: re.Match[str], place: _Place) -> _Value:
    month, now = _month_number(m["month"]), place.published
    if m["year"]:
        return _month(int(m["year"]), month)
    rel = (m["rel"] or "").casefold()
    if rel in ("last", "past", "previous"):
        return _month(now.year - (month >= now.month), month)
    if rel in ("next", "coming", "following") or place.direction > 0:
        return _month(now.year + (month < now.month or (rel != "" and month == now.month)), month)
    if rel == "this":
        return _month(now.year, month)
    return _month(now.year - (month > now.month), month)


def _weekday(m: re.Match[str], place: _Place) -> _Value:
    target, now = _DAYS.index(m["weekday"].casefold()), place.published
    rel = (m["rel"] or "").casefold()
    back = (now.weekday() - target) % 7
    ahead = (target - now.weekday()) % 7
    if rel in ("last", "past", "previous"):
        return _day(now - timedelta(back or 7))
    if rel in ("next", "coming", "following"):
        return _day(now + timedelta(ahead or 7))
    if place.direction > 0 or rel == "this":
        return _day(now + timedelta(ahead))
    return _day(now - timedelta(back))


def _near_day(m: re.Match[str], place: _Place) -> _Value:
    word, now = m["word"].casefold(), place.published
    shift = {"yesterday": -1, "tomorrow": 1, "last night": -1}.get(word, 0)
    value = _day(now + timedelta(shift))
    part = {
        "tonight": "TNI",
        "last night": "TNI",
        "this morning": "TMO",
        "this afternoon": "TAF",
        "this evening": "TEV",
    }
    if value and word in part:
        return value[0] + part[word], value[1], value[2]
    return value


def _period(m: re.Match[str], place: _Place) -> _Value:
    rel, unit, now = m["rel"].casefold(), m["unit"].casefold(), place.published
    shift = -1 if rel in ("last", "past", "previous") else 1 if rel in ("next", "coming", "following") else 0
    if unit == "year":
        return _year(now.year + shift)
    if unit == "month":
        first = _add_months(now.replace(day=1), shift)
        return _month(first.year, first.month)
    if unit == "quarter":
        first = _add_months(date(now.year, 3 * ((now.month - 1) // 3) + 1, 1), 3 * shift)
        return f"{first.year}-Q{(first.month + 2) // 3}", first, _add_months(first, 3)
    monday = now - timedelta(now.weekday()) + timedelta(7 * shift)
    if unit == "weekend":
        saturday = monday + timedelta(5)
        week = saturday.isocalendar()
        return f"{week.year}-W{week.week:02}-WE", saturday, saturday + timedelta(2)
    week = monday.isocalendar()
    return f"{week.year}-W{week.week:02}", monday, monday + timedelta(7)


def _season(m: re.Match[str], place: _Place) -> _Value:
    code, month = _SEASONS[m["season"].casefold()]
    now, rel = place.published, (m["rel"] or "").casefold()
    year = int(m["year"]) if m["year"] else now.year
    if not m["year"]:
        if rel in ("last", "past", "previous"):
            year -= date(year, month, 1) >= now.replace(day=1)
        elif rel in ("next", "coming", "following"):
            year += date(year, month, 1) <= now
        elif place.direction > 0:
            year += _add_months(date(year, month, 1), 3) <= now
        else:
            year -= date(year, month, 1) > now
    first = date(year, month, 1)
    return f"{year}-{code}", first, _add_months(first, 3)


def _how_many(word: str) -> int | None:
    word = word.casefold()
    return int(word) if word.isdigit() else 2 if word == "a couple of" else _NUMBERS.get(word)


def _shifted(now: date, count: int, unit: str) -> date:
    days = {"day": 1, "week": 7}
    if unit in days:
        return now + timedelta(days[unit] * count)
    return _add_months(now, count * {"month": 1, "year": 12, "decade": 120, "century": 1200}[unit])


def _ago(m: re.Match[str], place: _Place) -> _Value:
    return _away(m, place, -1)


def _ahead(m: re.Match[str], place: _Place) -> _Value:
    if re.search(r"\b(?:\w+est|most|first|worst|best|time|only)\b[^.,;]{0,30}$", m.string[: m.start()]):
        return _duration(m, place)  # "the highest level in 30 years"
    return _away(m, place, 1) if place.direction > 0 else _duration(m, place)


def _away(m: re.Match[str], place: _Place, sign: int) -> _Value:
    count, unit = _how_many(m["n"]), m["unit"].casefold()
    if unit in ("hour", "minute"):
        return _day(place.published)
    if count is None:
        return ("PAST_REF" if sign < 0 else "FUTURE_REF"), None, None
    try:
        at = _shifted(place.published, sign * count, unit)
    except (ValueError, OverflowError):
        return None
    if unit in ("year", "decade", "century"):
        return _year(at.year)
    if unit == "month":
        return _month(at.year, at.month)
    if unit == "week":
        monday = at - timedelta(at.weekday())
        week = at.isocalendar()
        return f"{week.year}-W{week.week:02}", monday, monday + timedelta(7)
    return _day(at)


def _duration(m: re.Match[str], _: _Place) -> _Value:
    count, unit = _how_many(m["n"]), m["unit"].casefold()
    letter = _UNITS[unit]
    number = "X" if count is None else str(count)
    if unit == "decade" and count is not None:
        return f"P{count * 10}Y", None, None
    return (f"PT{number}{letter}" if unit in ("hour", "minute") else f"P{number}{letter}"), None, None


def _year_alone(m: re.Match[str], _: _Place) -> _Value:
    return _year(int(m["year"]))


def _decade(m: re.Match[str], _: _Place) -> _Value:
    first = int(m["decade"])
    return str(first // 10), date(first, 1, 1), date(first + 10, 1, 1)


def _feast(m: re.Match[str], place: _Place) -> _Value:
    month, day = {
        "christmas": (12, 25),
        "christmas day": (12, 25),
        "new year's day": (1, 1),
        "new year's eve": (12, 31),
    }[m["feast"].casefold().replace("’", "'")]
    here = date(place.published.year, month, day)
    if place.direction < 0 and here > place.published:
        return _day(date(here.year - 1, month, day))
    return (
        _day(here if here >= place.published else date(here.year + 1, month, day))
        if place.direction >= 0
        else _day(here)
    )


def _clock(m: re.Match[str], place: _Place) -> _Value:
    hour = int(m["hour"])
    if not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if m["half"].casefold().startswith("p") else 0)
    day = _day(place.published)
    return (f"{day[0]}T{hour:02}:{m['minute'] or '00'}", day[1], day[2]) if day else None


_GRAMMAR: list[tuple[re.Pattern[str], Callable[[re.Match[str], _Place], _Value]]] = [
    (re.compile(pattern, re.IGNORECASE if fold else 0), reader)
    for pattern, reader, fold in (
        (rf"\b{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)\b", _iso, False),
        (rf"\b{_MONTH}\s{_DAY}(?:,?\s{_YEAR})?(?!\d)", _full_date, False),
        (rf"\b{_DAY}\s(?:of\s)?{_MONTH}(?:,?\s{_YEAR})?\b", _full_date, False),
        (rf"\b(?:(?i:{_REL})\s)?{_MONTH}(?:\s(?:of\s)?{_YEAR})?(?!\w)", _month_alone, False),
        (rf"\b(?:{_REL}\s)?(?P<weekday>{'|'.join(_DAYS)})\b", _weekday, True),
        (
            r"\b(?P<word>today|yesterday|tomorrow|tonight|last night|this (?:morning|afternoon|evening))\b",
            _near_day,
            True,
        ),
        (rf"\b{_REL}\s(?P<unit>year|month|week|quarter|weekend)\b", _period, True),
        (rf"\b(?:{_REL}\s)(?P<season>spring|summer|autumn|fall|winter)(?:\s(?:of\s)?{_YEAR})?\b", _season, True),
        (rf"\b(?P<rel>)(?P<season>spring|summer|autumn|winter)\s(?:of\s)?{_YEAR}\b", _season, True),
        (rf"\b{_N}\s{_UNIT}\s(?:ago|earlier)\b", _ago, True),
        (rf"\bin\s{_N}\s{_UNIT}(?:['’]s?\stime)?\b", _ahead, True),
        (
            rf"\b(?:(?:last|past|next|coming|first|within|for|after|over|of|about|than|least|the)\s)?{_N}[\s-]{_UNIT}\b(?![\s-]old)",
            _duration,
            True,
        ),
        (r"\b(?:the\s)?(?:early\s|late\s|mid-?\s?)?(?P<decade>(?:1[6-9]|20)\d0)s\b", _decade, True),
        (
            rf"(?<![\d$€£.,:/-])\b{_YEAR}\b(?![\d%:]|[.,]\d|\s(?:people|men|women|dollars|euros|votes|workers|jobs))",
            _year_alone,
            False,
        ),
        (r"\b(?P<feast>Christmas(?:\sDay)?|New Year['’]s (?:Day|Eve))\b", _feast, False),
        (rf"\b{_CLOCK}", _clock, True),
    )
]


def find_times(doc: Any, text: str, published: date | None) -> list[Time]:
    """Every time in the text, in order, none inside another. Without a publication date only absolute ones and durations."""
    taken: list[tuple[Span, str, date | None, date | None]] = []
    for pattern, reader in _GRAMMAR:
        for match in pattern.finditer(text):
            span = match.span()
            if any(s < span[1] and span[0] < e for (s, e), *_ in taken) or _is_verb_may(doc, match):
                continue
            relative = not (match.groupdict().get("year") or reader in (_duration, _decade))
            if published is None and relative:
                continue
            value = reader(match, _Place(published or date(1, 1, 1), _direction(doc, span)))
            if reader in (_duration, _ahead) and value is not None and value[0].startswith("P"):
                span = match.start("n"), span[1]  # a preposition is no part of a duration
            if value is not None:
                taken.append((span, *value))
    return [
        Time(span, timex, start.isoformat() if start else None, end.isoformat() if end else None)
        for span, timex, start, end in sorted(taken, key=lambda row: row[0])
    ]


def _is_verb_may(doc: Any, match: re.Match[str]) -> bool:
    """In English "May" and "March" are verbs too, and first names of people and streets."""
    month = match.groupdict().get("month")
    if month not in ("May", "March", "April", "June", "August") or match.groupdict().get("day"):
        return False
    token = doc.char_span(match.start("month"), match.end("month"), alignment_mode="expand")
    return token is not None and (token[0].pos_ in ("AUX", "VERB") or token[0].ent_type_ in ("PERSON", "ORG", "FAC"))


def _direction(doc: Any, span: Span) -> int:
    """Whether the verb that a time belongs to looks back (-1) or ahead (1)."""
    tokens = doc.char_span(*span, alignment_mode="expand")
    if tokens is None:
        return 0
    token = tokens.root
    if token.dep_ in ("compound", "nmod") and token.head.pos_ in ("NOUN", "PROPN"):
        return -1  # "the October ceasefire": what has a name has mostly been
    if any(t.lower_ in ("by", "until", "till") for t in (token.head,)) and token.head.pos_ == "ADP":
        token = token.head
    for _ in range(8):
        if token.pos_ in ("VERB", "AUX"):
            helpers = [token, *(c for c in token.children if c.dep_ in ("aux", "auxpass"))]
            words = {h.lower_ for h in helpers}
            if words & {"will", "shall", "’ll", "'ll", "would", "could", "may", "might", "can", "should", "must"}:
                return 1
            if token.lemma_ in ("plan", "expect", "schedule", "hope", "due", "intend") and token.dep_ != "aux":
                return 1
            if any(h.tag_ == "VBD" for h in helpers):
                return -1
            if words & {"has", "have", "had", "'ve", "’ve"}:
                return -1
            if token.tag_ in ("VBZ", "VBP"):
                return 1
            if token.tag_ == "VB" and token.dep_ in ("xcomp", "acl", "advcl"):
                return 1  # "plans to meet on Friday", "to begin next spring"
        if token.head == token:
            break
        token = token.head
    return 0
