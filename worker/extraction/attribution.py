"""The attribution stage: the model where it is installed with the rules around it, else the rules alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from worker.contract.claim import QuoteType
from worker.extraction.attribution_model import AttributionModel
from worker.extraction.attribution_rules import according_to, attributions
from worker.extraction.model_decode import Found
from worker.extraction.model_features import Pieces
from worker.extraction.nested_rules import nested
from worker.extraction.quotes import paragraphs, quotes
from worker.extraction.speech_acts import NEGATED_CUES, VERBS
from worker.extraction.types import Attribution, Span

__all__ = ["attribute"]

_CLOSERS = '”»«“"'
_NOT = re.compile(r"\b(?:not|never|nor)\b|n['’]t\b", re.IGNORECASE)


def attribute(doc: Any, text: str, headline: str | None, model: AttributionModel | None) -> list[Attribution]:
    """All attributions in the order of their contents. `doc` is the parse of `text`."""
    ruled = attributions(doc, text, headline)
    if model is None:
        return sorted([*ruled, *nested(doc, text, ruled)], key=lambda each: each.content[0])
    found, pieces = model.find(doc, text)
    marks = [mark for paragraph in paragraphs(text) for mark in quotes(text, paragraph)]
    made = _over_paragraphs([_described(each, pieces, doc, text, marks) for each in found], marks, text)
    made += [each for each in ruled if _adds(each, made)]
    return sorted([*made, *nested(doc, text, made)], key=lambda each: each.content[0])


def _adds(ruled: Attribution, made: list[Attribution]) -> bool:
    """Whether a rule's attribution says what the model's do not: its own cue, inside or beside their contents.

    The model tags each character once, so a source inside a content is not its to find; a headline's speaker without a
    cue is rare in its training.
    """
    cues = [m.cue for m in made if m.cue]
    if ruled.cue is None:
        return ruled.confidence > 0.55 and not any(_meet(c, d) for m in made for d in m.content for c in ruled.content)
    if any(_meet(ruled.cue, cue) for cue in cues):
        return False
    if any(_meet(ruled.cue, m.source) for m in made if m.source):
        return False
    holders = [m for m in made if any(s <= ruled.cue[0] and ruled.cue[1] <= e for s, e in m.content)]
    if holders:
        # nested: the whole of it, source as well, lies in one content and is smaller
        holder = holders[0]
        parts = [*ruled.content, ruled.cue, *([ruled.source] if ruled.source else [])]
        inside = all(any(s <= p[0] and p[1] <= e for s, e in holder.content) for p in parts)
        return inside and ruled.source is not None
    return not any(_meet(c, d) for m in made for d in m.content for c in ruled.content)


def _meet(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _described(found: Found, pieces: Pieces, doc: Any, text: str, marks: list[Span]) -> Attribution:
    """A model's attribution in characters, with what the parse says of its cue and content."""

    def span(part: tuple[int, int]) -> Span:
        return int(pieces.starts[part[0]]), int(pieces.ends[part[1] - 1])

    cue = span(found.cue) if found.cue else None
    content = tuple(_with_marks(span(part), marks) for part in found.content)
    lemma, negated = "say", False
    if cue:
        tokens = list(doc.char_span(*cue, alignment_mode="expand") or ())
        verbs = [t for t in tokens if t.pos_ == "VERB" and t.lemma_ in VERBS] or [
            t for t in tokens if t.lemma_ in VERBS
        ]
        main = (verbs or [t for t in tokens if t.pos_ in ("VERB", "NOUN")] or tokens)[-1]
        lemma = main.lemma_
        negated = bool(_NOT.search(text[slice(*cue)])) or any(c.dep_ == "neg" for c in main.children)
    inner = [t for s, e in content[:1] for t in (doc.char_span(s, e, alignment_mode="expand") or ())]
    if cue and found.source and text[slice(*cue)].casefold().startswith("according"):
        lemma = according_to(doc.char_span(*span(found.source), alignment_mode="expand").root)
    places = {t.i for t in inner}
    roots = {t.i for t in inner if t.head.i not in places or t.head.i == t.i}
    denies = any(c.dep_ == "neg" for t in inner if t.i in roots for c in t.children) or any(
        t.dep_ == "det" and t.lower_ == "no" and t.head.head.i in roots for t in inner
    )
    return Attribution(
        source=span(found.source) if found.source else None,
        cue=cue,
        content=content,
        quote_type=_type(content, marks),
        lemma=lemma,
        negated=negated and lemma in NEGATED_CUES,
        denies=denies,
        confidence=round(found.confidence, 3),
    )


def _over_paragraphs(made: list[Attribution], marks: list[Span], text: str) -> list[Attribution]:
    """A quote that one paragraph leaves open and the next one opens again is one content, where one cue has both."""
    joined: list[Attribution] = []
    for each in made:
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, each, marks, text):
            content = (*before.content, *each.content)
            sure = min(before.confidence, each.confidence)
            joined[-1] = replace(before, content=content, quote_type=_type(content, marks), confidence=sure)
        else:
            joined.append(each)
    return joined


def _goes_on(before: Attribution, each: Attribution, marks: list[Span], text: str) -> bool:
    """Whether the quote of `before` is left open and that of `each` opens it again with nothing between them."""
    if before.cue is None or (before.cue, before.source) != (each.cue, each.source):
        return False
    end, start = before.content[-1], each.content[0]
    left = next((m for m in marks if m[0] <= end[0] and end[1] <= m[1]), None)
    again = next((m for m in marks if m[0] <= start[0] < m[1]), None)
    if left is None or again is None or text[left[0]] != text[again[0]]:
        return False
    return text[left[1] - 1] not in _CLOSERS and not text[left[1] : again[0]].strip()


def _with_marks(span: Span, marks: list[Span]) -> Span:
    """A content that fills a quote takes its marks in, so that direct speech reads as such."""
    start, end = span
    for mark in marks:
        if mark[0] + 1 >= start >= mark[0] and abs(mark[1] - end) <= 2:
            return mark
    return start, end


def _type(content: tuple[Span, ...], marks: list[Span]) -> QuoteType:
    if all(any(s >= m[0] and e <= m[1] for m in marks) for s, e in content):
        return QuoteType.DIRECT
    return QuoteType.MIXED if any(_meet(c, m) for c in content for m in marks) else QuoteType.INDIRECT
