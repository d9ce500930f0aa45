"""Refusals without an infinitive: "the office would not comment", "his agent had no comment", "she said nothing"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worker.contract.claim import QuoteType
from worker.extraction.attribution.sources.source_phrase import source_tokens
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, meet, tokens_span
from worker.extraction.syntax.relations import is_negated

__all__ = ["with_refusals"]

_COMMENTING = words("verbs_of_refused_answers")
_WILL = frozenset(("will", "would", "wo", "'ll", "’ll", "'d", "’d"))
_CONFIDENCE = 0.7


def with_refusals(doc: Doc, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of refusals in whose sentence no other has their words.

    `marks`: the quotes of the text.
    """
    made = [
        each
        for each in _refusals(doc, marks)
        if not any(
            meet(part, each.content[0]) or (known.cue is not None and meet(known.cue, each.content[0]))
            for known in found
            for part in known.content
        )
    ]
    return sorted([*found, *made], key=lambda each: each.content[0])


def _refusals(doc: Doc, marks: Sequence[Span]) -> Iterator[Attribution]:
    for token in doc:
        refused = _would_not(token) or _had_none(token) or _said_nothing(token)
        if refused is None:
            continue
        source = source_tokens(token if token.pos_ == "VERB" else token.head, marks)
        if source is None or any(t.lower_ in ("no", "neither", "none", "nobody") for t in source[:1]):
            continue
        cue, content = (tokens_span(part) for part in refused)
        yield Attribution(
            source=tokens_span(source),
            cue=cue,
            content=(content,),
            quote_type=QuoteType.INDIRECT,
            lemma=refused[0][0].lemma_,
            confidence=_CONFIDENCE,
        )


def _would_not(verb: Token) -> tuple[list[Token], list[Token]] | None:
    """ "would not | comment": cue and content."""
    if verb.lemma_ not in _COMMENTING or verb.pos_ != "VERB" or not is_negated(verb):
        return None
    will = next((c for c in verb.children if c.lower_ in _WILL and c.dep_ == "aux"), None)
    if will is None:
        return None
    return list(verb.doc[will.i : verb.i]), [verb]


def _had_none(noun: Token) -> tuple[list[Token], list[Token]] | None:
    """ "had | no comment"."""
    verb = noun.head
    if noun.lemma_ != "comment" or noun.dep_ != "dobj" or verb.lemma_ != "have":
        return None
    no = next((c for c in noun.children if c.lower_ == "no"), None)
    return ([verb], [no, noun]) if no is not None else None


def _said_nothing(verb: Token) -> tuple[list[Token], list[Token]] | None:
    """ "said | nothing" and nothing else: "said nothing had changed" was said, "said nothing about it" has a topic."""
    if verb.lemma_ != "say" or verb.pos_ != "VERB" or is_negated(verb):
        return None
    nothing = next((c for c in verb.children if c.lower_ == "nothing" and c.dep_ == "dobj"), None)
    if nothing is None or list(nothing.children) or any(c.dep_ in ("ccomp", "prep", "xcomp") for c in verb.children):
        return None
    return [verb], [nothing]
