"""Reads numbers that are written together: "5ft 10in", "5 and 6 kg", "a 40-strong crew", "a loss of $(3.4) million"."""

from __future__ import annotations

import re

from worker.extraction.spans import Span
from worker.extraction.values.counted_nouns import counted
from worker.extraction.values.measures import MEASURES, Unit, glued, symbol
from worker.extraction.values.numerals import number_of
from worker.extraction.values.quantities.context import Amount, QuantityContext, bounds, is_about
from worker.extraction.values.quantities.in_digits import NumberOf, add_number, written_unit
from worker.extraction.values.uncounted import is_label
from worker.extraction.values.word_classes import Hit

__all__ = ["and_a_half", "items", "loss", "strong", "two_measures"]

_LOSS = re.compile(r"\b(?:loss(?:es)?|lost|deficit|outflows?|negative)\s(?:(?:of|was|were)\s)?$", re.IGNORECASE)
_WEIGHTS = frozenset(("stone", "pound", "pounds"))

_SMALLER = {
    "inches": (12, ("f", "'", "’", "′")),
    "pounds": (14, ("s",)),
    "ounces": (16, ("l", "p")),
}
"""The smaller of two measures: how many of it are one of the larger, and how words for the larger begin."""


def two_measures(hit: Hit, context: QuantityContext) -> None:
    """Adds one quantity in the smaller measure: 70 inches for "5ft 10in", 158 pounds for "11st 4lb"."""
    large, small = number_of(hit.part("low") or ""), number_of(hit.part("high") or "")
    written = (hit.part("of1") or "").casefold()
    unit, factor = next(
        ((unit, factor) for unit, (factor, begins) in _SMALLER.items() if written.startswith(begins)), (None, 0)
    )
    if large is None or small is None or small >= factor:
        return
    bound = (hit.part("bound") or "").casefold()
    value = large * factor + small
    context.add(Amount(hit.span, *bounds(value, bound), is_about(bound), unit))


def and_a_half(hit: Hit, context: QuantityContext) -> None:
    """Adds "a metre and a half", "two miles and a half"."""
    value, unit = number_of(hit.part("low") or ""), (hit.part("of") or "").casefold()
    if value is None or unit not in MEASURES | _WEIGHTS:
        return
    bound = (hit.part("bound") or "").casefold()
    context.add(Amount(hit.span, *bounds(value + 0.5, bound), is_about(bound), unit))


def strong(hit: Hit, context: QuantityContext) -> None:
    """Adds the people of "a 40-strong crew"."""
    value = number_of(hit.part("low") or "")
    if value is not None:
        context.add(Amount(hit.span, value, value, approximate=False, unit="people"))


def loss(hit: Hit, context: QuantityContext) -> None:
    """Adds a negative amount of money, as accounts write it: "$(3.4) million", "a loss of (£3.4m)".

    Behind other words, brackets around an amount are no minus: "5m euros (£4.3m)".
    """
    if hit.part("inside") and not _LOSS.search(context.text[max(0, hit.span[0] - 20) : hit.span[0]]):
        begin, end = hit.part_span("cur1") or hit.span, hit.part_span("scale") or hit.part_span("low") or hit.span
        add_number(NumberOf.low(hit), context, "", (begin[0], end[1]))
        return
    value = number_of(f"{hit.part('low')} {hit.part('scale') or ''}")
    unit, _ = written_unit(NumberOf.low(hit), context.text)
    if value is not None:
        context.add(Amount(hit.span, -value, -value, approximate=False, unit=unit))


def items(hit: Hit, context: QuantityContext) -> None:
    """Adds each number of a list with the unit that only the last one has: "5 and 6 kg", "4, 5 and 9 percent"."""
    last = NumberOf.high(hit)
    last_span = hit.part_span("high") or hit.span
    unit, end = written_unit(last, context.text)
    shared = unit or _shared_noun(hit, last_span, context)
    first = NumberOf.low(hit)
    before = (hit.part_span("cur1") or hit.part_span("low") or hit.span)[0]
    add_number(first, context, "", (before, (hit.part_span("low") or hit.span)[1]), shared_unit=shared)
    for name in ("mid", "mid2"):
        span = hit.part_span(name)
        if span is not None:
            add_number(NumberOf(hit, name, "", ""), context, "", span, shared_unit=shared)
    add_number(last, context, "", ((hit.part_span("cur2") or last_span)[0], max(last_span[1], end or 0)))


def _shared_noun(hit: Hit, last: Span, context: QuantityContext) -> str | None:
    """The noun that all numbers of a list count; None where the first of them is a label or has another noun."""
    first = hit.part_span("low") or hit.span
    if (
        hit.part("cur1")
        or hit.part("cur2")
        or not context.free(last)
        or is_label(context.doc, context.text, first, bound=False)
    ):
        return None
    noun: Unit | None = glued(context.text, last[1]) or symbol(context.text, last[1])
    noun = noun or counted(context.doc, context.tokens(last))
    return noun[0] if noun is not None else None
