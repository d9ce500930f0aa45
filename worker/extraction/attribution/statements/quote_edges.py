"""Quotes that lie in a longer content with words of the article: a topic before them, what the speaker does behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc
from worker.extraction.spans import Span, inside_any, trim
from worker.extraction.syntax.relations import SUBJECTS, is_finite

__all__ = ["with_quote_alone"]

_OF_A_TOPIC = re.compile(r"\b(?:of|about|on|regarding|concerning)$")
_TOPIC = re.compile(r"[^.!?:;\n]{2,90},\s?$")
_DASH = re.compile(r"\s?[—–-]\s?$")
_MAX_GAP = 3
"""Characters between a quote and who says it."""


def with_quote_alone(doc: Doc, text: str, each: Attribution, marks: Sequence[Span]) -> Attribution:
    """The attribution, its content without such words. `marks`: the quotes of the text with their marks."""
    content = _without_deed_behind(doc, text, each, marks)
    if len(content) == 1 and each.cue is not None:
        quote = _last_quote(text, content[0], marks)
        if quote is not None and (_is_behind_topic(text, each, content[0], quote) or _is_apart(doc, text, each, quote)):
            return replace(each, content=(quote,), quote_type=QuoteType.DIRECT)
    return replace(each, content=content) if content != each.content else each


def _last_quote(text: str, span: Span, marks: Sequence[Span]) -> Span | None:
    """The quote that ends a content and does not begin it."""
    start, end = span
    return next(
        (q for q in marks if start < q[0] < end and not text[q[1] : end].strip(" ,.") and q[1] <= end + 1), None
    )


def _is_behind_topic(text: str, each: Attribution, span: Span, quote: Span) -> bool:
    """ "Said of | the fall, | “Nobody saw it coming.”" """
    if each.cue is None or not each.cue[1] <= span[0] <= each.cue[1] + 1:
        return False
    is_topic = _OF_A_TOPIC.search(text, *each.cue) is not None
    return is_topic and _TOPIC.fullmatch(text, span[0], quote[0]) is not None and text[quote[0] + 1].isupper()


def _is_apart(doc: Doc, text: str, each: Attribution, quote: Span) -> bool:
    """ "He has changed his story once — | “I do recall,” | he said": a clause of the article stands before a dash."""
    said = [part for part in (each.source, each.cue) if part is not None]
    begins = min(part[0] for part in said) if said else 0
    if not 0 <= begins - quote[1] <= _MAX_GAP or not text[quote[0] + 1].isupper():
        return False
    before = text[each.content[0][0] : quote[0]]
    tokens = doc.char_span(each.content[0][0], quote[0], alignment_mode="contract")
    if _DASH.search(before) is None or tokens is None:
        return False
    return any(is_finite(t) and any(c.dep_ in SUBJECTS for c in t.children) for t in tokens)


def _without_deed_behind(doc: Doc, text: str, each: Attribution, marks: Sequence[Span]) -> tuple[Span, ...]:
    """ "“This is it,” | pointing at the pile" and "it will be paid | , he said, | looking at his wife"."""
    if each.cue is None:
        return each.content
    first, last = each.content[0], each.content[-1]
    if len(each.content) > 1 and first[1] <= each.cue[0] <= last[0] and _is_deed(doc, text, last):
        return each.content[:-1]
    start, end = last
    quote = next((q for q in marks if q[0] <= start < q[1] < end), None)
    if quote is None or not inside_any((start, quote[1]), marks) or not _is_deed(doc, text, (quote[1], end)):
        return each.content
    return (*each.content[:-1], (start, quote[1]))


def _is_deed(doc: Doc, text: str, span: Span) -> bool:
    """True for a participle that has no subject: what the speaker does while speaking."""
    start, end = trim(text, span)
    while start < end and text[start] in " ,;–—-":
        start += 1
    tokens = doc.char_span(start, end, alignment_mode="expand")
    if tokens is None or not len(tokens) or text[start] in '“"‘':
        return False
    first = tokens[1] if len(tokens) > 1 and tokens[0].tag_ == "RB" else tokens[0]
    return first.tag_ == "VBG" and first.dep_ in ("advcl", "acl", "ROOT", "xcomp", "dep")
