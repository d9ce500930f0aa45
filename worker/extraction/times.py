"""Times that a text names, resolved against the day it was published: TIMEX3 values and half-open intervals.

The libraries at hand get half of the values right: weekdays need the tense of their verb, a month without a year needs
the direction. Words are recognised by a grammar over word classes (time_grammar.py), each kind is read by a function of
its own (dates.py, feasts.py, relative_times.py, clock_times.py), and what stands beside each other is joined here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from worker.extraction import clock_times, dates, feasts, relative_times
from worker.extraction.calendar_values import Grain, Value, day
from worker.extraction.lexing import Hit, Lexed, lex
from worker.extraction.no_quantity import NUMBERED
from worker.extraction.time_context import Context, Found, UndatedError
from worker.extraction.time_grammar import recognise
from worker.extraction.types import Span
from worker.extraction.units import MEASURES

__all__ = ["Time", "find_times"]

_READERS: dict[str, Callable[[Hit, Context], list[Found]]] = {
    "iso_date": dates.iso_date,
    "day_range": dates.day_range,
    "month_range": dates.month_range,
    "date": dates.named_date,
    "slash_date": dates.slash_date,
    "day_of_month": dates.day_of_month,
    "month": dates.named_month,
    "weekday": dates.weekday,
    "weekday_of_week": dates.weekday_of_week,
    "weekdays": dates.weekdays,
    "fiscal_year": dates.fiscal_year,
    "quarter": dates.quarters,
    "half": dates.halves,
    "years": dates.years,
    "year": dates.year_alone,
    "decade": dates.named_decade,
    "century": dates.named_century,
    "season": feasts.named_season,
    "feast": feasts.feast,
    "near_day": relative_times.near_day,
    "overnight": relative_times.overnight,
    "anchored": relative_times.anchored,
    "span_of": relative_times.span_of,
    "period": relative_times.period,
    "weekend": relative_times.the_weekend,
    "midweek": relative_times.midweek,
    "ago": relative_times.ago,
    "shift": relative_times.shift,
    "from_now": relative_times.from_now,
    "ahead": relative_times.ahead,
    "within": relative_times.within,
    "duration": relative_times.how_long,
    "no_time": relative_times.no_time,
    "every": relative_times.every,
    "vague_now": relative_times.vague_now,
    "vague_past": relative_times.vague_past,
    "vague_future": relative_times.vague_future,
    "clock": clock_times.clock,
}
_NAMES = frozenset(("PERSON", "ORG", "FAC", "WORK_OF_ART", "PRODUCT", "LAW"))
_AMBIGUOUS = frozenset(("may", "march", "april", "june", "august", "today", "sunday", "fall", "spring"))
_JOINED = re.compile(r",?\s(?:on\s|at\s|early\s|late\s)?")
_RANGE = re.compile(r"\s?(?:-|–|—|to|until|till|through|and)\s?(?:the\s|early\s|late\s|mid-)?")
_POSSESSIVE = re.compile(r"['’]s?\b|['’]\s")
_BEFORE = re.compile(
    r"\b(since|from|until|till|by|before|after|between|eve of the|eve of)\s(?:in\s|at\s)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Time:
    """`start` inclusive, `end` exclusive: ISO dates, or UTC minutes for a clock time with a zone; None where open."""

    span: Span
    timex: str
    start: str | None
    end: str | None


def find_times(doc: Any, text: str, published: date | None, lexed: Lexed | None = None) -> list[Time]:
    """Every time in the text, in order, none inside another. Without a publication date only absolute ones and durations.

    Spans are code-point offsets into `text`, of which `doc` is the parse. A weekday without a date is the last one on
    or before publication, the next one where its verb looks ahead. What stands after "since", "until", "by", "before"
    and "after" is open on one side; both ends of "from ... to ..." carry the interval of the whole.
    """
    context = Context(doc, text, published)
    for reader, hit in recognise(lexed if lexed is not None else lex(text)):
        if _is_no_time(reader, hit, doc, text):
            continue
        try:
            found = _READERS[reader](hit, context)
        except (UndatedError, ValueError, OverflowError):  # no such day: "30 February"; or none to count from
            continue
        for each in found:
            _add(each, context)
    _ranges(context)
    return [
        Time(each.span, value.timex, _iso(value.start), _iso(value.end))
        for each in context.found
        for value in (each.value,)
    ]


def _iso(at: date | datetime | None) -> str | None:
    if isinstance(at, datetime):
        return at.strftime("%Y-%m-%dT%H:%MZ")
    return at.isoformat() if at else None


def _add(each: Found, context: Context) -> None:
    """Takes a time in: a clock time joins the day beside it."""
    if context.found:
        last = context.found[-1]
        between = context.text[last.span[1] : each.span[0]]
        if each.span[0] < last.span[1]:
            return
        if _JOINED.fullmatch(between):
            joined = _clock_and_day(last, each)
            if joined is not None:
                context.found[-1] = joined
                return
    context.found.append(each)


def _clock_and_day(first: Found, second: Found) -> Found | None:
    """ "6 p.m. on Tuesday" and "Tuesday at 6 p.m." are one time."""
    clock, other = (first, second) if first.value.grain is Grain.CLOCK else (second, first)
    if clock.value.grain is not Grain.CLOCK or other.value.grain not in (Grain.DAY, Grain.PART):
        return None
    there, had = other.value.day, date.fromisoformat(clock.value.timex[:10])
    if there is None:
        return None
    days = there - had
    start, end = clock.value.start, clock.value.end
    value = Value(
        there.isoformat() + clock.value.timex[10:],
        start + days if start else None,
        end + days if end else None,
        Grain.CLOCK,
    )
    return Found((first.span[0], second.span[1]), value)


def _ranges(context: Context) -> None:
    """Intervals that what stands before a time opens, and those of "from ... to ...", "between ... and ..."."""
    found, text = context.found, context.text
    skip = -1
    for index, each in enumerate(found):
        if index == skip:
            continue
        before = _BEFORE.search(text[max(0, each.span[0] - 14) : each.span[0]])
        word = before[1].casefold() if before else ""
        if index + 1 < len(found):
            following = found[index + 1]
            link = text[each.span[1] : following.span[0]]
            if _RANGE.fullmatch(link) and _spans(word, link.strip(), each.value, following.value):
                start, end = each.value.start, following.value.end
                found[index] = Found(each.span, Value(each.value.timex, start, end, each.value.grain))
                found[index + 1] = Found(
                    following.span, Value(following.value.timex, start, end, following.value.grain)
                )
                skip = index + 1
                continue
        if word.startswith("eve") and before:
            if each.value.day is not None and each.value.grain is Grain.DAY:
                span = max(0, each.span[0] - 14) + before.start(), each.span[1]
                found[index] = Found(span, day(each.value.day - timedelta(1)))
        elif word == "from" and not _of_a_verb(each.span, context.doc):
            continue  # "letters from the 1870s"
        elif word and _places(each.value) and not _POSSESSIVE.match(text, each.span[1]):
            found[index] = Found(each.span, _opened(each.value, word))


def _of_a_verb(span: Span, doc: Any) -> bool:
    tokens = doc.char_span(*span, alignment_mode="expand")
    return tokens is not None and tokens.root.head.head.pos_ in ("VERB", "AUX")


def _places(value: Value) -> bool:
    """Whether a value is a place on the calendar that can bound an interval; an hour without a zone is too fine for days."""
    return value.grain is not Grain.NONE and (value.grain is not Grain.CLOCK or isinstance(value.start, datetime))


def _spans(word: str, link: str, first: Value, second: Value) -> bool:
    if first.day is None or second.day is None or first.day > second.day:
        return False
    if first.day == second.day and first.grain is not Grain.CLOCK:
        return False
    if isinstance(first.start, datetime) != isinstance(second.start, datetime):
        return False
    return (word == "between") if link.startswith("and") else True


def _opened(value: Value, word: str) -> Value:
    match word:
        case "since" | "from":
            return Value(value.timex, value.start, None, value.grain)
        case "until" | "till" | "by":
            return Value(value.timex, None, value.end, value.grain)
        case "before":
            return Value(value.timex, None, value.start, value.grain)
        case "after":
            return Value(value.timex, value.end, None, value.grain)
        case _:
            return value


def _is_no_time(reader: str, hit: Hit, doc: Any, text: str) -> bool:
    """Months that are verbs or names, weekdays inside names, years that count something."""
    if reader == "period" and (hit.part("unit") or "").istitle() and (hit.part("rel") or "").istitle():
        return True  # "This Week", a programme
    if reader == "feast":
        tokens = doc.char_span(*hit.span, alignment_mode="expand")
        return (
            tokens is not None and tokens[-1].dep_ == "compound" and tokens[-1].head.pos_ == "NOUN"
        )  # "Christmas tree"
    if reader in ("month", "weekday", "near_day", "season") or reader == "year":
        span = hit.part_span("month") or hit.part_span("weekday") or hit.part_span("year") or hit.span
        word = text[slice(*span)].casefold()
        if reader == "year":
            return _counts(hit, doc, text)
        if reader == "month" and hit.part("year"):
            return False
        if word in _AMBIGUOUS or reader == "weekday":
            tokens = doc.char_span(*span, alignment_mode="expand")
            if tokens is None:
                return False
            token = tokens[0]
            if reader == "month" and token.pos_ in ("AUX", "VERB"):
                return True
            return token.ent_type_ in _NAMES and not text[span[1] :].startswith(("'s", "’s"))
    return False


_YEAR_MARK = re.compile(
    r"\b(?:in|since|by|until|till|of|from|to|between|and|before|after|during|early|late|mid|through)\s$", re.IGNORECASE
)


def _counts(hit: Hit, doc: Any, text: str) -> bool:
    """Whether four digits are a number of something, or of a flight, and no year."""
    span = hit.part_span("year") or hit.span
    if hit.part("mod") or hit.part("the"):
        return False
    before, after = text[max(0, span[0] - 12) : span[0]], text[span[1] : span[1] + 1]
    if before[-1:].isalnum() or before[-1:] in tuple("$€£¥#.,:/-–") or after in tuple("%:"):
        return True
    tokens = doc.char_span(*span, alignment_mode="expand")
    if tokens is None:
        return False
    if NUMBERED.search(before):
        return True  # "Room 2010"
    token = tokens[0]
    following = doc[token.i + 1 : token.i + 3]
    plural = [t.tag_ in ("NNS", "NNPS") for t in following]
    counted = plural[:1] == [True] or (plural[1:] == [True] and following[0].pos_ == "ADJ")
    if counted:
        return bool(token.ent_type_ != "DATE")
    if _YEAR_MARK.search(before) or token.ent_type_ in ("DATE", "EVENT", "LAW"):
        return False
    if token.i and doc[token.i - 1].pos_ == "PROPN":
        return True  # "Flight 1987"
    return bool(following) and following[0].lower_ in MEASURES
