"""TIMEX3 values of calendar units with the days that they cover.

Values follow TIMEX3 (ISO-TimeML): days 2021-01-23, weeks 2021-W04, weekends 2021-W04-WE, months 2020-10, quarters
2020-Q3, halves 2020-H1, seasons 2027-SP, years 2020, decades 198, centuries 18 (the nineteenth), durations P3M.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Literal

__all__ = [
    "CLOCK_UNITS",
    "SEASONS",
    "Grain",
    "Unit",
    "Value",
    "add_months",
    "century",
    "day",
    "decade",
    "duration",
    "easter",
    "half_year",
    "month",
    "nth_weekday",
    "part_of",
    "quarter",
    "season",
    "shifted",
    "unit_around",
    "vague",
    "week",
    "weekend",
    "year",
]

SEASONS = {"spring": ("SP", 3), "summer": ("SU", 6), "autumn": ("FA", 9), "fall": ("FA", 9), "winter": ("WI", 12)}
"""TIMEX3 letters and the first month, as on the northern half of the earth."""


Unit = Literal[
    "second", "minute", "hour", "day", "week", "weekend", "fortnight", "month", "quarter", "year", "decade", "century"
]
"""The units that times are counted in."""
CLOCK_UNITS: tuple[Unit, ...] = ("hour", "minute", "second")


class Grain(IntEnum):
    """How coarse a value is; NONE where it is not on the calendar, as a duration."""

    NONE = 0
    CLOCK = 1
    PART = 2
    DAY = 3
    WEEK = 4
    MONTH = 5
    QUARTER = 6
    YEAR = 7
    DECADE = 8


@dataclass(frozen=True, slots=True)
class Value:
    """A TIMEX3 value and its interval: `start` inclusive, `end` exclusive, None where open or unknown.

    They are days, or minutes in UTC for a clock time with a known zone.
    """

    timex: str
    start: date | datetime | None = None
    end: date | datetime | None = None
    grain: Grain = Grain.NONE

    @property
    def day(self) -> date | None:
        """The first day; None where the interval is open or unknown."""
        return self.start.date() if isinstance(self.start, datetime) else self.start


def add_months(at: date, months: int) -> date:
    """Raises ValueError beyond the calendar's years."""
    index = at.year * 12 + at.month - 1 + months
    in_year, month_index = divmod(index, 12)
    return date(in_year, month_index + 1, min(at.day, calendar.monthrange(in_year, month_index + 1)[1]))


def shifted(at: date, count: float, unit: Unit) -> date:
    """A day moved by `count` units: by months for parts of a year, by days for parts of a month, hours by whole days.

    Raises ValueError or OverflowError beyond the calendar's years.
    """
    if unit in ("day", "week", "fortnight"):
        return at + timedelta(round({"day": 1, "week": 7, "fortnight": 14}[unit] * count))
    if unit in CLOCK_UNITS:
        return at + timedelta(int({"hour": 1.0, "minute": 1 / 60, "second": 0.0}[unit] * count / 24))
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}[unit] * count
    whole = int(months)
    return add_months(at, whole) + timedelta(round((months - whole) * 30))


def day(at: date) -> Value:
    return Value(at.isoformat(), at, at + timedelta(1), Grain.DAY)


def part_of(at: date, part: str) -> Value:
    """`part` in TIMEX3 letters: MO, MI, AF, EV, NI."""
    return Value(f"{at.isoformat()}T{part}", at, at + timedelta(1), Grain.PART)


def week(at: date) -> Value:
    monday = at - timedelta(at.weekday())
    iso = monday.isocalendar()
    return Value(f"{iso.year}-W{iso.week:02}", monday, monday + timedelta(7), Grain.WEEK)


def weekend(at: date) -> Value:
    """The weekend of the week of `at`."""
    saturday = at - timedelta(at.weekday()) + timedelta(5)
    iso = saturday.isocalendar()
    return Value(f"{iso.year}-W{iso.week:02}-WE", saturday, saturday + timedelta(2), Grain.WEEK)


def month(in_year: int, number: int) -> Value:
    first = date(in_year, number, 1)
    return Value(f"{in_year:04}-{number:02}", first, add_months(first, 1), Grain.MONTH)


