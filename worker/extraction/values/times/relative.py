"""Reads times that are relative to publication ("last week", "in three days") or to the time named before."""

from __future__ import annotations

import re
from datetime import date, timedelta

from worker.extraction.lexicon.word_lists import any_of
from worker.extraction.values.numerals import number_of
from worker.extraction.values.times.calendar import (
    CLOCK_UNITS,
    Grain,
    Unit,
    Value,
    add_months,
    day,
    duration,
    part_of,
    shifted,
    unit_around,
    vague,
    week,
    weekend,
)
from worker.extraction.values.times.context import Context, Found
from worker.extraction.values.times.direction import after_superlative
from worker.extraction.values.times.named_dates import (
    PARTS,
    month_number,
    narrowed,
    near_year,
    one,
    relation,
    unit_of,
    weekday_number,
)
from worker.extraction.values.word_classes import Hit

__all__ = [
    "ago",
    "ahead",
    "anchored",
    "ending",
    "every",
    "from_now",
    "how_long",
    "midweek",
    "months_of_year",
    "near_day",
    "no_time",
    "overnight",
    "period",
    "shift",
    "span_of",
    "the_weekend",
    "vague_future",
    "vague_now",
    "vague_past",
    "within",
]

_RATE = re.compile(rf"(?:\d|\b(?:{any_of('words_before_rate')}|\d[\d,.]*\s\w+))\s$", re.IGNORECASE)


_OF_SOMETHING = re.compile(r"\sof\s(?:the|a|an|this|that|his|her|its|their|our|my)\s", re.IGNORECASE)
_STEPS = {"after next": 2, "before last": -2}
"""How many units away "the week after next" is."""


def _unit(hit: Hit) -> Unit:
    """The unit that a match names, in singular or plural. Raises KeyError where its rule has no unit."""
    return unit_of(hit.part("unit") or "")


def near_day(hit: Hit, context: Context) -> list[Found]:
    days = 0
    if hit.part("yesterday"):
        days = -2 if hit.part("before") else -1
    elif hit.part("tomorrow"):
        days = 2 if hit.part("after") else 1
    resolved, part = context.now + timedelta(days), hit.part("part")
    return one(hit, part_of(resolved, PARTS[part.casefold()]) if part else day(resolved))


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
    word = "day" if part else (hit.part("unit") or "").casefold()
    anchor = context.before(hit)
    if rel == "next" and word not in ("day", "night") and context.direction(hit) >= 0:
        anchor = day(context.now)  # "grew the next year" goes by the year before, "will grow the next year" by today
    if anchor is None or anchor.day is None:
        if rel in ("same", "that", "before", "after") or word in ("day", "night"):
            return []
        anchor = day(context.now)
    resolved = anchor.day or context.now
    step = {"same": 0, "that": 0, "previous": -1, "before": -1}.get(rel, 1)
    if word == "night":
        return one(hit, part_of(resolved + timedelta(step), "NI"))
    if word == "weekend":
        return one(hit, weekend(resolved + timedelta(7 * step)))
    unit = unit_of(word)
    resolved = shifted(resolved, step, unit)
    return one(hit, part_of(resolved, PARTS[part.casefold()]) if part else unit_around(resolved, unit))


def span_of(hit: Hit, context: Context) -> list[Found]:
    """ "The past three years", "the next five days": a duration that ends or begins at publication."""
    word = (hit.part("rel") or "").casefold()
    if _is_of_something(hit, context):
        return []
    unit, written = _unit(hit), hit.part("count")
    plural = (hit.part("unit") or "").casefold().endswith("s")
    count = number_of(written) if written else None if plural else 1.0
    value = duration(count, unit)
    if context.published is None or count is None or word == "recent":
        return one(hit, value)
    back = word in ("last", "past", "previous", "prior", "recent")
    if unit in CLOCK_UNITS:
        return one(hit, value)
    resolved = shifted(context.now, -count if back else count, unit)
    start, end = (resolved, context.now) if back else (context.now, resolved)
    return one(hit, Value(value.timex, start, end))


def _is_of_something(hit: Hit, context: Context) -> bool:
    """ "The last week of the fair" is a time of the fair, not of the calendar."""
    start, end = hit.span
    beginning = context.text[max(0, start - 4) : min(start + 4, end)]
    return "the " in beginning.casefold() and _OF_SOMETHING.match(context.text, end) is not None


