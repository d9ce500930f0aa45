"""Readers of times told from another one: from publication ("last week", "in three days"), or from the time before."""

from __future__ import annotations

import re
from datetime import date, timedelta

from worker.extraction.calendar_values import (
    Grain,
    Value,
    day,
    duration,
    part_of,
    shifted,
    unit_around,
    vague,
    week,
    weekend,
)
from worker.extraction.dates import PARTS, narrowed, one, relation
from worker.extraction.lexing import Hit
from worker.extraction.numerals import number_of
from worker.extraction.tense import after_superlative
from worker.extraction.time_context import Context, Found

__all__ = [
    "ago", "ahead", "anchored", "every", "from_now", "how_long", "midweek", "near_day", "no_time", "overnight", "period", "shift",
    "span_of", "the_weekend", "vague_future", "vague_now", "vague_past", "within",
]  # fmt: skip

_CLOCK_UNITS = ("hour", "minute", "second")
_RATE = re.compile(
    r"(?:\d|\b(?:hundred|thousand|million|billion|bn|percent|cent|once|twice|times|dollars|euros|pounds|\d[\d,.]*\s\w+))\s$",
    re.IGNORECASE,
)


def unit_of(words: str) -> str:
    word = words.casefold()
    return {"centuries": "century"}.get(word, word.rstrip("s"))


def near_day(hit: Hit, context: Context) -> list[Found]:
    days = 0
    if hit.part("yesterday"):
        days = -2 if hit.part("before") else -1
    elif hit.part("tomorrow"):
        days = 2 if hit.part("after") else 1
    there, part = context.now + timedelta(days), hit.part("part")
    return one(hit, part_of(there, PARTS[part.casefold()]) if part else day(there))


def overnight(hit: Hit, context: Context) -> list[Found]:
    """The night before publication, or the coming one; the one that began on the day just named."""
    named = context.before(hit, same_sentence=True)
    if named is not None and named.day is not None and named.grain in (Grain.DAY, Grain.PART):
        first = named.day
    else:
        first = context.now if context.direction(hit) > 0 else context.now - timedelta(1)
    return one(hit, Value(part_of(first, "NI").timex, first, first + timedelta(2), Grain.PART))


def anchored(hit: Hit, context: Context) -> list[Found]:
    """ "The next day", "the same week", "the previous month": counted from the time named before."""
    rel, part = (hit.part("rel") or "").casefold(), hit.part("part")
    unit = "day" if part else (hit.part("unit") or "").casefold()
    anchor = context.before(hit)
    if rel == "next" and unit not in ("day", "night") and context.direction(hit) >= 0:
        anchor = day(context.now)  # "grew the next year" goes by the year before, "will grow the next year" by today
    if anchor is None or anchor.day is None:
        if rel in ("same", "that", "before", "after") or unit in ("day", "night"):
            return []
        anchor = day(context.now)
    there = anchor.day or context.now
    step = {"same": 0, "that": 0, "previous": -1, "before": -1}.get(rel, 1)
    if unit == "night":
        return one(hit, part_of(there + timedelta(step), "NI"))
    if unit == "weekend":
        return one(hit, weekend(there + timedelta(7 * step)))
    there = shifted(there, step, unit)
    return one(hit, part_of(there, PARTS[part.casefold()]) if part else unit_around(there, unit))


def span_of(hit: Hit, context: Context) -> list[Found]:
    """ "The past three years", "the next five days": a duration that ends or begins at publication."""
    word = (hit.part("rel") or "").casefold()
    unit = unit_of(hit.part("unit") or "")
    written = hit.part("count")
    count = number_of(written) if written else None if (hit.part("unit") or "").casefold().endswith("s") else 1.0
    value = duration(count, unit)
    if context.published is None or count is None or word == "recent":
        return one(hit, value)
    back = word in ("last", "past", "previous", "recent")
    if unit in _CLOCK_UNITS:
        return one(hit, value)
    there = shifted(context.now, -count if back else count, unit)
    start, end = (there, context.now) if back else (context.now, there)
    return one(hit, Value(value.timex, start, end))


def period(hit: Hit, context: Context) -> list[Found]:
    """ "Last year", "the end of next month", "earlier this week", "the start of the year"."""
    now, mod = context.now, hit.part("mod")
    unit, step = (hit.part("unit") or "").casefold(), relation(hit.part("rel")) or 0
    if unit == "weekend":
        value = _weekend(now, step) if hit.part("rel") else weekend(now)
    else:
        first = unit_around(now, unit).day or now
        value = unit_around(shifted(first, step, unit), unit)
    if hit.part("fiscal"):
        return one(hit, Value(value.timex))
    word = (mod or "").casefold()
    if value.day is not None and not step and word in ("earlier", "so far"):
        return one(hit, Value(value.timex, value.day, max(now, value.day + timedelta(1)), value.grain))
    if not step and (word == "later" or "rest" in word or "remainder" in word):
        return one(hit, Value(value.timex, now, value.end, value.grain))
    return one(hit, narrowed(value, mod))


