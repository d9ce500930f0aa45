"""Quantities that a content states: how many of what, with bounds and approximation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from worker.extraction.types import Span

__all__ = ["Amount", "find_quantities"]

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
_SMALL = {word: i for i, word in enumerate(_WORDS)} | {
    word: 10 * i for i, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), 3)
}
_SCALE = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "m": 1e6,
    "bn": 1e9,
    "k": 1e3,
}
_VAGUE = {"dozens": 24, "scores": 40, "hundreds": 100, "thousands": 1000, "tens of thousands": 10_000,
          "hundreds of thousands": 100_000, "millions": 1e6, "tens of millions": 1e7, "billions": 1e9}  # fmt: skip
_NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?|(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))})(?:-(?:{'|'.join(_WORDS[1:10])}))?)"
_SCALES = r"(?:\s(?:hundred|thousand|million|billion|trillion)|(?:bn|m|k)\b)"
_BOUND = (
    r"(?:at least|no fewer than|no less than|more than|over|upwards of|up to|as many as|as much as|at most|no more than|"
    r"less than|fewer than|under|about|around|roughly|some|nearly|almost|approximately|close to|between|from)"
)
_QUANTITY = re.compile(
    rf"(?:\b(?P<bound>{_BOUND})\s)?(?P<currency>[$€£¥]|US\$)?(?<![\w.,:/-])(?P<low>{_NUMBER})(?P<lowscale>{_SCALES})?"
    rf"(?:\s?(?P<join>-|–|to|and)\s?(?P<currency2>[$€£¥])?(?P<high>{_NUMBER})(?P<scale>{_SCALES})?)?"
    r"(?P<percent>\s?%|\s(?:percentage points?|percent|per cent|points?)\b)?",
    re.IGNORECASE,
)
_VAGUE_RE = re.compile(rf"\b(?P<vague>{'|'.join(sorted(_VAGUE, key=len, reverse=True))})\b", re.IGNORECASE)
_ONE_IN = re.compile(rf"\b(?P<part>{_NUMBER}) (?:in|out of) (?P<whole>{_NUMBER})\b", re.IGNORECASE)
_LEAST = {"at least", "no fewer than", "no less than", "more than", "over", "upwards of"}
_MOST = {"up to", "as many as", "as much as", "at most", "no more than", "less than", "fewer than", "under"}
_ABOUT = {"about", "around", "roughly", "some", "nearly", "almost", "approximately", "close to"}
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}


@dataclass(frozen=True, slots=True)
class Amount:
    """`least` and `most` are equal for an exact number and null where open."""

    span: Span
    least: float | None
    most: float | None
    approximate: bool
    unit: str | None


def find_quantities(doc: Any, text: str, times: list[Span]) -> list[Amount]:
    """Every quantity of the text in order. `times` are left alone, and so are names, ordinals, ages and scores."""
    found: list[Amount] = []

    def free(span: Span) -> bool:
        return not any(s < span[1] and span[0] < e for s, e in times) and not any(
            a.span[0] < span[1] and span[0] < a.span[1] for a in found
        )

    for match in _ONE_IN.finditer(text):
        part, whole = _value(match["part"], None), _value(match["whole"], None)
        if free(match.span()) and part and whole and part <= whole:
            found.append(
                _with_unit(
                    doc, text, match.span(), 100 * part / whole, 100 * part / whole, approximate=False, unit="percent"
                )
            )
    vague = [match for match in _VAGUE_RE.finditer(text) if free(match.span())]
    found += [
        _with_unit(doc, text, m.span(), float(_VAGUE[m["vague"].casefold()]), None, approximate=True, unit=None)
        for m in vague
    ]
    read = (_read(doc, text, match) for match in _QUANTITY.finditer(text))
    found += [amount for amount in read if amount is not None and free(amount.span)]
    found += [a for a in _none_of(doc, text) if free(a.span)]
    return sorted(found, key=lambda a: a.span)


def _value(number: str, scale: str | None) -> float:
    plain = number.casefold().replace(",", "")
    if plain[0].isdigit():
        value = float(plain)
    else:
        tens, _, ones = plain.partition("-")
        value = float(_SMALL[tens] + (_SMALL.get(ones, 0) if ones else 0))
    return value * _SCALE.get((scale or "").strip().casefold(), 1.0)


def _read(doc: Any, text: str, match: re.Match[str]) -> Amount | None:
    low, high = match["low"], match["high"]
    span = match.span()
    token = doc.char_span(match.start("low"), match.end("low"), alignment_mode="expand")
    bound = (match["bound"] or "").casefold()
    marked = bool(match["currency"] or match["percent"] or match["lowscale"] or match["scale"] or bound)
    joined = (match["join"] or "").casefold()
    if high and (joined == "and") != (bound == "between"):
        high = None  # "three and four" are two numbers, "between three and four" is one range
        span = span[0], match.end("lowscale") if match["lowscale"] else match.end("low")
    if not high and bound in ("between", "from"):
        span, bound = (match.start("currency") if match["currency"] else match.start("low"), span[1]), ""
        marked = bool(match["currency"] or match["percent"] or match["lowscale"])
    if text[span[1] : span[1] + 1].isalpha() or re.match(
        r"(?:st|nd|rd|th)\b|-year-old|-\w|:\d|\.\d|/\d", text[span[1] :]
    ):
        return None
    if re.search(r"[\w-]$", text[max(0, match.start("low") - 1) : match.start("low")]) and not match["currency"]:
        return None
    if high and joined in ("-", "–") and not marked and _value(low, None) < 15 and _value(high, None) < 15:
        return None  # a score: "won 2-1"
    if token is not None and not marked:
        if token[0].pos_ not in ("NUM", "X") or token.root.ent_type_ in (
            "PERSON",
            "FAC",
            "LAW",
            "PRODUCT",
            "WORK_OF_ART",
        ):
            return None
        if low[0].isalpha() and low.casefold() == "one":
            return None  # mostly a pronoun
        if not low[0].isalpha() and re.search(r",\s$", text[: span[0]]) and text[span[1] : span[1] + 1] in ",.":
            return None  # an age: "Adeyemi, 19, "
    least: float | None = _value(low, match["lowscale"] or (match["scale"] if high else None))
    most: float | None = _value(high, match["scale"] or match["lowscale"]) if high else least
    if not high and bound in _LEAST:
        most = None
    elif not high and bound in _MOST:
        least = None
    sign = match["currency"] or match["currency2"]
    unit = _SIGNS.get(sign.upper(), sign) if sign else None
    if match["percent"]:
        word = match["percent"].strip().casefold()
        unit = "percentage points" if "point" in word else "percent"
    amount = _with_unit(doc, text, span, least, most, approximate=bound in _ABOUT, unit=unit)
    return amount if amount.unit or marked else None  # a bare figure counts nothing that can be checked


def _with_unit(
    doc: Any, text: str, span: Span, least: float | None, most: float | None, *, approximate: bool, unit: str | None
) -> Amount:
    """Takes in what is counted: the noun after the number with what stands between."""
    if unit is None:
        rest = re.match(r"\s(?:of\s)?", text[span[1] :])
        after = doc.char_span(
            span[1] + (rest.end() if rest else 0), span[1] + (rest.end() if rest else 0) + 1, alignment_mode="expand"
        )
        words: list[Any] = []
        for token in doc[after[0].i :] if rest and after is not None else ():
            if token.pos_ in ("NOUN", "PROPN", "ADJ") or (
                words and token.pos_ == "CCONJ" and token.nbor(1).pos_ in ("NOUN", "ADJ")
                if token.i + 1 < len(doc)
                else False
            ):
                words.append(token)
            else:
                break
        while words and words[-1].pos_ not in ("NOUN", "PROPN"):
            words.pop()
        if words:
            span = span[0], words[-1].idx + len(words[-1].text)
            unit = text[words[0].idx : span[1]]
    return Amount(span, least, most, approximate, unit)


def _none_of(doc: Any, text: str) -> list[Amount]:
    """Zero of what can be counted, as in "no soldiers"."""
    found = []
    for token in doc:
        if (
            token.lower_ == "no"
            and token.dep_ == "det"
            and token.head.tag_ in ("NNS", "NNPS")
            and token.head.i > token.i
        ):
            start, end = token.idx, token.head.idx + len(token.head.text)
            found.append(Amount((start, end), 0.0, 0.0, False, text[token.nbor(1).idx : end]))
    return found
