"""Numbers that count nothing: ages, scores, labels, addresses, telephone numbers, model names, years."""

from __future__ import annotations

import re
from typing import Any

from worker.extraction.types import Span

__all__ = ["NUMBERED", "is_label"]

_NAMES = frozenset(("PERSON", "FAC", "LAW", "PRODUCT", "WORK_OF_ART"))
_STREET = re.compile(
    r"(?:\s?[A-Za-z]?\b,?\s(?:[A-Z][\w'’.-]+\s){1,3})(?:Street|St|Road|Rd|Avenue|Ave|Lane|Square|Drive|Boulevard|Place|Way|"
    r"Court|Terrace|Row|Hill|Quay|Park|Gardens)\b"
)
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages|turned|turns|turning|born)\s(?:between\s|about\s|just\s)?$", re.IGNORECASE)
_AGE_AFTER = re.compile(r"(?:-|\s)(?:year|month|week|day)s?(?:-|\s)old\b|\s?years? of age\b")
NUMBERED = re.compile(
    r"\b(?:No|Nos|no|number|Number|room|Room|page|pages|p|chapter|Chapter|article|Article|section|Section|paragraph|clause|line|"
    r"route|Route|flight|Flight|gate|Gate|platform|ward|Ward|phase|Phase|stage|Stage|level|Level|tier|type|Type|category|Category|grade|"
    r"Group|group|Unit|unit|resolution|Resolution|game|Game|round|Round|step|channel|Channel|highway|Highway|junction|"
    r"district|District|version|Version|block|Block|lot|Lot|season|Season|episode|part|Part|item|zone|Zone|hall|Hall|"
    r"terminal|Terminal|reactor|Reactor|pier|berth|Berth|line|Line|bus|tram|formula|Formula|top|Top|code|pin|PIN)s?\.?\s$"
)
_CONTEXT = 24


def is_label(doc: Any, text: str, span: Span, *, bound: bool) -> bool:
    """Whether the number at `span`, which no currency and no percent marks, states no quantity. `bound`: it has "about" or the like."""
    start, end = span
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    if before[-1:].isalnum() or before[-1:] in tuple("#@_/") or re.search(r"[\w.]-$|\d[.:]$|\+\d*\s?$", before):
        return True  # "S-90", "COVID-19", "#3", "+44"
    if re.match(r"[:/]\d|-\d|\.\d|(?:st|nd|rd|th)\b|[A-Za-z]?\d", after):
        return True
    if re.search(r"(?:^|\n)$", before) and re.match(r"[.)]\s", after):
        return True  # the number of an item
    if re.search(r"\d\s$", before) or (re.match(r"\s\d", after) and text[start:end].isdigit()):
        return True  # a telephone number
    if _AGE_BEFORE.search(before) or _AGE_AFTER.match(after) or NUMBERED.search(before) or _STREET.match(after):
        return True
    tokens = doc.char_span(start, end, alignment_mode="expand")
    if tokens is None:
        return True
    last, first = tokens[-1], tokens[0]
    if first.ent_type_ in _NAMES or (first.ent_type_ in ("ORG", "EVENT", "GPE", "LOC") and not bound):
        return True
    if (
        re.search(r",\s$", before)
        and re.match(r"[,.;)]", after)
        and text[start:end].isdigit()
        and int(text[start:end]) < 120
        and not bound
    ):
        return True  # "Adeyemi, 19, "
    if re.search(r"\($", before) and after.startswith(")") and not bound:
        return True
    if first.i and first.head.i == first.i - 1 and first.head.pos_ == "PROPN" and first.dep_ in ("nummod", "appos"):
        return True  # "Apollo 11"
    if text[start:end].casefold() == "one":
        return _is_pronoun(doc, last)
    following = doc[last.i + 1] if last.i + 1 < len(doc) else None
    if following is not None and following.tag_ == "NNP" and following.ent_type_ in _NAMES | {"ORG"}:
        return True  # "10 Downing Street"
    return (
        not bound
        and re.fullmatch(r"(?:1[5-9]|20)\d\d", text[start:end]) is not None
        and (following is None or following.pos_ not in ("NOUN", "ADJ"))
    )


def _is_pronoun(doc: Any, token: Any) -> bool:
    """ "One" that counts stands before its noun."""
    if token.dep_ == "nummod" and token.head.i > token.i and token.head.pos_ == "NOUN" and token.head.tag_ != "NNS":
        return doc[token.i + 1].lower_ in ("of", "another", "day")
    return True
