"""Readers of quantities in numbers: one number, a range, a share."""

from __future__ import annotations

import re
from typing import Any

from worker.extraction.lexing import Hit
from worker.extraction.no_quantity import is_label
from worker.extraction.numerals import number_of
from worker.extraction.quantity_context import Amount, QuantityContext, bounds, is_about, rounded
from worker.extraction.types import Span
from worker.extraction.units import counted, currency, glued

__all__ = ["amount", "number_range", "part_in"]

_CHANGES = frozenset(
    "rise fall increase decrease drop grow climb jump slip cut raise lower reduce go move change shrink double expand slide "
    "plunge surge soar decline improve widen narrow dip edge ease shoot swing tumble rebound recover up down".split()
)
"""Verbs whose "from ... to ..." tells two states and no range."""
_ABOUT_WHAT = frozenset(
    "care know talk think hear ask learn tell speak worry argue write say complain concern question story book".split()
)
_DASHES = ("-", "‐", "‑", "–", "—", "−")
_SCALED = re.compile(r"(hundred|thousand|million|billion|trillion|dozen|bn|mn|(?<=\d)[mkb])$", re.IGNORECASE)
_SHORT = re.compile(r"(?<=\d)(\s?)(?:mn|mln|[mkb])$", re.IGNORECASE)
_SPREAD = re.compile(r"\b(?:spread|split|divided|scattered|shared)\s$")
_WEIGHS = re.compile(r"\bweigh\w*\s(?:\w+\s){0,2}$")


def amount(hit: Hit, context: QuantityContext) -> None:
    after = (hit.part("after") or "").casefold()
    bound = (hit.part("bound") or "").casefold()
    if after:
        bound = "at least" if "more" in after else "at most" if "few" in after or "less" in after else "about"
    elif hit.part("plus"):
        bound = "at least"
    if bound == "over" and _SPREAD.search(context.text[max(0, hit.span[0] - 12) : hit.span[0]]):
        bound = ""
    if bound in ("about", "around") and _is_preposition(hit, context):
        bound = ""
    odd = after.endswith(("odd", "plus"))
    minus = hit.part("minus") or hit.part("minus2")
    if minus and minus[0] in _DASHES and not _is_minus(hit, context.text):
        minus = None
    _single(hit, context, ("low", "cur1", "of1"), bound, _without_dash(hit, minus), minus=bool(minus), odd=odd)


def _is_preposition(hit: Hit, context: QuantityContext) -> bool:
    """ "They care about two things": no approximation."""
    tokens = context.tokens(hit.part_span("bound") or hit.span)
    if tokens is None or hit.part("cur1") or hit.part("of1"):
        return False
    token = tokens[-1]
    return token.lower_ in ("about", "around") and token.dep_ == "prep" and token.head.lemma_ in _ABOUT_WHAT


def _is_minus(hit: Hit, text: str) -> bool:
    """A dash is a minus where it clings to the number and to nothing before it."""
    at = (hit.part_span("minus") or hit.part_span("minus2") or hit.span)[0]
    return not text[at + 1 : at + 2].isspace() and (at == 0 or text[at - 1] in " \n\u00a0($€£")


def _without_dash(hit: Hit, minus: str | None) -> Span:
    dash = hit.part_span("minus")
    if minus or dash is None or hit.part("bound"):
        return hit.span
    return (hit.part_span("cur1") or hit.part_span("low") or hit.span)[0], hit.span[1]


