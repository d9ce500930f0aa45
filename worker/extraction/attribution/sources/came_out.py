"""Attributions of what came out by nobody's mouth: "it emerged on Tuesday that he had not been paid"."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, meet, tokens_span, trim

__all__ = ["with_what_came_out"]

_VERBS = words("verbs_of_coming_out")
_CONFIDENCE = 0.65


def with_what_came_out(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of such clauses that are in no content yet. They have no source.

    `marks`: the quotes of the text.
    """
    made = []
    for verb in doc:
        if verb.lemma_ not in _VERBS or (clause := _clause(verb)) is None:
            continue
        span = trim(text, tokens_span(clause))
        cue = verb.idx, verb.idx + len(verb.text)
        if any(meet(part, span) for each in found for part in (*each.content, each.cue or each.content[0])):
            continue
        made.append(
            Attribution(
                source=None,
                cue=cue,
                content=(span,),
                quote_type=quote_type((span,), marks),
                lemma=verb.lemma_,
                confidence=_CONFIDENCE,
            )
        )
    return sorted([*found, *made], key=lambda each: each.content[0]) if made else list(found)


def _clause(verb: Token) -> list[Token] | None:
    """The clause with "that" of a verb whose subject is an empty "it"; "turn" needs its "out"."""
    if verb.lemma_ == "turn" and not any(c.lower_ == "out" and c.i == verb.i + 1 for c in verb.children):
        return None
    if not any(c.lower_ == "it" and c.i < verb.i for c in verb.children) or any(c.dep_ == "neg" for c in verb.children):
        return None
    below = next((c for c in verb.children if c.dep_ in ("ccomp", "advcl", "acl", "relcl") and c.i > verb.i), None)
    that = (
        next((c for c in below.children if c.lower_ == "that" and c.dep_ == "mark"), None)
        if below is not None
        else None
    )
    if below is None or that is None:
        return None
    return [t for t in below.subtree if t.i > that.i and not t.is_space] or None
