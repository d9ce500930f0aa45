"""Readers of quantities in words: factors, fractions, vague numbers, none at all."""

from __future__ import annotations

import re

from worker.extraction.lexing import Hit
from worker.extraction.numerals import number_of
from worker.extraction.quantity_context import Amount, QuantityContext, bounds, is_about, rounded
from worker.extraction.units import counted, currency

__all__ = ["fraction", "most_of", "much_of", "multiple", "none", "vague", "zero"]

_VAGUE = {
    "dozens": 24.0,
    "scores": 40.0,
    "hundreds": 1e2,
    "thousands": 1e3,
    "millions": 1e6,
    "billions": 1e9,
    "trillions": 1e12,
}
"""The least that the word can mean; "tens of thousands" are at least ten of them, "hundreds of thousands" a hundred."""
_FACTORS = {
    "twice": 2.0, "double": 2.0, "doubl": 2.0, "tripl": 3.0, "trebl": 3.0, "quadrupl": 4.0, "halv": 0.5, "twofold": 2.0,
    "threefold": 3.0, "fourfold": 4.0, "fivefold": 5.0, "sixfold": 6.0, "tenfold": 10.0, "twentyfold": 20.0, "hundredfold": 100.0,
}  # fmt: skip
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_TIME = frozenset("time day week month year decade century morning night evening summer winter".split())
_OF_THE = ("of", "the", "its", "their", "his", "her", "our", "that", "what", "last")
_SHARE_BEFORE = re.compile(r"\b(?:by|than|to|only|just|another|is|was|and)\s$")
_ORDINAL_BEFORE = re.compile(r"\b(?:first|second|last|other|final)\s$", re.IGNORECASE)
_MONEY_OF = re.compile(r"\sof\s(dollars|euros|pounds|yen|roubles|rubles|rupees)\b")


def multiple(hit: Hit, context: QuantityContext) -> None:
    """ "Twice", "doubled", "three times": a factor, or how often, counted in times."""
    bound, word, number = (hit.part("bound") or "").casefold(), (hit.part("factor") or "").casefold(), hit.part("low")
    if number:
        if re.search(r"[-‑]\s?times?$", context.text[slice(*hit.span)]):
            return  # "a three-time champion"
        value = number_of(number)
    else:
        if not word.startswith("twice") and not word.endswith("fold") and not _multiplies(hit, context):
            return
        value = next((factor for stem, factor in _FACTORS.items() if word.startswith(stem)), None)
    if value is not None:
        context.add(Amount(hit.span, *bounds(value, bound), is_about(bound), "times"))


def _multiplies(hit: Hit, context: QuantityContext) -> bool:
    """ "Doubled", "to double its tax", "double the number"; not "a double room", "double-decker", "double standards"."""
    tokens = context.tokens(hit.part_span("factor") or hit.span)
    if tokens is None or context.text[hit.span[1] : hit.span[1] + 1] == "-":
        return False
    token, after = tokens[0], context.following(hit.span)
    if after is not None and after.lower_ in ("down", "back", "over", "up"):
        return False  # "doubled down"
    before = context.doc[token.i - 1].lower_ if token.i else ""
    return token.tag_.startswith("VB") or before == "to" or (after is not None and after.lower_ in _OF_THE)


def fraction(hit: Hit, context: QuantityContext) -> None:
    """ "A third of", "two-thirds", "by half": a share in percent. Not "the third man", "the second half"."""
    bound, word, number = (hit.part("bound") or "").casefold(), (hit.part("part") or "").casefold(), hit.part("low")
    span, after = hit.span, context.following(hit.span)
    before = context.text[max(0, span[0] - 16) : span[0]]
    of_what = after is not None and after.lower_ in _OF_THE
    count = number_of(number) if number else 1.0
    if number is None and word == "half":
        if not (of_what or bound or before.endswith(" by ")) or _ORDINAL_BEFORE.search(before):
            return
    elif number is not None and count == 1.0 and not of_what:
        if after is not None and after.pos_ in ("NOUN", "PROPN", "ADJ"):
            return
        if not bound and not _SHARE_BEFORE.search(before):
            return
    share = number_of(word) if word in tuple("½⅓⅔¼¾") else (count or 0.0) / _PARTS[word.rstrip("s")]
    if not share or share >= 1.5:
        return
    end = span[1]
    if after is not None and after.lower_ == "of" and (noun := counted(context.doc, context.tokens(span))) is not None:
        end = noun[1]
    context.add(Amount((span[0], end), *bounds(rounded(share), bound), is_about(bound), "percent"))


def vague(hit: Hit, context: QuantityContext) -> None:
    """ "Thousands of people": at least what the word can mean, approximate and open."""
    first, _, second = (hit.part("vague") or "").casefold().partition(" of ")
    value = {"tens": 10.0}.get(first, _VAGUE.get(first, 1.0)) * (_VAGUE[second] if second else 1.0)
    after = context.following(hit.span)
    if first == "scores" and (after is None or after.lower_ != "of"):
        return  # points of a game
    end, unit = hit.span[1], None
    money = _MONEY_OF.match(context.text, end)
    noun = counted(context.doc, context.tokens(hit.span))
    if money:
        unit, end = currency(money[1]), money.end()
    elif noun is not None:
        unit, end = noun
    else:
        unit = context.counted_before(hit.span[0])
    _, most = bounds(value, (hit.part("bound") or "").casefold())
    upper = most if most is not None and bounds(value, (hit.part("bound") or "").casefold())[0] is None else None
    context.add(Amount((hit.span[0], end), None if upper else value, upper, approximate=True, unit=unit))


def most_of(hit: Hit, context: QuantityContext) -> None:
    """More than half of it."""
    tokens = context.tokens(hit.span)
    noun = counted(context.doc, tokens[:-1]) if tokens is not None and len(tokens) > 1 else None
    if noun is not None and noun[0] not in _TIME:
        context.add(Amount((hit.span[0], noun[1]), 50.0, None, approximate=True, unit="percent"))


def much_of(hit: Hit, context: QuantityContext) -> None:
    """A part that is not told: neither end, only what it is a part of."""
    tokens = context.tokens(hit.span)
    noun = counted(context.doc, tokens[:-1]) if tokens is not None and len(tokens) > 1 else None
    if noun is not None and noun[0] not in _TIME:
        context.add(Amount((hit.span[0], noun[1]), None, None, approximate=True, unit=noun[0]))


def zero(hit: Hit, context: QuantityContext) -> None:
    """ "No servicemen": zero of what can be counted; "no evidence" is none of it, "no such letter" is."""
    tokens = context.tokens(hit.span)
    if tokens is None:
        return
    such = len(tokens) > 1
    noun = counted(context.doc, tokens)
    head = tokens[0].head
    plural = head.tag_ in ("NNS", "NNPS") and head.i > tokens[0].i
    if noun is not None and (such or plural):
        context.add(Amount((hit.span[0], noun[1]), 0.0, 0.0, approximate=False, unit=noun[0]))


def none(hit: Hit, context: QuantityContext) -> None:
    after = context.following(hit.span)
    noun = counted(context.doc, context.tokens(hit.span)) if after is not None and after.lower_ == "of" else None
    if after is not None and after.lower_ == "of" and noun is None:
        return  # "none of them"
    unit, end = noun or (context.counted_before(hit.span[0]), hit.span[1])
    context.add(Amount((hit.span[0], end), 0.0, 0.0, approximate=False, unit=unit))