def _single(
    hit: Hit,
    context: QuantityContext,
    parts: tuple[str, str, str],
    bound: str,
    span: Span,
    *,
    minus: bool = False,
    odd: bool = False,
    shared: str | None = None,
) -> None:
    """One number: `parts` name it, the currency before it and the unit behind it."""
    number, before, of = parts
    whole = hit.part_span(number)
    if whole is None:
        return
    at, value = _number(hit.part(number) or "", whole, context, money=bool(hit.part(before)))
    if value is None:
        return
    unit, end = _written_unit(hit, before, of, context.text)
    if end is None and at[1] < whole[1]:
        span = span[0], at[1]
    if unit is None and shared is not None:
        unit = shared
    if hit.part(before) == "$" and unit in ("CAD", "AUD", "SGD"):
        span = span[0] - (span[0] == (hit.part_span(before) or span)[0]), span[1]
    if unit is not None:
        if minus and not context.text[max(0, span[0] - 1) : span[0]].isalnum():
            value = -value
    else:
        if not context.free(at) or is_label(context.doc, context.text, at, bound=bool(bound)):
            return
        noun = glued(context.text, at[1])
        if noun is None and context.text[at[1] : at[1] + 1] in _DASHES and not odd:
            return  # "a five-star hotel"
        noun = noun or counted(context.doc, context.tokens((at[0], max(at[1], span[1]))))
        if noun is not None:
            unit, end = noun
        else:
            unit = context.counted_before(at[0])
            if not bound and not _stands_alone(context.text[slice(*at)]) and not (unit and _is_argument(at, context)):
                return
    least, most = bounds(value, bound)
    context.add(Amount((span[0], max(end or 0, span[1])), least, most, is_about(bound), unit))


def _number(words: str, span: Span, context: QuantityContext, *, money: bool) -> tuple[Span, float | None]:
    """The value; "100m" is millions of money or of what has a plural, else metres, and "5 m" millions only of money."""
    letter = _SHORT.search(words)
    if letter and not money:
        following = context.following(span)
        plural = following is not None and following.tag_ in ("NNS", "NNPS")
        if letter[1] or not (plural or words[-1] in "kKn"):
            return (span[0], span[0] + letter.start()), number_of(words[: letter.start()])
    return span, number_of(words)


def _stands_alone(words: str) -> bool:
    """Whether a number without a noun is still one that can be checked: 1,408 is, and "two million"."""
    return "," in words or _SCALED.search(words) is not None


def _is_argument(at: Span, context: QuantityContext) -> bool:
    """ "Of the 48 hostages, 19 were freed"."""
    tokens = context.tokens(at)
    return tokens is not None and tokens.root.dep_ in ("nsubj", "nsubjpass", "dobj")


def _written_unit(hit: Hit, before: str, of: str, text: str) -> tuple[str | None, int | None]:
    """Currency or percent as written, and where it ends if behind the number."""
    sign, after = hit.part(before), hit.part(of)
    if sign:
        start = (hit.part_span(before) or (0, 0))[0]
        letter = text[max(0, start - 1) : start]
        return currency((letter if letter in ("C", "A", "S") else "") + sign), None
    if not after:
        return None, None
    plain = after.casefold().replace("\u00ad", "")
    end = (hit.part_span(of) or (0, 0))[1]
    if "basis" in plain:
        return "basis points", end
    if "percentage" in plain:
        return "percentage points", end
    if any(word in plain for word in ("percent", "per cent", "%", "pct")):
        tail = re.match(r"(?:\s|-)points?\b", text[end:])
        return ("percentage points", end + tail.end()) if tail else ("percent", end)
    if plain in ("pounds", "pound") and (
        text[end : end + 4] == " of " or _WEIGHS.search(text[max(0, hit.span[0] - 40) : hit.span[0]])
    ):
        return "pounds", end
    return (plain if plain in ("cents", "pence") else currency(after)), end


