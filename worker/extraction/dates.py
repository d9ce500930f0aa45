"""Readers of days, months and years by name: what "3 May", "last March", "Tuesday" or "the 1990s" mean on a day."""

from __future__ import annotations

from datetime import date, timedelta

from worker.extraction.calendar_values import (
    Grain,
    Value,
    add_months,
    century,
    day,
    decade,
    half_year,
    month,
    part_of,
    quarter,
    year,
)
from worker.extraction.lexing import Hit
from worker.extraction.time_context import Context, Found

__all__ = [
    "PARTS", "day_of_month", "day_range", "fiscal_year", "halves", "iso_date", "month_range", "named_century",
    "named_date", "named_decade", "named_month", "narrowed", "one", "quarters", "relation", "slash_date", "weekday", "weekday_of_week",
    "weekdays", "year_alone", "years",
]  # fmt: skip

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "tonight": "NI", "overnight": "NI"}
_ORDINALS = {
    word: i
    for i, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90, "noughties": 0,
}  # fmt: skip


def month_number(words: str) -> int:
    return _MONTHS.index(words[:3].casefold()) + 1


def weekday_number(words: str) -> int:
    return _WEEKDAYS.index(words[:3].casefold())


def _day_number(words: str) -> int:
    return int(words.rstrip("stndrh"))


def relation(words: str | None) -> int | None:
    """-1 for "last", 0 for "this", 1 for "next"; None for no such word."""
    if words is None:
        return None
    word = words.casefold().split()[-1]
    if word in ("last", "past", "previous", "preceding", "prior"):
        return -1
    return 1 if word in ("next", "coming", "upcoming", "following") else 0


def near_year(now: date, in_month: int, on_day: int | None, direction: int) -> int:
    """The year of a month or day without one: the last time it was, the next time it comes, or the nearest of both."""
    here, there = (now.month, now.day if on_day else 0), (in_month, on_day or 0)
    if direction < 0:
        return now.year - (there > here)
    if direction > 0:
        return now.year + (there < here)
    middle = min(on_day or 15, 28)
    return min((now.year, now.year - 1, now.year + 1), key=lambda y: abs((date(y, in_month, middle) - now).days))


def narrowed(value: Value, words: str | None) -> Value:
    """ "early", "mid", "late" and the like: a third of the interval; the TIMEX3 value stays (TIMEX3 says it in `mod`)."""
    if not words or value.day is None or not isinstance(value.end, date):
        return value
    word = words.casefold()
    place = (
        0 if any(w in word for w in ("early", "start", "beginning", "dawn", "outset", "earlier", "turn"))
        else 1 if "mid" in word
        else 2
    )  # fmt: skip
    start, end = value.day, value.end
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
    return one(hit, day(date.fromisoformat(hit.part("date") or "")))


def slash_date(hit: Hit, _: Context) -> list[Found]:
    """Day and month in either order, where the figures leave one; "3/4/1975" is two days and none is taken."""
    first, second, in_year = (int(hit.part(name) or "") for name in ("first", "second", "year"))
    if first <= 12 and second <= 12 and first != second:
        return []
    return one(hit, day(date(in_year, second, first) if second <= 12 else date(in_year, first, second)))


def named_date(hit: Hit, context: Context) -> list[Found]:
    number, at = month_number(hit.part("month") or ""), _day_number(hit.part("day") or "")
    written = hit.part("year")
    in_year = int(written) if written else near_year(context.now, number, at, context.direction(hit, "month"))
    there = date(in_year, number, at)
    part = hit.part("part")
    return one(hit, part_of(there, PARTS[part.casefold()]) if part else day(there))


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
    at, now = _day_number(hit.part("day") or ""), context.now
    ahead = context.direction(hit) > 0
    shift = (1 if at < now.day else 0) if ahead else (-1 if at > now.day else 0)
    there = add_months(now.replace(day=1), shift)
    return one(hit, day(there.replace(day=at)))


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