def period(hit: Hit, context: Context) -> list[Found]:
    """ "Last year", "the end of next month", "earlier this week", "the start of the year"."""
    now, mod, rel = context.now, hit.part("mod"), " ".join((hit.part("rel") or "").casefold().split())
    if rel and _is_of_something(hit, context):
        return []
    unit, step = _unit(hit), _STEPS.get(rel) or relation(rel or None) or 0
    if unit == "weekend":
        value = _weekend(now, step) if rel else weekend(now)
    else:
        first = unit_around(now, unit).day or now
        value = unit_around(shifted(first, step, unit), unit)
    if hit.part("fiscal"):
        return one(hit, Value(value.timex))
    word = (mod or "").casefold()
    if value.day is not None and not step and (word in ("earlier", "so far") or "date" in word):
        return one(hit, Value(value.timex, value.day, max(now, value.day + timedelta(1)), value.grain))
    if not step and (word == "later" or "rest" in word or "remainder" in word):
        return one(hit, Value(value.timex, now, value.end, value.grain))
    return one(hit, narrowed(value, mod))


def _weekend(now: date, step: int) -> Value:
    """On a Saturday or Sunday "this weekend" is the present one, and "last weekend" the one a week before."""
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
    """ "Three days ago"; without a count it is only in the past: "years ago", "long ago"."""
    written = hit.part("count")
    count = number_of(written) if written else None
    if count is None:
        return one(hit, vague(-1))
    if "and a half" in hit.lexed.text[slice(*hit.span)].casefold() and count == int(count):
        count += 0.5
    unit, since = _unit(hit), (hit.part("from") or "").casefold()
    if not since:
        return one(hit, _away(context.now, -count, unit))
    return one(hit, _ago_from(context.now, count, unit, since))


def _ago_from(now: date, count: float, unit: Unit, since: str) -> Value | None:
    """ "Two years ago today" is a day, "fifty years ago this week" a week, "a month ago on Monday" still a month."""
    near = {"yesterday": -1, "tomorrow": 1}.get(since, 0)
    last_word = since.rsplit(maxsplit=1)[-1]
    step = {"last": -1, "next": 1}.get(since.split(maxsplit=1)[0], 0)
    if step and last_word in ("week", "month", "year"):
        near_unit = unit_of(last_word)
        return unit_around(shifted(shifted(now, step, near_unit), -count, unit), near_unit)
    if since.startswith("this ") and last_word in ("week", "month", "weekend"):
        return unit_around(shifted(now, -count, unit), unit_of(last_word))
    if since.removeprefix("to the ") in ("today", "day", "yesterday", "tomorrow"):
        return day(shifted(now + timedelta(near), -count, unit))
    if unit in ("week", "fortnight"):
        monday = shifted(now, -count, unit) - timedelta(now.weekday())
        return day(monday + timedelta(weekday_number(last_word)))
    return _away(now, -count, unit)


def from_now(hit: Hit, context: Context) -> list[Found]:
    """ "Three weeks from now", "two weeks from Monday", "a week tomorrow", "two years today": a past anniversary."""
    count, unit, since = number_of(hit.part("count") or ""), _unit(hit), (hit.part("from") or "now").casefold()
    if count is None:
        return one(hit, vague(1))
    if since == "now":
        return one(hit, _away(context.now, count, unit))
    from_a_day = " from " in hit.lexed.text[slice(*hit.span)].casefold()
    if not from_a_day and unit not in ("week", "fortnight"):
        return one(hit, day(shifted(context.now, -count, unit))) if since == "today" else []
    near = {"today": 0, "tomorrow": 1, "yesterday": -1}.get(since)
    if near is None:
        near = (weekday_number(since) - context.now.weekday()) % 7 or 7
    return one(hit, day(shifted(context.now + timedelta(near), count, unit)))


def ending(hit: Hit, context: Context) -> list[Found]:
    """A stretch of time by its last day or month: "the three months to October", "the week ending 15 November"."""
    written = hit.part("count")
    count = number_of(written) if written else 1.0
    if count is None:
        return []
    half_alone = (hit.part("unit") or "").casefold() == "half"
    unit: Unit = "month" if half_alone else _unit(hit)
    if half_alone:
        count *= 6
    end = _last_of(hit, context)
    if hit.part("halved"):
        count /= 2
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}.get(unit)
    if hit.part("month") is None and hit.part("weekday") is None and unit not in ("year", "decade"):
        return []
    start = add_months(end, -round(months * count)) if months else shifted(end, -count, unit)
    return one(hit, Value(duration(count, unit).timex, start, end))


def _last_of(hit: Hit, context: Context) -> date:
    """The day behind the last one of a stretch. Raises UndatedError, and ValueError where there is no such day."""
    written, month_name, day_number = hit.part("year"), hit.part("month"), hit.part("day")
    if hit.part("weekday"):
        back = (context.now.weekday() - weekday_number(hit.part("weekday") or "")) % 7
        return context.now - timedelta(back - 1)
    if month_name is None:
        return date(int(written or "") + 1, 1, 1)
    number, on_day = month_number(month_name), int((day_number or "0").rstrip("stndrh"))
    way = 1 if context.direction(hit, "month") > 0 else -1
    in_year = int(written) if written else near_year(context.now, number, on_day or None, way)
    if on_day:
        return date(in_year, number, on_day) + timedelta(1)
    return add_months(date(in_year, number, 1), 1)


