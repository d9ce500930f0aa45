"""Reads quantities in words: factors, fractions, vague numbers, none at all."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import numbers_of_words, words
from worker.extraction.values.counted_nouns import counted
from worker.extraction.values.currencies import classes_of_currencies, currency
from worker.extraction.values.numerals import number_of
from worker.extraction.values.quantities.context import Amount, QuantityContext, bounds, is_about, rounded
from worker.extraction.values.word_classes import Hit

__all__ = ["few", "fraction", "fractions", "most_of", "much_of", "multiple", "none", "vague", "zero"]

_TENS_OF = 10.0
"""The least that the tens of "tens of thousands" can be."""
_VAGUE = numbers_of_words("vague_numbers")
_FEW_OF = numbers_of_words("few_of")
_FACTORS = numbers_of_words("factors")
_PARTS = numbers_of_words("parts")
_TIME_NOUNS = words("time_nouns")
_OF_A_WHOLE = words("words_of_a_whole")
_SHARE_BEFORE = re.compile(r"\b(?:by|than|to|only|just|another|is|was|and)\s$")
_ORDINAL_BEFORE = re.compile(r"\b(?:first|second|last|other|final)\s$", re.IGNORECASE)
_POINT = re.compile(r"(?: of)?(?: a)?[ -](?:percentage[ -])?points?\b")
_RATE = re.compile(r"\b(?:rates?|yields?|bonds?|inflation|interest|percentage|per cent|bank)\b|%", re.IGNORECASE)
"""Words beside "half a point" that is one of a rate, not of a game."""
_MONEY_OF = re.compile(rf"\sof\s((?:\w+\s){{0,2}}(?:{'|'.join(classes_of_currencies()['folded']['currency_word'])}))\b")


def multiple(hit: Hit, context: QuantityContext) -> None:
    """Adds a factor or a frequency, with the unit "times": "twice", "doubled", "three times"."""
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
    """Whether a word like "double" multiplies: "to double its tax", "double the number", but not "a double room"."""
    tokens = context.tokens(hit.part_span("factor") or hit.span)
    if tokens is None or context.text[hit.span[1] : hit.span[1] + 1] == "-":
        return False
    token, after = tokens[0], context.following(hit.span)
    if after is not None and after.lower_ in ("down", "back", "over", "up", "as"):
        return False  # "doubled down", "doubles as a bar"
    to_do_it = token.i > 0 and context.doc[token.i - 1].tag_ == "TO"
    return token.tag_.startswith("VB") or to_do_it or (after is not None and after.lower_ in _OF_A_WHOLE)


def fraction(hit: Hit, context: QuantityContext) -> None:
    """Adds a share in percent: "a third of", "two-thirds", "by half", but not "the third man", "the second half"."""
    bound, word, number = (hit.part("bound") or "").casefold(), (hit.part("part") or "").casefold(), hit.part("low")
    span, after = hit.span, context.following(hit.span)
    before = context.text[max(0, span[0] - 16) : span[0]]
    of_what = after is not None and after.lower_ in _OF_A_WHOLE
    count = number_of(number) if number else 1.0
    point = _POINT.match(context.text, span[1])
    if point is not None:
        if not _RATE.search(context.text[max(0, span[0] - 80) : span[1] + 80]):
            return
        points = (count or 0.0) / _PARTS[word.rstrip("s")] if word.rstrip("s") in _PARTS else number_of(word) or 0.0
        context.add(Amount((span[0], point.end()), *bounds(points, bound), is_about(bound), "percentage points"))
        return
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


def fractions(hit: Hit, context: QuantityContext) -> None:
    """Adds the range of "between a quarter and a third of" in percent."""
    low, high = _share(hit.part("low") or ""), _share(hit.part("high") or "")
    if not low < high <= 1:
        return
    after, end = context.following(hit.span), hit.span[1]
    if (
        after is not None
        and after.lower_ == "of"
        and (noun := counted(context.doc, context.tokens(hit.span))) is not None
    ):
        end = noun[1]
    about = is_about((hit.part("bound") or "").casefold())
    context.add(Amount((hit.span[0], end), rounded(low), rounded(high), about, "percent"))


def _share(written: str) -> float:
    """The value of "a quarter", "two-thirds", "half"; 0 for another word."""
    *count, part = re.split(r"[\s-]+", written.casefold())
    parts = _PARTS.get(part.rstrip("s"))
    return (number_of(count[0]) or 0.0) / parts if parts and count else 1 / parts if parts else 0.5 * (part == "half")


def vague(hit: Hit, context: QuantityContext) -> None:
    """Adds the least that a word can mean, approximate and open above: "thousands of people"."""
    first, _, second = (hit.part("vague") or "").casefold().partition(" of ")
    value = (_TENS_OF if first == "tens" else _VAGUE.get(first, 1.0)) * (_VAGUE[second] if second else 1.0)
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
    low, high = bounds(value, (hit.part("bound") or "").casefold())
    upper = high if low is None else None
    context.add(Amount((hit.span[0], end), None if upper else value, upper, approximate=True, unit=unit))


def few(hit: Hit, context: QuantityContext) -> None:
    """Adds the least that "several hundred", "a few thousand" or "a handful of" can mean; "a couple" are two."""
    word, scale = (hit.part("few") or "").casefold(), hit.part("scale")
    if scale is None and word not in ("handful", "couple"):
        return  # "a few of them"
    tokens = context.tokens(hit.span)
    noun = counted(context.doc, tokens[:-1] if hit.part("of") and tokens is not None else tokens)
    if noun is None and scale is None:
        return
    value = _FEW_OF[word] * (number_of(scale) or 1.0 if scale else 1.0)
    unit, end = noun or (context.counted_before(hit.span[0]), hit.span[1])
    if unit in _TIME_NOUNS or (unit or "").removesuffix("s") in _TIME_NOUNS:
        return
    low, high = bounds(value, (hit.part("bound") or "").casefold())
    upper = high if word == "couple" or low is None else None
    context.add(Amount((hit.span[0], end), low, upper, approximate=True, unit=unit))


def most_of(hit: Hit, context: QuantityContext) -> None:
    """Adds more than 50 percent: "most of the members"."""
    tokens = context.tokens(hit.span)
    noun = counted(context.doc, tokens[:-1]) if tokens is not None and len(tokens) > 1 else None
    if noun is not None and noun[0] not in _TIME_NOUNS:
        context.add(Amount((hit.span[0], noun[1]), 50.0, None, approximate=True, unit="percent"))


def much_of(hit: Hit, context: QuantityContext) -> None:
    """Adds an unknown part of a noun, open on both sides: "much of the harvest", but not "not much of a contest"."""
    tokens = context.tokens(hit.span)
    after = context.following(hit.span)
    if after is not None and after.lower_ in ("a", "an"):
        return
    noun = counted(context.doc, tokens[:-1]) if tokens is not None and len(tokens) > 1 else None
    if noun is not None and noun[0] not in _TIME_NOUNS:
        context.add(Amount((hit.span[0], noun[1]), None, None, approximate=True, unit=noun[0]))


def zero(hit: Hit, context: QuantityContext) -> None:
    """Adds zero of a noun that can be counted: "no servicemen", "no such letter", but not "no evidence"."""
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
    """Adds zero of the noun after "none of", or of the noun counted before."""
    after = context.following(hit.span)
    noun = counted(context.doc, context.tokens(hit.span)) if after is not None and after.lower_ == "of" else None
    if after is not None and after.lower_ == "of" and noun is None:
        return  # "none of them"
    unit, end = noun or (context.counted_before(hit.span[0]), hit.span[1])
    context.add(Amount((hit.span[0], end), 0.0, 0.0, approximate=False, unit=unit))