def weekday(hit: Hit, context: Context) -> list[Found]:
    """Without "last" or "next": the last one on or before publication, or the next one where the verb looks ahead.

    "Last Friday" is before today and not yesterday, which would be called so; "next Friday" is that of the next week.
    """
    now, target, rel = context.now, weekday_number(hit.part("weekday") or ""), relation(hit.part("rel"))
    words = (hit.part("rel") or "").casefold()
    back, ahead = (now.weekday() - target) % 7, (target - now.weekday()) % 7
    anchor = context.before(hit) if words.startswith("the ") else None
    if anchor is not None and anchor.day is not None and rel:  # "the following Monday", "the previous Friday"
        there = anchor.day
        step = ((target - there.weekday()) % 7 or 7) if rel > 0 else -((there.weekday() - target) % 7 or 7)
        there += timedelta(step)
    elif rel == -1:
        there = now - timedelta(back if back > 1 else back + 7)
    elif rel == 1 and words.endswith("next"):
        there = now - timedelta(now.weekday()) + timedelta(7 + target)
        if (there - now).days == 1:
            there += timedelta(7)
    elif rel == 1:
        there = now + timedelta(ahead or 7)
    elif rel == 0:
        there = now - timedelta(back) if context.direction(hit, "weekday") < 0 else now + timedelta(ahead)
    else:
        there = now + timedelta(ahead) if context.direction(hit, "weekday") > 0 else now - timedelta(back)
    part = hit.part("part")
    return one(hit, part_of(there, PARTS[part.casefold()]) if part else day(there))


def weekday_of_week(hit: Hit, context: Context) -> list[Found]:
    """ "Tuesday last week", "Monday week"."""
    now, target = context.now, weekday_number(hit.part("weekday") or "")
    if hit.part("after"):
        return one(hit, day(now + timedelta((target - now.weekday()) % 7 + 7)))
    monday = now - timedelta(now.weekday())
    return one(hit, day(monday + timedelta(7 * (relation(hit.part("rel")) or 0) + target)))


def weekdays(hit: Hit, _: Context) -> list[Found]:
    return one(hit, Value(f"XXXX-WXX-{weekday_number(hit.part('weekday') or '') + 1}"))


def year_alone(hit: Hit, _: Context) -> list[Found]:
    return one(hit, narrowed(year(int(hit.part("year") or "")), hit.part("mod")))


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


def _nth(words: str) -> int:
    word = words.casefold()
    if word in ("final", "last"):
        return 4
    return _ORDINALS.get(word) or int(word.rstrip("stndrh") or 0)


def _part_of_year(hit: Hit, context: Context, length: int) -> list[Found]:
    """Quarters (length 3) and halves (6). Without a year: the last one that is over, or the next where the verb looks ahead."""
    named, written, rel = hit.part("named"), hit.part("year"), relation(hit.part("rel"))
    number = int(named[1:]) if named else _nth(hit.part("nth") or "")
    if not 1 <= number <= 12 // length:
        return []
    build = quarter if length == 3 else half_year
    words = hit.lexed.text[slice(*hit.span)].casefold()
    if written:
        in_year = int(written)
    elif rel is not None or words.endswith("year"):
        in_year = context.now.year + (rel or 0)
    else:
        in_year = context.now.year
        first = build(in_year, number).day
        ahead = context.direction(hit) > 0
        if first is not None and not ahead and first > context.now:
            in_year -= 1
        elif first is not None and ahead and add_months(first, length) <= context.now:
            in_year += 1
    if "fiscal" in words or "financial" in words:
        return one(hit, Value(build(in_year, number).timex))
    return one(hit, build(in_year, number))


def quarters(hit: Hit, context: Context) -> list[Found]:
    return _part_of_year(hit, context, 3)


def halves(hit: Hit, context: Context) -> list[Found]:
    return _part_of_year(hit, context, 6)


def named_decade(hit: Hit, context: Context) -> list[Found]:
    named = hit.part("named")
    digits = (hit.part("decade") or "").rstrip("s")
    short = _DECADES[named.casefold()] if named else int(digits) if len(digits) == 2 else None
    if short is not None:
        latest = context.published.year if context.published else 2020
        first = latest // 100 * 100 + short
        first -= 100 if first > latest else 0
    else:
        first = int(digits)
    return one(hit, narrowed(decade(first), hit.part("mod")))


def named_century(hit: Hit, _: Context) -> list[Found]:
    number = _nth(hit.part("nth") or "")
    return one(hit, narrowed(century(number), hit.part("mod"))) if 1 <= number <= 22 else []
