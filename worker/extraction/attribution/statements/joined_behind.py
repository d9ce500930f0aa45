"""What a source goes on to say behind its cue: "The fire was seen from the road, a witness said, and nobody called"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from worker.contract.claim import QuoteType
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc, Phrase
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span, trim
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS

__all__ = ["with_joined_behind"]

_JOINT = re.compile(r"[^,.;:\n\"“”]{0,40}, (?:and|but) ")
"""What may stand between a cue and what is joined: "said on Monday, and"."""
_OF_WHO_SPEAKS = frozenset(("he", "she", "it", "they", "i", "we", "who", "which", "that"))
_CONFIDENCE = 0.55


def with_joined_behind(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of clauses that are joined to a content over its source and cue.

    `marks`: the quotes of the text.
    """
    taken = SpanIndex([*marks, *(part for each in found for part in (each.source, each.cue, *each.content) if part)])
    made = []
    for each in found:
        span = _behind(doc, text, each)
        if span is not None and not taken.meets((span,)):
            made.append(replace(each, content=(span,), confidence=min(each.confidence, _CONFIDENCE)))
    return sorted([*found, *made], key=lambda each: each.content[0])


def _behind(doc: Doc, text: str, each: Attribution) -> Span | None:
    if each.cue is None or each.source is None or each.quote_type is not QuoteType.INDIRECT or each.negated:
        return None
    begin, end = min(each.source[0], each.cue[0]), max(each.source[1], each.cue[1])
    if len(each.content) != 1 or each.content[0][1] > begin or text[each.content[0][1] : begin].strip() != ",":
        return None
    match = _JOINT.match(text, end)
    sentence = doc.char_span(*each.cue, alignment_mode="expand")
    if match is None or sentence is None:
        return None
    sent: Phrase = sentence.root.sent
    if not match.end() < sent.end_char or each.content[0][0] < sent.start_char:
        return None
    span = trim(text, (match.end(), sent.end_char))
    clause = doc.char_span(*span, alignment_mode="expand")
    return span if clause is not None and _states(clause) else None


def _states(clause: Phrase) -> bool:
    """Whether words are a clause with its own subject before its verb, and neither question nor order."""
    verb = next((t for t in clause if t.tag_ in FINITE_TAGS), None)
    if verb is None or verb.i == clause.start or clause.text.rstrip().endswith("?"):
        return False
    before = [t for t in clause if t.i < verb.i]
    subject = next((t for t in before if t.dep_ in NOUN_SUBJECTS), None)
    if subject is not None and subject.lower_ in _OF_WHO_SPEAKS:
        return False  # "…, he said, and he would not give a date": the article may say it of him
    has_subject = subject is not None or any(t.pos_ in ("NOUN", "PROPN", "PRON") for t in before)
    return has_subject and not any(t.dep_ == "mark" for t in before[:1])