def quarter(in_year: int, number: int) -> Value:
    first = date(in_year, 3 * number - 2, 1)
    return Value(f"{in_year:04}-Q{number}", first, add_months(first, 3), Grain.QUARTER)


def half_year(in_year: int, number: int) -> Value:
    first = date(in_year, 6 * number - 5, 1)
    return Value(f"{in_year:04}-H{number}", first, add_months(first, 6), Grain.QUARTER)


def season(in_year: int, name: str) -> Value:
    letters, number = SEASONS[name]
    first = date(in_year, number, 1)
    return Value(f"{in_year:04}-{letters}", first, add_months(first, 3), Grain.QUARTER)


def year(number: int) -> Value:
    return Value(f"{number:04}", date(number, 1, 1), date(number + 1, 1, 1), Grain.YEAR)


def decade(first: int) -> Value:
    return Value(f"{first // 10:03}", date(first, 1, 1), date(first + 10, 1, 1), Grain.DECADE)


def century(number: int) -> Value:
    """The 19th is 1800 to 1899, as news text means it: its value is 18."""
    first = (number - 1) * 100
    return Value(f"{number - 1:02}", date(max(first, 1), 1, 1), date(first + 100, 1, 1), Grain.DECADE)


def unit_around(at: date, unit: Unit) -> Value:
    """The day, week, month or longer unit that a day is in; the year for units shorter than a day."""
    match unit:
        case "day":
            return day(at)
        case "week" | "fortnight":
            return week(at)
        case "weekend":
            return weekend(at)
        case "month":
            return month(at.year, at.month)
        case "quarter":
            return quarter(at.year, (at.month + 2) // 3)
        case "decade":
            return decade(at.year // 10 * 10)
        case "century":
            return century(at.year // 100 + 1)
        case _:
            return year(at.year)


_LETTERS: dict[Unit, str] = {
    "day": "D",
    "week": "W",
    "month": "M",
    "year": "Y",
    "hour": "H",
    "minute": "M",
    "second": "S",
    "quarter": "M",
    "weekend": "W",
}
_COUNTED_IN: dict[Unit, tuple[Unit, int]] = {
    "decade": ("year", 10),
    "century": ("year", 100),
    "fortnight": ("week", 2),
    "quarter": ("month", 3),
}


def duration(count: float | None, unit: Unit) -> Value:
    """The value of so many units, without an interval; `count` is None where the text says "several": PXY.

    Decades and centuries are counted in years; without a count they are PXDE and PXCE.
    """
    if count is None:
        letters = {"decade": "DE", "century": "CE"}.get(unit) or _LETTERS[_COUNTED_IN.get(unit, (unit, 1))[0]]
        return Value(f"PTX{letters}" if unit in CLOCK_UNITS else f"PX{letters}")
    if unit in _COUNTED_IN:
        unit, factor = _COUNTED_IN[unit][0], _COUNTED_IN[unit][1]
        count *= factor
    if count != int(count) and unit == "year":
        unit, count = "month", round(count * 12)
    if count != int(count) and unit == "hour":
        unit, count = "minute", round(count * 60)
    number = f"{count:.15g}"
    return Value(f"PT{number}{_LETTERS[unit]}" if unit in CLOCK_UNITS else f"P{number}{_LETTERS[unit]}")


def vague(direction: int) -> Value:
    """A reference to the past (-1), the present (0) or the future (1) without a date."""
    return Value({-1: "PAST_REF", 0: "PRESENT_REF", 1: "FUTURE_REF"}[direction])


def easter(in_year: int) -> date:
    """Easter Sunday of the Gregorian calendar (anonymous algorithm of Meeus, Jones and Butcher)."""
    a, b, c = in_year % 19, in_year // 100, in_year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month_number, day_index = divmod(h + m - 7 * n + 114, 31)
    return date(in_year, month_number, day_index + 1)


def nth_weekday(in_year: int, in_month: int, weekday: int, nth: int) -> date:
    """The nth Monday (0) to Sunday (6) of a month; -1 for the last."""
    if nth < 0:
        last = date(in_year, in_month, calendar.monthrange(in_year, in_month)[1])
        return last - timedelta((last.weekday() - weekday) % 7)
    first = date(in_year, in_month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))
