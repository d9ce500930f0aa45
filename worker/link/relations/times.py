"""Whether two claims speak of different times, and whether that sets them against each other."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from worker.link.relations.lexicon import alike
from worker.link.relations.reading import Interval, Reading
from worker.link.relations.stems import STOP_WORDS, listed, stem, stems_of_list, tokens_of

__all__ = ["dated_apart", "times_apart", "turned_round"]

_LONG_BEFORE = timedelta(days=92)
"""A time that ended this long before the other claim was published is not the time that it speaks of by itself."""
_MONTHS = listed("months")
_BEFORE_OR_AFTER = re.compile(r"\b(before|after)\s((?:[\w’'-]+\s?){1,4})", re.IGNORECASE)
_ONCE = stems_of_list("once")


def times_apart(a: Reading, b: Reading) -> tuple[str, str] | None:
    """The words of two times that have no day in common; a time long past against a claim that names none."""
    if a.intervals and b.intervals:
        if any(_overlap(x, y) for x in a.intervals for y in b.intervals):
            return None
        return a.intervals[0].exact, b.intervals[0].exact
    for x, y in ((a, b), (b, a)):
        if x.intervals and not y.intervals and y.published is not None:
            past = [i for i in x.intervals if _long_before(i, y.published)]
            if len(past) == len(x.intervals):
                return past[0].exact, f"no time, published on {y.published}"
    return None


def dated_apart(a: Reading, b: Reading) -> bool:
    """Whether both give another date for what happens to one subject once: "died on Sunday", "died on Tuesday"."""
    if not a.intervals or not b.intervals or not a.subject or not b.subject or a.negative or b.negative:
        return False
    if a.predicate not in _ONCE or not alike(a.predicate, b.predicate):
        return False
    return (a.subject <= b.subject or b.subject <= a.subject) and times_apart(a, b) is not None


def turned_round(a: Reading, b: Reading) -> tuple[str, str] | None:
    """ "Before" of one and "after" of the other, of one event: "before the merger", "after the merger"."""
    of_a, of_b = _beside_event(a.claim.content.text), _beside_event(b.claim.content.text)
    if of_a is None or of_b is None or of_a[0] == of_b[0] or of_a[1].isdisjoint(of_b[1]):
        return None
    return of_a[0], of_b[0]


@lru_cache(maxsize=16384)
def _beside_event(text: str) -> tuple[str, frozenset[str]] | None:
    """ "Before" or "after", and the stems of what follows it. Kept, since a claim is compared with many."""
    match = _BEFORE_OR_AFTER.search(text)
    if match is None:
        return None
    return match[1].lower(), frozenset(stem(w) for w in tokens_of(match[2]) if w not in STOP_WORDS)


def _overlap(x: Interval, y: Interval) -> bool:
    if x.exact.lower() == y.exact.lower() and x.exact.lower() in _MONTHS:
        return True  # "in June" said a few days apart: whose year was resolved differently
    return (x.start or date.min) < (y.end or date.max) and (y.start or date.min) < (x.end or date.max)


def _long_before(interval: Interval, published: date) -> bool:
    """Over before the year in which the other was published, or three months before it."""
    return interval.end is not None and published - interval.end >= _LONG_BEFORE