def _weekend(now: date, step: int) -> Value:
    """On a Saturday or Sunday "this weekend" is on, and "last weekend" the one a week before."""
    return weekend(now + timedelta(7 * step))


def the_weekend(hit: Hit, context: Context) -> list[Found]:
    """ "At the weekend": the last that has begun, or the next where the verb looks ahead."""
    now = context.now
    if context.direction(hit) > 0 or now.weekday() >= 5:
        return one(hit, weekend(now))
    return one(hit, weekend(now - timedelta(7)))


def midweek(hit: Hit, context: Context) -> list[Found]:
    return one(hit, week(context.now))


def ago(hit: Hit, context: Context) -> list[Found]:
    unit, written = unit_of(hit.part("unit") or ""), hit.part("count")
    count = number_of(written) if written else None
    if count is not None and "and a half" in hit.lexed.text[slice(*hit.span)].casefold() and count == int(count):
        count += 0.5
    if count is None:
        return one(hit, vague(-1))
    return one(hit, _away(context.now, -count, unit))


def from_now(hit: Hit, context: Context) -> list[Found]:
    count = number_of(hit.part("count") or "")
    return one(hit, vague(1) if count is None else _away(context.now, count, unit_of(hit.part("unit") or "")))


def shift(hit: Hit, context: Context) -> list[Found]:
    """ "A day earlier", "three months later": from the time named before; from publication where none is and it lies back."""
    count, unit = number_of(hit.part("count") or ""), unit_of(hit.part("unit") or "")
    back = (hit.part("rel") or "").casefold() != "later"
    anchor = context.before(hit)
    if count is None:
        return one(hit, duration(None, unit))
    if anchor is not None and anchor.day is not None:
        return one(hit, _away(anchor.day, -count if back else count, unit, coarse=anchor.grain))
    if not back:
        span = (hit.part_span("count") or hit.span)[0], (hit.part_span("unit") or hit.span)[1]
        return [Found(span, duration(count, unit))]
    return one(hit, _away(context.now, -count, unit))


def _away(at: date, count: float, unit: str, coarse: Grain = Grain.DAY) -> Value | None:
    """The day, week, month or year that lies so far away: as fine as the unit, or as what it is counted from."""
    try:
        there = shifted(at, count, unit)
    except (ValueError, OverflowError):
        return None
    if unit in ("decade", "century"):
        unit = "year"
    if unit in _CLOCK_UNITS:
        return day(there)
    if coarse >= Grain.YEAR:
        return unit_around(there, "year")
    if coarse is Grain.MONTH and unit != "year":
        return unit_around(there, "month")
    return unit_around(there, unit)


def ahead(hit: Hit, context: Context) -> list[Found]:
    """ "In three days": a date where the verb looks ahead or it says "in three days' time", else how long."""
    count, unit = number_of(hit.part("count") or ""), unit_of(hit.part("unit") or "")
    for_sure = hit.part("time") is not None
    if count is None or (
        not for_sure
        and (context.published is None or after_superlative(context.doc, hit.span) or context.direction(hit) <= 0)
    ):
        return one(hit, duration(count, unit))
    return one(hit, _away(context.now, count, unit))


def within(hit: Hit, context: Context) -> list[Found]:
    """From the day named before in the sentence, or from publication where the verb looks ahead."""
    count, unit = number_of(hit.part("count") or ""), unit_of(hit.part("unit") or "")
    value = duration(count, unit)
    if count is None or unit in _CLOCK_UNITS:
        return one(hit, value)
    anchor = context.before(hit, same_sentence=True)
    start = anchor.day if anchor is not None and anchor.grain in (Grain.DAY, Grain.PART) else None
    if start is None and context.published is not None and context.direction(hit) > 0:
        start = context.now
    return one(hit, value if start is None else Value(value.timex, start, shifted(start, count, unit)))


def how_long(hit: Hit, context: Context) -> list[Found]:
    """Not a rate: "400 barrels a day"."""
    if (hit.part("count") or "").casefold() in ("a", "an") and _RATE.search(
        context.text[max(0, hit.span[0] - 40) : hit.span[0]]
    ):
        return []
    unit, written = unit_of(hit.part("unit") or ""), hit.part("count")
    count = number_of(written) if written else None
    if count is not None and hit.part("half"):
        count += 0.5
    return one(hit, duration(count, unit))


def no_time(_: Hit, __: Context) -> list[Found]:
    """Words that look like a time and are none: "the same months"."""
    return []


def every(hit: Hit, _: Context) -> list[Found]:
    return one(hit, duration(1, unit_of(hit.part("unit") or "")))


def vague_past(hit: Hit, _: Context) -> list[Found]:
    return one(hit, vague(-1))


def vague_now(hit: Hit, _: Context) -> list[Found]:
    return one(hit, vague(0))


def vague_future(hit: Hit, _: Context) -> list[Found]:
    return one(hit, vague(1))