def number_range(hit: Hit, context: QuantityContext) -> None:
    """ "Between 800 and 1,200", "40 to 50"; two quantities where the numbers only stand together ("from 5% to 3%")."""
    low_span, high_span = hit.part_span("low"), hit.part_span("high")
    if low_span is None or high_span is None:
        return
    bound, join = (hit.part("bound") or "").casefold(), (hit.part("join") or "").casefold()
    first_unit, _ = _written_unit(hit, "cur1", "of1", context.text)
    unit, end = _written_unit(hit, "cur2", "of2", context.text)
    ends = _ends(hit, context, join, (first_unit, unit))
    if ends is not None:
        unit = unit or first_unit
        if unit is None:
            if not (context.free(low_span) and context.free(high_span)):
                return
            if is_label(context.doc, context.text, low_span, bound=True):
                return
            noun = glued(context.text, high_span[1]) or counted(context.doc, context.tokens(high_span))
            if noun is not None:
                unit, end = noun
            elif join in _DASHES:
                return  # a score
            else:
                unit = context.counted_before(low_span[0])
        span = hit.span[0], max(end or 0, hit.span[1])
        context.add(Amount(span, *ends, is_about(bound), unit))
    elif join not in _DASHES or unit or first_unit:
        first_end = (hit.part_span("of1") or low_span)[1]
        first_start = (hit.part_span("bound") or hit.part_span("cur1") or low_span)[0]
        second = (hit.part_span("cur2") or high_span)[0], max(high_span[1], end or 0)
        shared = unit if unit == "percent" else None  # "by 52 to 48 percent"
        _single(hit, context, ("low", "cur1", "of1"), bound, (first_start, first_end), shared=shared)
        _single(hit, context, ("high", "cur2", "of2"), "", second)


def _ends(
    hit: Hit, context: QuantityContext, join: str, units: tuple[str | None, str | None]
) -> tuple[float, float] | None:
    """The ends of a range, None where the two numbers are none."""
    low_words, high_words = hit.part("low") or "", hit.part("high") or ""
    low, high = number_of(low_words), number_of(high_words)
    if low is None or high is None or (units[0] and units[1] and units[0] != units[1]):
        return None
    scale = _SCALED.search(high_words)
    if scale and not _SCALED.search(low_words):  # "between six and eight million"
        factor = number_of("1 " + scale[1]) or 1.0
        low = low * factor if low * factor < high else low
    if low >= high or (join == "or" and high - low > max(2.0, low)):
        return None
    if hit.part("from") and _tells_a_change(hit.span[0], context):
        return None
    by = re.search(r"\bby\s$", context.text[max(0, hit.span[0] - 4) : hit.span[0]])
    if join == "to" and by and hit.part("of1"):
        return None  # "rose by 2% to 9%"
    return low, high


def _tells_a_change(at: int, context: QuantityContext) -> bool:
    tokens = context.tokens((at, at + 1))
    if tokens is None:
        return False
    before = context.doc[max(tokens.sent.start, tokens.start - 8) : tokens.start]
    return any(t.lemma_ in _CHANGES for t in before)


def part_in(hit: Hit, context: QuantityContext) -> None:
    """ "One in five", "nine out of ten": a share in percent; and two numbers where it is none: "200 in 12 towns"."""
    part, whole = number_of(hit.part("low") or ""), number_of(hit.part("high") or "")
    low_span, high_span = hit.part_span("low"), hit.part_span("high")
    if low_span is None or high_span is None:
        return
    bound = (hit.part("bound") or "").casefold()
    following = context.following(high_span)
    if part and whole and part < whole <= 1e6 and context.free(high_span) and not hit.part("of2"):
        noun = following is not None and following.pos_ in ("NOUN", "PROPN")
        link = context.text[low_span[1] : high_span[0]].casefold()
        if not noun or part == 1 or "out" in link or "every" in link:
            least, most = bounds(rounded(part / whole), bound)
            end = (
                _end_with_noun(following, hit.span[1], context, high_span) if noun or _is_of(following) else hit.span[1]
            )
            context.add(Amount((hit.span[0], end), least, most, is_about(bound), "percent"))
            return
    _single(hit, context, ("low", "cur1", "of1"), bound, (hit.span[0], low_span[1]))
    _single(hit, context, ("high", "cur2", "of2"), "", (high_span[0], max(high_span[1], hit.span[1])))


def _is_of(token: Any) -> bool:
    return token is not None and token.lower_ == "of"


def _end_with_noun(following: Any, end: int, context: QuantityContext, high_span: Span) -> int:
    noun = counted(context.doc, context.tokens(high_span)) if following is not None else None
    return noun[1] if noun is not None else end
