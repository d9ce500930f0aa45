"""The stage of times: what a text names, resolved against its day of publication, as TIMEX3 values and intervals.

grammar.py recognises times as rules over word classes; each kind has a reader in named_dates.py, holidays.py,
relative.py or clock_times.py; this module joins times beside each other. Weekdays need the tense of their verb, and a
month without a year needs its direction, which is why the libraries for dates get only half of the values right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from worker.extraction.known_texts import PublicationDay
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc
from worker.extraction.spans import Span
from worker.extraction.values.measures import MEASURES
from worker.extraction.values.times import clock_times, holidays, named_dates, relative
from worker.extraction.values.times.calendar import Grain, Value, day
from worker.extraction.values.times.context import Context, Found, UndatedError
from worker.extraction.values.times.grammar import recognise
from worker.extraction.values.times.names import MonthsAsNames, is_paper
from worker.extraction.values.uncounted import NUMBERED
from worker.extraction.values.word_classes import Hit, Lexed, lex

__all__ = ["Time", "find_times"]

_READERS: dict[str, Callable[[Hit, Context], list[Found]]] = {
    "iso_date": named_dates.iso_date,
    "day_list": named_dates.day_list,
    "day_range": named_dates.day_range,
    "month_range": named_dates.month_range,
    "date": named_dates.named_date,
    "slash_date": named_dates.slash_date,
    "day_of_month": named_dates.day_of_month,
    "month": named_dates.named_month,
    "week_of_month": named_dates.week_of_month,
    "nth_weekday_of_month": named_dates.nth_weekday_of_month,
    "weekday": named_dates.weekday,
    "weekday_of_week": named_dates.weekday_of_week,
    "weekdays": named_dates.weekdays,
    "fiscal_year": named_dates.fiscal_year,
    "quarter": named_dates.quarters,
    "half": named_dates.halves,
    "years": named_dates.years,
    "year": named_dates.year_alone,
    "decade": named_dates.named_decade,
    "century": named_dates.named_century,
    "season": holidays.named_season,
    "holiday": holidays.holiday,
    "beside_holiday": holidays.beside_holiday,
    "new_year": holidays.new_year,
    "near_day": relative.near_day,
    "overnight": relative.overnight,
    "anchored": relative.anchored,
    "span_of": relative.span_of,
    "period": relative.period,
    "months_of_year": relative.months_of_year,
    "weekend": relative.the_weekend,
    "midweek": relative.midweek,
    "ago": relative.ago,
    "shift": relative.shift,
    "from_now": relative.from_now,
    "ahead": relative.ahead,
    "within": relative.within,
    "duration": relative.how_long,
    "no_time": relative.no_time,
    "every": relative.every,
    "vague_now": relative.vague_now,
    "vague_past": relative.vague_past,
    "vague_future": relative.vague_future,
    "clock": clock_times.clock,
    "clocks": clock_times.clocks,
    "ending": relative.ending,
}
_NAMES = frozenset(("PERSON", "ORG", "FAC", "WORK_OF_ART", "PRODUCT", "LAW"))
_AMBIGUOUS = words("ambiguous_times")
_PRICED, _PRICED_THINGS = words("verbs_of_prices"), words("priced_things")
_JOINED = re.compile(
    r"\)?,?\s(?:sharp\s|prompt\s)?(?:in\s[A-Z][\w-]+\s)?"
    r"(?:(?:(?:shortly|just|soon)\s(?:before|after)|on|at|early|late|around|about|by)\s){0,2}"
)
_BARE_CLOCK = re.compile(r"[\d:.]+\s?(?:[ap]\.?\s?m\.?)?|[a-z]+", re.IGNORECASE)
_HOUR_ALONE = re.compile(r"[1-9]\d?(?:[.:]\d\d)?(?:\so['’]clock)?|[a-z]+(?:\so['’]clock)?", re.IGNORECASE)
"""A clock time that may be in either half of the day: "6.30", "nine o'clock"."""
_RANGE = re.compile(r"\s?(?:-|–|—|/|to|until|till|through|and)\s?(?:the\s|early\s|late\s|mid-)?")
_IN_NAME = re.compile(r"['’]?s?\s[A-Z]")
_POSSESSIVE = re.compile(r"['’]s?\b|['’]\s")
_BEFORE = re.compile(
    r"\b(since|from|until|till|by|before|after|between|eve of the|eve of)\s(?:in\s|at\s)?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Time:
    """`start` inclusive, `end` exclusive, None where open: ISO 8601 dates, or minutes in UTC for a time with a zone."""

    span: Span
    timex: str
    start: str | None
    end: str | None


def find_times(doc: Doc, text: str, published: date | PublicationDay | None, lexed: Lexed | None = None) -> list[Time]:
    """The times of a text in its order, none inside another; without `published` only absolute times and durations.

    Spans are code-point offsets into `text`; `doc` is its parse, `lexed` its word classes, which are made if they are
    not given. A weekday without a date is the last one on or before publication, or the next one where its verb looks
    ahead. A time after "since", "until", "by", "before" or "after" is open on one side; both ends of "from ... to ..."
    have the interval of the whole.
    """
    publication = published if isinstance(published, PublicationDay) else PublicationDay(published)
    context = Context(doc, text, publication)
    months = MonthsAsNames(doc)
    for reader, hit in recognise(lexed if lexed is not None else lex(text)):
        if _is_no_time(reader, hit, doc, text, months):
            continue
        try:
            found = _READERS[reader](hit, context)
        except (UndatedError, ValueError, OverflowError):  # no such day ("30 February"), or no day to count from
            continue
        for time in found:
            _add(time, context)
    _resolve_ranges(context)
    return [Time(f.span, f.value.timex, _iso(f.value.start), _iso(f.value.end)) for f in context.found]


def _iso(at: date | datetime | None) -> str | None:
    if isinstance(at, datetime):
        return at.strftime("%Y-%m-%dT%H:%MZ")
    return at.isoformat() if at else None


def _add(each: Found, context: Context) -> None:
    """Adds a time; a clock time and the day beside it become one."""
    if context.found:
        last = context.found[-1]
        between = context.text[last.span[1] : each.span[0]]
        if each.span[0] < last.span[1]:
            return
        if _JOINED.fullmatch(between):
            joined = _clock_and_day(last, each, context.text)
            if joined is not None:
                context.found[-1] = joined
                if last.value.grain is Grain.CLOCK:
                    _move_beginning(context)
                return
    context.found.append(each)


def _clock_and_day(first: Found, second: Found, text: str) -> Found | None:
    """ "6 p.m. on Tuesday", "Tuesday at 6 p.m." and "overnight on Tuesday" are one time."""
    overnight = text[first.span[0] : first.span[0] + 9].casefold() == "overnight"
    if first.value.timex.endswith("TNI") and second.value.grain is Grain.DAY and overnight:
        named = second.value.day
        if named is None:
            return None
        night = Value(f"{named.isoformat()}TNI", named, named + timedelta(2), Grain.PART)
        return Found((first.span[0], second.span[1]), night)
    clock, other = (first, second) if first.value.grain is Grain.CLOCK else (second, first)
    if clock.value.grain is not Grain.CLOCK or other.value.grain not in (Grain.DAY, Grain.PART):
        return None
    named = other.value.day
    if named is None:
        return None
    value = clock_times.on_day(clock.value, named)
    if _HOUR_ALONE.fullmatch(text[slice(*clock.span)]):
        value = clock_times.in_part(value, other.value.timex.partition("T")[2])
    return Found((first.span[0], second.span[1]), value)


def _move_beginning(context: Context) -> None:
    """Puts the first clock time of "from 8am to 10am on Saturday" on the same day, and the second on the next one

    where it is the smaller: "from 11pm to 2am on Tuesday".
    """
    if len(context.found) < 2:
        return
    first, second = context.found[-2:]
    link = context.text[first.span[1] : second.span[0]]
    bare = _BARE_CLOCK.fullmatch(context.text[slice(*first.span)])
    in_two_zones = link == " ("  # "0930 local time (1330 GMT) on Sunday"
    if first.value.grain is not Grain.CLOCK or not (in_two_zones or (bare and _RANGE.fullmatch(link))):
        return
    at = clock_times.local_day(second.value)
    if first.value.timex[10:] > second.value.timex[10:] and not in_two_zones:
        context.found[-1] = Found(second.span, clock_times.on_day(second.value, at + timedelta(1)))
    context.found[-2] = Found(first.span, clock_times.on_day(first.value, at))


def _resolve_ranges(context: Context) -> None:
    """Opens the intervals after "since", "until" and the like; both ends of a range get the interval of the whole."""
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
            if _RANGE.fullmatch(link) and _is_range(word, link.strip(), each.value, following.value):
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
        elif word and _is_bound(each.value) and not _POSSESSIVE.match(text, each.span[1]):
            found[index] = Found(each.span, _opened(each.value, word))


def _of_a_verb(span: Span, doc: Doc) -> bool:
    tokens = doc.char_span(*span, alignment_mode="expand")
    return tokens is not None and tokens.root.head.head.pos_ in ("VERB", "AUX")


def _is_bound(value: Value) -> bool:
    """Whether a value can bound an interval: it is on the calendar, and no hour without a known zone."""
    return value.grain is not Grain.NONE and (value.grain is not Grain.CLOCK or isinstance(value.start, datetime))


def _is_range(word: str, link: str, first: Value, second: Value) -> bool:
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


def _is_no_time(reader: str, hit: Hit, doc: Doc, text: str, months: MonthsAsNames) -> bool:
    """Whether a match names no time: a month that is a verb or a name, a weekday inside a name, a year that counts."""
    if reader == "duration" and (hit.part("unit") or "").istitle() and hit.part("count"):
        return _IN_NAME.match(text, hit.span[1]) is not None  # "the Six-Day War"
    if reader == "period" and (hit.part("unit") or "").istitle() and (hit.part("rel") or "").istitle():
        return True  # "This Week", a programme
    if reader == "holiday":
        tokens = doc.char_span(*hit.span, alignment_mode="expand")
        return (
            tokens is not None and tokens[-1].dep_ == "compound" and tokens[-1].head.pos_ == "NOUN"
        )  # "Christmas tree"
    if reader == "year":
        return _counts(hit, doc, text)
    if reader == "clock":
        return not hit.part("half") and _is_price(hit, doc)
    return reader in ("month", "weekday", "near_day", "season") and _is_named_so(reader, hit, doc, text, months)


def _is_price(hit: Hit, doc: Doc) -> bool:
    """ "The shares closed at 12.40 on Friday"."""
    clock = hit.part("clock") or ""
    tokens = doc.char_span(*(hit.part_span("clock") or hit.span), alignment_mode="expand") if "." in clock else None
    if tokens is None or tokens.root.head.pos_ != "ADP":
        return False
    verb = tokens.root.head.head
    return verb.lemma_ in _PRICED or any(c.dep_ == "nsubj" and c.lemma_ in _PRICED_THINGS for c in verb.children)


def _is_named_so(reader: str, hit: Hit, doc: Doc, text: str, months: MonthsAsNames) -> bool:
    """Whether the word for a month, a weekday, a season or "today" is a verb, a person, or part of a name."""
    span = hit.part_span("month") or hit.part_span("weekday") or hit.span
    word = text[slice(*span)].casefold()
    if reader == "month" and hit.part("year"):
        return False
    if word not in _AMBIGUOUS and (reader != "weekday" or not word.endswith("day")):
        return False
    tokens = doc.char_span(*span, alignment_mode="expand")
    if tokens is None:
        return False
    token = tokens[0]
    if reader == "month" and token.pos_ in ("AUX", "VERB"):
        return True
    if reader in ("month", "weekday") and months.names_a_person(token):
        return True
    if reader == "weekday" and is_paper(text, *span):
        return True
    return token.ent_type_ in _NAMES and not text.startswith(("'s", "’s"), span[1])


_YEAR_MARK = re.compile(
    r"\b(?:in|since|by|until|till|of|from|to|between|and|before|after|during|early|late|mid|through)\s$", re.IGNORECASE
)


def _counts(hit: Hit, doc: Doc, text: str) -> bool:
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
