"""Reads seasons and holidays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from worker.extraction.lexicon.tables import read_table
from worker.extraction.values.numerals import number_of
from worker.extraction.values.times.calendar import (
    SEASONS,
    add_months,
    day,
    easter,
    nth_weekday,
    season,
    shifted,
    unit_around,
    year,
)
from worker.extraction.values.times.context import Context, Found
from worker.extraction.values.times.named_dates import full_year, narrowed, one, relation, unit_of
from worker.extraction.values.word_classes import Hit

__all__ = ["beside_holiday", "holiday", "named_season", "new_year"]


def named_season(hit: Hit, context: Context) -> list[Found]:
    """A season of a year; without a year the last one, the present one or the next one, by the tense of the verb."""
    name = (hit.part("season") or hit.part("season2") or "").casefold()
    written, rel = hit.part("year"), relation(hit.part("rel"))
    if written or hit.part("two"):
        return one(hit, narrowed(season(full_year(hit, context), name), hit.part("mod")))
    now, (_, first_month) = context.now, SEASONS[name]
    this = date(now.year, first_month, 1)
    if first_month == 12 and now.month <= 2:
        this = date(now.year - 1, 12, 1)  # this winter began last year
    over = add_months(this, 3) <= now
    on = this <= now and not over
    way = rel if rel is not None else context.direction(hit)
    if rel == 0:
        shift = 0
    elif way < 0:
        shift = -1 if this > now or (on and rel is not None) else 0
    elif way > 0:
        shift = 1 if over or (on and rel is not None) else 0
    else:
        shift = -1 if (this - now).days > 183 else 0
    return one(hit, narrowed(season(this.year + shift, name), hit.part("mod")))


@dataclass(frozen=True, slots=True)
class _Holidays:
    """The tables of data/holidays.toml, which describes their numbers."""

    fixed: Mapping[str, tuple[int, int]]
    from_easter: Mapping[str, int]
    by_weekday: Mapping[str, tuple[int, int, int, int]]


@cache
def _holidays() -> _Holidays:
    tables = read_table("holidays")
    return _Holidays(
        fixed={name: (in_month, on_day) for name, (in_month, on_day) in tables["fixed"].items()},
        from_easter=tables["from_easter"],
        by_weekday={name: (m, weekday, nth, after) for name, (m, weekday, nth, after) in tables["by_weekday"].items()},
    )


def _day_of(name: str, in_year: int) -> date:
    """Raises KeyError for a holiday that is not known."""
    known = _holidays()
    if name in known.fixed:
        return date(in_year, *known.fixed[name])
    if name in known.from_easter:
        return easter(in_year) + timedelta(known.from_easter[name])
    in_month, on_weekday, nth, days_after = known.by_weekday[name]
    return nth_weekday(in_year, in_month, on_weekday, nth) + timedelta(days_after)


def holiday(hit: Hit, context: Context) -> list[Found]:
    """The day of a holiday; without a year the last one, the next one, or the nearest, by the tense of the verb."""
    name = " ".join((hit.part("holiday") or "").casefold().replace("’", "'").split())
    written, rel = hit.part("year"), relation(hit.part("rel"))
    try:
        if written:
            return one(hit, day(_day_of(name, int(written))))
        now = context.now
        this_year = _day_of(name, now.year)
        way = rel if rel is not None else context.direction(hit, "holiday")
        if way < 0:
            resolved = (
                this_year if this_year < now or (this_year == now and rel is None) else _day_of(name, now.year - 1)
            )
        elif way > 0 or rel == 0:
            resolved = this_year if this_year >= now else _day_of(name, now.year + 1)
        else:
            near = [_day_of(name, y) for y in (now.year - 1, now.year, now.year + 1)]
            resolved = min(near, key=lambda at: abs((at - now).days))
    except KeyError:
        return []
    return one(hit, day(resolved))


def beside_holiday(hit: Hit, context: Context) -> list[Found]:
    """The day, week or month before or after a holiday: "three days before Christmas"."""
    found = holiday(hit, context)
    written = hit.part("count") or ""
    count, unit = 1.0 if written.casefold() == "the" else number_of(written), unit_of(hit.part("unit") or "")
    if not found or found[0].value.day is None or count is None:
        return found
    step = -count if (hit.part("side") or "").casefold() == "before" else count
    return one(hit, unit_around(shifted(found[0].value.day, step, unit), unit))


def new_year(hit: Hit, context: Context) -> list[Found]:
    """ "In the new year": the first months of the next year, or of this one where the verb looks back."""
    back = context.direction(hit) < 0 and context.now.month <= 6
    return one(hit, narrowed(year(context.now.year + (not back)), "early"))
