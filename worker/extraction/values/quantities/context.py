"""The context that a quantity is read in: the parse, the times of the text, and the quantities before it."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import any_of, ordered_words, words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span
from worker.extraction.values.measures import MEASURES

__all__ = ["Amount", "QuantityContext", "bounds", "is_about", "is_counted_in_plural", "rounded"]

_AT_LEAST = ordered_words("at_least")
_AT_MOST = ordered_words("at_most")
_APPROXIMATELY = ordered_words("approximately")
_LEADING = re.compile(
    rf"^(?:a\slittle|an?|well|only|just|{any_of('words_of_degree')}|at(?= (?:about|around|approx|roughly)))\s"
)
_CURRENCY = re.compile(r"[A-Z]{3}|crowns|dinars|francs|pesos|pounds|rials|shillings")
_COMPARED = re.compile(
    r",?\s(?:up\s|down\s|compared\s|or\s|and\s)?(?:from|to|with|against|than|or|and)?\s?"
    r"(?:an?\s(?:\w+\s)?(?:profit|loss|surplus|deficit|total|sum)\sof\s)?(?:just\s|about\s|nearly\s|over\s)?"
)
_PEOPLE = words("described_people") | words("roles") | words("unnamed_people")
_NO_NOUNS = words("no_counted_nouns")
_PLURALS = words("plurals_without_s")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity; `min` and `max` are equal for one number, and None where the quantity is open on that side."""

    span: Span
    min: float | None
    max: float | None
    approximate: bool
    unit: str | None


class QuantityContext:
    """The parse of a text, and in `found` the quantities read so far, in the order of the text."""

    def __init__(self, doc: Doc, text: str, times: Sequence[Span]) -> None:
        self.doc, self.text = doc, text
        self.found: list[Amount] = []
        self._times = sorted(times)
        self._starts = [start for start, _ in self._times]

    def free(self, span: Span) -> bool:
        """Whether no time is named in a span."""
        place = bisect.bisect_left(self._starts, span[1])
        return not any(s < span[1] and span[0] < e for s, e in self._times[max(0, place - 2) : place])

    def add(self, amount: Amount) -> None:
        """Adds a quantity, unless a time or the quantity before it has characters of its span."""
        if self.free(amount.span) and (not self.found or self.found[-1].span[1] <= amount.span[0]):
            self.found.append(amount)

    def tokens(self, span: Span) -> Phrase | None:
        """The parse's tokens that a span touches, None outside of the text."""
        return self.doc.char_span(*span, alignment_mode="expand")

    def following(self, span: Span) -> Token | None:
        """The token after a span, None at the end."""
        tokens = self.tokens(span)
        return self.doc[tokens[-1].i + 1] if tokens is not None and tokens[-1].i + 1 < len(self.doc) else None

    def counted_before(self, at: int) -> str | None:
        """The noun counted last in the same paragraph, which "only 200,000 were left" leaves out."""
        for amount in reversed(self.found[-4:]):
            if "\n" in self.text[amount.span[1] : at]:
                return None
            unit = amount.unit
            if unit and amount.max != 0 and is_counted_in_plural(unit):
                return unit
        return None

    def people_before(self, at: int) -> str:
        """As `counted_before`, for what happens to people alone: "people" where others were counted last."""
        unit = self.counted_before(at)
        last = "" if unit is None else unit.rsplit(maxsplit=1)[-1]
        return unit if unit is not None and _are_people(last) else "people"

    def money_before(self, at: int) -> str | None:
        """The currency of the amount before, which "rose to $4 million from 3 million" leaves out."""
        last = self.found[-1] if self.found else None
        if last is None or last.unit is None or not _CURRENCY.fullmatch(last.unit):
            return None
        return last.unit if _COMPARED.fullmatch(self.text[last.span[1] : at]) else None


def _are_people(noun: str) -> bool:
    return noun in _PLURALS or noun.removesuffix("s") in _PEOPLE or is_trade(noun)


def is_counted_in_plural(unit: str) -> bool:
    """Whether a unit is a plural noun of what is counted one by one: "crates", but not "percent" or "tonnes"."""
    plural = unit[-1] == "s" or unit.rsplit(maxsplit=1)[-1] in _PLURALS
    return plural and unit not in _NO_NOUNS and unit not in MEASURES


def _bare(bound: str) -> str:
    return _LEADING.sub("", bound)


def bounds(value: float, bound: str) -> tuple[float | None, float | None]:
    """Minimum and maximum of a value after "at least", "up to" and the like; both are the value after anything else."""
    bare = _bare(bound)
    if bare.startswith(_AT_LEAST):
        return value, None
    return (None, value) if bare.startswith(_AT_MOST) else (value, value)


def is_about(bound: str) -> bool:
    """Whether the words before a number make it approximate."""
    return _bare(bound).startswith(_APPROXIMATELY)


def rounded(share: float) -> float:
    """A share in percent, to two decimals."""
    return round(100 * share, 2)