def months_of_year(hit: Hit, context: Context) -> list[Found]:
    """ "The first nine months of 2026", "the last three weeks of the year"."""
    written, count, unit = hit.part("year"), number_of(hit.part("count") or ""), _unit(hit)
    if count is None or unit not in ("day", "week", "month"):
        return []
    first = date(int(written) if written else context.now.year + (relation(hit.part("rel")) or 0), 1, 1)
    after = add_months(first, 12)
    if (hit.part("nth") or "").casefold() == "first":
        after = shifted(first, count, unit)
    else:
        first = shifted(after, -count, unit)
    return one(hit, Value(duration(count, unit).timex, first, after))


def shift(hit: Hit, context: Context) -> list[Found]:
    """ "A day earlier", "three months later": from the time named before.

    Where no time is named before, "earlier" counts from publication, and "later" is only a duration.
    """
    count, unit = number_of(hit.part("count") or ""), _unit(hit)
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


def _away(at: date, count: float, unit: Unit, coarse: Grain = Grain.DAY) -> Value | None:
    """The day, week, month or year at a distance: as fine as the unit, or as the time that it is counted from."""
    try:
        resolved = shifted(at, count, unit)
    except (ValueError, OverflowError):
        return None
    halved = abs(count) < 1
    if unit in ("decade", "century"):
        unit, halved = "year", False
    if unit in CLOCK_UNITS:
        return day(resolved)
    if coarse >= Grain.YEAR:
        return unit_around(resolved, "year")
    if halved and unit == "year":
        return unit_around(resolved, "month")  # "half a year ago"
    if coarse is Grain.MONTH and unit != "year":
        return unit_around(resolved, "month")
    return unit_around(resolved, unit)


def ahead(hit: Hit, context: Context) -> list[Found]:
    """ "In three days": a date where the verb looks ahead or for "in three days' time", else a duration."""
    count, unit = number_of(hit.part("count") or ""), _unit(hit)
    for_sure = hit.part("time") is not None
    if unit == "second":
        return one(hit, duration(count, unit))  # "will reach 60 mph in 4.2 seconds"
    if count is None or (
        not for_sure
        and (context.published is None or after_superlative(context.doc, hit.span) or context.direction(hit) <= 0)
    ):
        return one(hit, duration(count, unit))
    return one(hit, _away(context.now, count, unit))


def within(hit: Hit, context: Context) -> list[Found]:
    """From the day named before in the sentence, or from publication where the verb looks ahead."""
    count, unit = number_of(hit.part("count") or ""), _unit(hit)
    value = duration(count, unit)
    if count is None or unit in CLOCK_UNITS:
        return one(hit, value)
    anchor = context.before(hit, same_sentence=True)
    start = anchor.day if anchor is not None and anchor.grain in (Grain.DAY, Grain.PART) else None
    if start is None and context.published is not None and context.direction(hit) > 0:
        start = context.now
    return one(hit, value if start is None else Value(value.timex, start, shifted(start, count, unit)))


def how_long(hit: Hit, context: Context) -> list[Found]:
    """A duration; none for a rate: "400 barrels a day"."""
    if (hit.part("count") or "").casefold() in ("a", "an") and _RATE.search(
        context.text[max(0, hit.span[0] - 40) : hit.span[0]]
    ):
        return []
    if _is_some_day(hit, context):
        return []
    unit, written = _unit(hit), hit.part("count")
    count = number_of(written) if written else None
    if count is not None and hit.part("half"):
        count += 0.5
    return one(hit, duration(count, unit))


_LASTING = re.compile(
    r"\b(?:in|for|within|after|of|just|only|than|every|last\w*|took|takes|take|about|over)\s$", re.IGNORECASE
)


def _is_some_day(hit: Hit, context: Context) -> bool:
    """Whether "one day" is no stretch of a day: "One day the bridge will fall", "would one day return"."""
    start, end = hit.span
    if context.text[start:end].casefold() != "one day" or context.text[end : end + 1] == "-":
        return False
    after = context.text[end : end + 10].casefold().split()
    if after[:1] and after[0].strip(".,") in ("later", "earlier", "before", "after", "ago", "of", "a"):
        return False
    return _LASTING.search(context.text[max(0, start - 12) : start]) is None


def no_time(_: Hit, __: Context) -> list[Found]:
    """Nothing, for words that look like a time and are not: "the same months"."""
    return []


def every(hit: Hit, _: Context) -> list[Found]:
    return one(hit, duration(1, _unit(hit)))


def vague_past(hit: Hit, _: Context) -> list[Found]:
    return one(hit, vague(-1))


def vague_now(hit: Hit, _: Context) -> list[Found]:
    return one(hit, vague(0))


def vague_future(hit: Hit, _: Context) -> list[Found]:
    return one(hit, vague(1))
