"""Readers of seasons and feasts."""

from __future__ import annotations

from datetime import date, timedelta

from worker.extraction.calendar_values import SEASONS, add_months, day, easter, nth_weekday, season
from worker.extraction.dates import narrowed, one, relation
from worker.extraction.lexing import Hit
from worker.extraction.time_context import Context, Found

__all__ = ["feast", "named_season"]


def named_season(hit: Hit, context: Context) -> list[Found]:
    name = (hit.part("season") or hit.part("season2") or "").casefold()
    written, rel = hit.part("year"), relation(hit.part("rel"))
    if written:
        return one(hit, narrowed(season(int(written), name), hit.part("mod")))
    now, (_, first_month) = context.now, SEASONS[name]
    this = date(now.year, first_month, 1)
    if first_month == 12 and now.month <= 2:
        this = date(now.year - 1, 12, 1)  # the winter that is on
    over = add_months(this, 3) <= now
    on = this <= now and not over
    way = rel if rel is not None else context.direction(hit)
    shift = 0
    if rel == 0:
        shift = 0
    elif way < 0:
        shift = -1 if this > now or (on and rel is not None) else 0
    elif way > 0:
        shift = 1 if over or (on and rel is not None) else 0
    else:
        shift = -1 if (this - now).days > 183 else 0
    return one(hit, narrowed(season(this.year + shift, name), hit.part("mod")))


def _feast_day(name: str, in_year: int) -> date:
    """Raises KeyError for a feast that is not known."""
    fixed = {
        "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26),
        "new year's day": (1, 1), "new year": (1, 1), "new year's eve": (12, 31), "halloween": (10, 31),
        "hallowe'en": (10, 31), "valentine's day": (2, 14), "bastille day": (7, 14), "patrick's day": (3, 17),
        "armistice day": (11, 11), "remembrance day": (11, 11), "epiphany": (1, 6),
    }  # fmt: skip
    if name in fixed:
        return date(in_year, *fixed[name])
    from_easter = {
        "easter": 0, "easter sunday": 0, "easter monday": 1, "easter saturday": -1, "good friday": -2, "palm sunday": -7,
        "ash wednesday": -46, "pentecost": 49, "whitsun": 49, "whit sunday": 49, "whit monday": 50,
    }  # fmt: skip
    if name in from_easter:
        return easter(in_year) + timedelta(from_easter[name])
    month_day = {
        "thanksgiving": (11, 3, 4), "thanksgiving day": (11, 3, 4), "labor day": (9, 0, 1), "labour day": (9, 0, 1),
        "memorial day": (5, 0, -1),
    }[name.replace("black friday", "thanksgiving")]  # fmt: skip
    there = nth_weekday(in_year, *month_day)
    return there + timedelta(1) if name == "black friday" else there


def feast(hit: Hit, context: Context) -> list[Found]:
    name = " ".join((hit.part("feast") or "").casefold().replace("’", "'").split())
    written, rel = hit.part("year"), relation(hit.part("rel"))
    try:
        if written:
            return one(hit, day(_feast_day(name, int(written))))
        now = context.now
        here = _feast_day(name, now.year)
        way = rel if rel is not None else context.direction(hit, "feast")
        if way < 0:
            there = here if here < now or (here == now and rel is None) else _feast_day(name, now.year - 1)
        elif way > 0 or rel == 0:
            there = here if here >= now else _feast_day(name, now.year + 1)
        else:
            near = [_feast_day(name, y) for y in (now.year - 1, now.year, now.year + 1)]
            there = min(near, key=lambda at: abs((at - now).days))
    except KeyError:
        return []
    return one(hit, day(there))
