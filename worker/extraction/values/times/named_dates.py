"""Reads days, months and years by name: "3 May", "last March", "Tuesday", "the 1990s"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import get_args

from worker.extraction.lexicon.word_lists import numbers_of_words, ordered_words, words
from worker.extraction.values.numerals import number_of
from worker.extraction.values.times.calendar import (
    Grain,
    Unit,
    Value,
    add_months,
    century,
    day,
    decade,
    half_year,
    month,
    nth_weekday,
    part_of,
    quarter,
    week,
    year,
)
from worker.extraction.values.times.context import Context, Found
from worker.extraction.values.word_classes import Hit

__all__ = [
    "PARTS",
    "day_list",
    "day_of_month",
    "day_range",
    "fiscal_year",
    "full_year",
    "halves",
    "iso_date",
    "month_number",
    "month_range",
    "named_century",
    "named_date",
    "named_decade",
    "named_month",
    "narrowed",
    "near_year",
    "nth_weekday_of_month",
    "one",
    "quarters",
    "relation",
    "slash_date",
    "unit_of",
    "week_of_month",
    "weekday",
    "weekday_number",
    "weekday_of_week",
    "weekdays",
    "year_alone",
    "years",
]

_SHORT = {"hr": "hour", "min": "minute", "sec": "second", "yr": "year"}
_UNITS: dict[str, Unit] = {unit: unit for unit in get_args(Unit)}
_MONTHS = ordered_words("month_stems")
_WEEKDAYS = ordered_words("weekday_stems")
_BACK = words("back_words")
_AHEAD = words("ahead_words")
_STARTING = words("starting_words")
PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "tonight": "NI", "overnight": "NI"}
"""TIMEX3 letters of the parts of a day."""
_RANGE_OF_PARTS = re.compile(r"(early|mid)[\s-]*(?:to|[–—-])[\s-]*(mid|late)-?")
_ORDINALS = numbers_of_words("ordinals")
_OF_PIXELS = re.compile(r"\s(?:pixels?|px|dpi)\b", re.IGNORECASE)
_HUNDREDS_UNTIL = 1900
"""Before it "the 1700s" are a century; "the 1900s" may be ten years."""
_DECADES = numbers_of_words("decade_names")


def month_number(written: str) -> int:
    """1 to 12. Raises ValueError for another word."""
    return _MONTHS.index(written[:3].casefold()) + 1


def weekday_number(written: str) -> int:
    """0 (Monday) to 6. Raises ValueError for another word."""
    return _WEEKDAYS.index(written[:3].casefold())


def _day_number(written: str) -> int:
    """The number of "3", "3rd" or "twenty-third". Raises ValueError for other words."""
    if written[0].isdigit():
        return int(written.rstrip("stndrh"))
    tens, _, ones = written.casefold().rpartition("-")
    return int((number_of(tens) or 0) + _ORDINALS.get(ones, 0))


def unit_of(written: str) -> Unit:
    """The unit of time that a word names, in singular or plural. Raises KeyError for another word."""
    word = written.casefold()
    return _UNITS[_SHORT.get(word.rstrip("s"), "century" if word == "centuries" else word.rstrip("s"))]


def relation(written: str | None) -> int | None:
    """-1 for "last", 0 for "this", 1 for "next"; None for no such word."""
    if written is None:
        return None
    word = written.casefold().split()[-1]
    if word in _BACK:
        return -1
    return 1 if word in _AHEAD else 0


def near_year(now: date, in_month: int, on_day: int | None, direction: int) -> int:
    """The year of a month or day without one: of the last time (-1), the next time (1), or the nearest of both (0)."""
    this_year, wanted = (now.month, now.day if on_day else 0), (in_month, on_day or 0)
    if direction < 0:
        return now.year - (wanted > this_year)
    if direction > 0:
        return now.year + (wanted < this_year)
    middle = min(on_day or 15, 28)
    return min((now.year, now.year - 1, now.year + 1), key=lambda y: abs((date(y, in_month, middle) - now).days))


def narrowed(value: Value, modifier: str | None) -> Value:
    """A third of the interval for "early", "mid", "late" and the like; the TIMEX3 value stays the same."""
    if not modifier or value.day is None or not isinstance(value.end, date):
        return value
    word = modifier.casefold()
    place = (
        0 if any(w in word for w in _STARTING)
        else 1 if "mid" in word
        else 2
    )  # fmt: skip
    start, end = value.day, value.end
    both = _RANGE_OF_PARTS.fullmatch(word)
    if both:
        return Value(value.timex, narrowed(value, both[1]).start, narrowed(value, both[2]).end, value.grain)
    cuts = None
    if value.grain is Grain.WEEK:
        cuts = (start, start + timedelta(2), start + timedelta(4), end)
    elif value.grain is Grain.DECADE:
        third = 40 if end.year - start.year <= 10 else 400
        cuts = (start, add_months(start, third), add_months(start, 2 * third), end)
    elif value.grain is Grain.MONTH:
        cuts = (start, start.replace(day=11), start.replace(day=21), end)
    elif value.grain is Grain.QUARTER:
        length = 1 if (end - start).days < 100 else 2
        cuts = (start, add_months(start, length), add_months(start, 2 * length), end)
    elif value.grain is Grain.YEAR:
        cuts = (start, add_months(start, 4), add_months(start, 8), end)
    if cuts is None:
        return value
    return Value(value.timex, cuts[place], cuts[place + 1], value.grain)


def one(hit: Hit, value: Value | None) -> list[Found]:
    return [] if value is None else [Found(hit.part_span("core") or hit.span, value)]


def iso_date(hit: Hit, _: Context) -> list[Found]:
    return one(hit, day(date.fromisoformat((hit.part("date") or "").replace("/", "-"))))


def slash_date(hit: Hit, context: Context) -> list[Found]:
    """Day and month in either order, where the figures or the article's other dates leave one.

    "3/4/1975" by itself is two days, and none is taken. With points the day comes first: "3.4.1975".
    """
    dotted = hit.part("dotted")
    if dotted:
        on, number, in_year = (int(figures) for figures in dotted.split("."))
        return one(hit, day(date(in_year, number, on)))
    first, second = int(hit.part("first") or ""), int(hit.part("second") or hit.part("second2") or "")
    in_year = full_year(hit, context)
    day_first = second <= 12 if first == second or max(first, second) > 12 else context.day_first
    if day_first is None:
        return []
    return one(hit, day(date(in_year, second, first) if day_first else date(in_year, first, second)))


def full_year(hit: Hit, context: Context) -> int:
    """The year of a date; one of two figures is the last such year that is not more than ten years ahead."""
    written, two = hit.part("year"), hit.part("two")
    if written or two is None:
        return int(written or "")
    latest = (context.published.year if context.published else 2020) + 10
    in_year = latest // 100 * 100 + int(two)
    return in_year if in_year <= latest else in_year - 100


def named_date(hit: Hit, context: Context) -> list[Found]:
    number, at = month_number(hit.part("month") or ""), _day_number(hit.part("day") or "")
    if hit.part("year") or hit.part("two"):
        in_year = full_year(hit, context)
    else:
        in_year = near_year(context.now, number, at, context.direction(hit, "month"))
    resolved = date(in_year, number, at)
    part = hit.part("part")
    return one(hit, part_of(resolved, PARTS[part.casefold()]) if part else day(resolved))


def day_range(hit: Hit, context: Context) -> list[Found]:
    """Both ends, each with its own value; "3 to 5 May" are the 3rd and the 5th of May."""
    first_month, last_month = hit.part("month") or "", hit.part("month2") or hit.part("month") or ""
    end_part = "day2" if hit.part("day2") else "day3"
    at, until = _day_number(hit.part("day") or ""), _day_number(hit.part(end_part) or "")
    written = hit.part("year")
    if written:
        last_year = int(written)
    else:
        last_year = near_year(context.now, month_number(last_month), until, context.direction(hit, "month"))
    end = date(last_year, month_number(last_month), until)
    begin = date(last_year - (month_number(first_month) > end.month), month_number(first_month), at)
    if begin >= end:
        return []
    whole, day_span = hit.span, hit.part_span("day") or hit.span
    month_span, end_span = hit.part_span("month") or hit.span, hit.part_span(end_part) or hit.span
    month_first = month_span[0] < day_span[0]
    first = (whole[0], day_span[1]) if month_first or not hit.part("month2") else (whole[0], month_span[1])
    second = (end_span[0], whole[1])
    if month_first and hit.part("month2"):
        second = ((hit.part_span("month2") or second)[0], whole[1])
    return [Found(first, day(begin)), Found(second, day(end))]


def day_list(hit: Hit, context: Context) -> list[Found]:
    """Each day of "3, 4 and 7 December", the last one with the month, or the first where the month is before it."""
    number, written = month_number(hit.part("month") or ""), hit.part("year")
    spans = [span for name in ("day", "mid", "mid2", "day2") if (span := hit.part_span(name)) is not None]
    days = [_day_number(hit.lexed.text[slice(*span)]) for span in spans]
    in_year = int(written) if written else near_year(context.now, number, days[-1], context.direction(hit, "month"))
    spans[0], spans[-1] = (hit.span[0], spans[0][1]), (spans[-1][0], hit.span[1])
    return [Found(span, day(date(in_year, number, at))) for span, at in zip(spans, days, strict=True)]


def month_range(hit: Hit, context: Context) -> list[Found]:
    first, last = month_number(hit.part("month") or ""), month_number(hit.part("month2") or "")
    written = hit.part("year")
    in_year = int(written) if written else near_year(context.now, last, None, context.direction(hit, "month2"))
    second = (hit.part_span("month2") or hit.span)[0], hit.span[1]
    return [
        Found(hit.part_span("month") or hit.span, month(in_year - (first > last), first)),
        Found(second, month(in_year, last)),
    ]


def day_of_month(hit: Hit, context: Context) -> list[Found]:
    at, now, rel = _day_number(hit.part("day") or ""), context.now, relation(hit.part("rel"))
    if rel is not None:
        shift = rel
    else:
        ahead = context.direction(hit) > 0
        shift = (1 if at < now.day else 0) if ahead else (-1 if at > now.day else 0)
    resolved = add_months(now.replace(day=1), shift)
    return one(hit, day(resolved.replace(day=at)))


def named_month(hit: Hit, context: Context) -> list[Found]:
    number, written, rel = month_number(hit.part("month") or ""), hit.part("year"), relation(hit.part("rel"))
    if written:
        in_year = int(written)
    elif rel is not None and "year" in hit.lexed.text[slice(*hit.span)].casefold():
        in_year = context.now.year + rel  # "in March last year"
    elif rel is not None:
        now = context.now
        in_year = now.year - (rel < 0 and number >= now.month) + (rel > 0 and number <= now.month)
    else:
        in_year = near_year(context.now, number, None, context.direction(hit, "month"))
    return one(hit, narrowed(month(in_year, number), hit.part("mod")))


def nth_weekday_of_month(hit: Hit, context: Context) -> list[Found]:
    """ "The last Sunday in October"."""
    number, written = month_number(hit.part("month") or ""), hit.part("year")
    in_year = int(written) if written else near_year(context.now, number, None, context.direction(hit, "month"))
    nth = -1 if (hit.part("nth") or "").casefold() in ("last", "final") else _nth(hit.part("nth") or "")
    if nth == 0 or nth > 4:
        return []
    return one(hit, day(nth_weekday(in_year, number, weekday_number(hit.part("weekday") or ""), nth)))


def week_of_month(hit: Hit, context: Context) -> list[Found]:
    """ "The second week of January": the calendar week with the middle of those seven days."""
    number, written = month_number(hit.part("month") or ""), hit.part("year")
    in_year = int(written) if written else near_year(context.now, number, None, context.direction(hit, "month"))
    first = date(in_year, number, 1)
    if (hit.part("nth") or "").casefold() in ("last", "final"):
        return one(hit, week(add_months(first, 1) - timedelta(4)))
    nth = _nth(hit.part("nth") or "")
    return one(hit, week(first + timedelta(7 * nth - 4))) if 1 <= nth <= 4 else []


def weekday(hit: Hit, context: Context) -> list[Found]:
    """Without "last" or "next": the last one on or before publication, or the next one where the verb looks ahead.

    "Last Friday" is before today and not yesterday, which would be called so; "next Friday" is that of the next week.
    """
    now, target, rel = context.now, weekday_number(hit.part("weekday") or ""), relation(hit.part("rel"))
    rel_words = (hit.part("rel") or "").casefold()
    back, ahead = (now.weekday() - target) % 7, (target - now.weekday()) % 7
    anchor = context.before(hit) if rel_words.startswith("the ") else None
    if anchor is not None and anchor.day is not None and rel:  # "the following Monday", "the previous Friday"
        resolved = anchor.day
        step = ((target - resolved.weekday()) % 7 or 7) if rel > 0 else -((resolved.weekday() - target) % 7 or 7)
        resolved += timedelta(step)
    elif rel == -1:
        resolved = now - timedelta(back if back > 1 else back + 7)
    elif rel == 1 and rel_words.endswith("next"):
        resolved = now - timedelta(now.weekday()) + timedelta(7 + target)
        if (resolved - now).days == 1:
            resolved += timedelta(7)
    elif rel == 1:
        resolved = now + timedelta(ahead or 7)
    elif rel == 0:
        resolved = now - timedelta(back) if context.direction(hit, "weekday") < 0 else now + timedelta(ahead)
    else:
        resolved = now + timedelta(ahead) if context.direction(hit, "weekday") > 0 else now - timedelta(back)
    part = hit.part("part")
    return one(hit, part_of(resolved, PARTS[part.casefold()]) if part else day(resolved))


def weekday_of_week(hit: Hit, context: Context) -> list[Found]:
    """ "Tuesday last week", "Monday week"."""
    now, target = context.now, weekday_number(hit.part("weekday") or "")
    apart = (hit.part("apart") or "").casefold()
    if apart:  # "the Sunday before last" is a week before the last Sunday
        days = (now.weekday() - target) % 7 or 7
        return one(hit, day(now - timedelta(days + 7) if apart.endswith("last") else now + timedelta(14 - days % 7)))
    if hit.part("after"):
        return one(hit, day(now + timedelta((target - now.weekday()) % 7 + 7)))
    monday = now - timedelta(now.weekday())
    return one(hit, day(monday + timedelta(7 * (relation(hit.part("rel")) or 0) + target)))


def weekdays(hit: Hit, _: Context) -> list[Found]:
    return one(hit, Value(f"XXXX-WXX-{weekday_number(hit.part('weekday') or '') + 1}"))


def year_alone(hit: Hit, context: Context) -> list[Found]:
    if _OF_PIXELS.match(context.text, hit.span[1]):
        return []
    return one(hit, narrowed(year(full_year(hit, context)), hit.part("mod")))


def years(hit: Hit, _: Context) -> list[Found]:
    """ "2014-16" and "2014 to 2016": both years."""
    first, two, second = hit.part("year") or "", hit.part("two"), hit.part("year2")
    last = int(second) if second else int(first[:2] + (two or ""))
    if not 0 < last - int(first) <= 200:
        return []
    first_span, second_span = hit.part_span("year"), hit.part_span("two") or hit.part_span("year2")
    if first_span is None or second_span is None:
        return []
    return [Found(first_span, year(int(first))), Found(second_span, year(last))]


def fiscal_year(hit: Hit, _: Context) -> list[Found]:
    """The year alone: where a fiscal year begins depends on whose it is, so there is no interval."""
    written = hit.part("year") or ""
    return one(hit, Value(written if len(written) == 4 else f"20{written}"))


def _nth(written: str) -> int:
    word = written.casefold()
    if word in ("final", "last"):
        return 4
    return int(_ORDINALS.get(word) or word.rstrip("stndrh") or 0)


def _part_of_year(hit: Hit, context: Context, length: int) -> list[Found]:
    """A quarter (`length` 3 months) or half (6) of a year.

    Without a year it is the last one, or the next one where the verb looks ahead.
    """
    named, rel = hit.part("named"), relation(hit.part("rel"))
    written = full_year(hit, context) if hit.part("year") or hit.part("two") else None
    number = int(named[1:]) if named else _nth(hit.part("nth") or "")
    if not 1 <= number <= 12 // length:
        return []
    build = quarter if length == 3 else half_year
    whole = hit.lexed.text[slice(*hit.span)].casefold()
    if written:
        in_year = written
    elif rel is not None or whole.endswith("year"):
        in_year = context.now.year + (rel or 0)
    else:
        in_year = context.now.year
        first = build(in_year, number).day
        ahead = context.direction(hit) > 0
        if first is not None and not ahead and first > context.now:
            in_year -= 1
        elif first is not None and ahead and add_months(first, length) <= context.now:
            in_year += 1
    if "fiscal" in whole or "financial" in whole:
        return one(hit, Value(build(in_year, number).timex))
    return one(hit, build(in_year, number))


def quarters(hit: Hit, context: Context) -> list[Found]:
    is_plain = not any(map(hit.part, ("named", "year", "two", "rel")))
    if is_plain and context.is_about_a_match:
        return []
    return _part_of_year(hit, context, 3)


def halves(hit: Hit, context: Context) -> list[Found]:
    return _part_of_year(hit, context, 6)


def named_decade(hit: Hit, context: Context) -> list[Found]:
    named = hit.part("named")
    digits = (hit.part("decade") or "").rstrip("s")
    short = int(_DECADES[named.casefold()]) if named else int(digits) if len(digits) == 2 else None
    if short is not None:
        latest = context.published.year if context.published else 2020
        first = latest // 100 * 100 + short
        first -= 100 if first > latest else 0
    else:
        first = int(digits)
        if first % 100 == 0 and first < _HUNDREDS_UNTIL:
            return one(hit, narrowed(century(first // 100 + 1), hit.part("mod")))  # "the 1700s"
    return one(hit, narrowed(decade(first), hit.part("mod")))


def named_century(hit: Hit, _: Context) -> list[Found]:
    number = _nth(hit.part("nth") or "")
    return one(hit, narrowed(century(number), hit.part("mod"))) if 1 <= number <= 22 else []
