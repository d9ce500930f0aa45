"""What a noun of saying is: "the firm's position is that no law was broken", "his advice is to wait"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from worker.extraction.attribution.quote_type import quote_type
from worker.extraction.attribution.sources.speech_nouns import verbs_of_nouns, whose
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside_any, meet, tokens_span, trim
from worker.extraction.syntax.relations import FINITE_TAGS, has_to, is_negated, subtree_without

__all__ = ["with_noun_predicates"]

_CONFIDENCE = 0.65
_GIVERS = frozenset(("by", "from", "among", "of"))
_INSIDE = frozenset(("at", "in", "inside", "within"))
_BODIES = words("described_bodies")
_PLAIN = words("states_of_a_plain_message")
_MIN_WORDS = 2


@cache
def _said_by_nobody() -> frozenset[str]:
    return frozenset(read_table("speech_nouns")["said_by_nobody"]["nouns"].split())


def with_noun_predicates(doc: Doc, text: str, found: Sequence[Attribution], marks: Sequence[Span]) -> list[Attribution]:
    """The attributions `found`, with those of such nouns, which replace others of the same words.

    `marks`: the quotes.
    """
    kept = list(found)
    for made in _each(doc, text, marks):
        cue = made.cue or made.content[0]
        if any(_is_right(each, cue, made) for each in kept):
            continue
        sentence = made.content[0]
        kept = [
            each
            for each in kept
            if not (each.cue is not None and meet(each.cue, cue))
            and not (each.cue is None and any(meet(part, sentence) for part in each.content))
        ]
        kept.append(made)
    return sorted(kept, key=lambda each: each.content[0])


def _is_right(each: Attribution, cue: Span, made: Attribution) -> bool:
    """True if an attribution says the same already, or is said of it: "the problem, she says, is that"."""
    if each.cue is None:
        return False
    if inside_any(cue, each.content) and not meet(each.cue, cue):
        return True
    return meet(each.cue, cue) and each.content[0] == made.content[0] and (each.source is None) == (made.source is None)


def _each(doc: Doc, text: str, marks: Sequence[Span]) -> Iterator[Attribution]:
    verb_of = verbs_of_nouns("with_clause", "with_predicate")
    for noun in doc:
        if noun.pos_ not in ("NOUN", "PROPN") or noun.dep_ != "nsubj" or noun.lemma_.casefold() not in verb_of:
            continue
        be = noun.head
        if be.lemma_ != "be" or be.i < noun.i or is_negated(be) or be.tag_ not in FINITE_TAGS:
            continue
        source = whose(noun, _GIVERS) or _where(noun)
        if source is None and noun.lemma_.casefold() not in _said_by_nobody():
            continue
        content = _content(be)
        if content is None:
            continue
        span = trim(text, tokens_span(content))
        cue = noun.idx, noun.idx + len(noun.text)
        if len(text[slice(*span)].split()) < _MIN_WORDS or (inside_any(cue, marks) and not inside_any(span, marks)):
            continue
        yield Attribution(
            source=trim(text, source) if source is not None else None,
            cue=cue,
            content=(span,),
            quote_type=quote_type((span,), marks),
            lemma=verb_of[noun.lemma_.casefold()],
            is_framed=True,
            confidence=_CONFIDENCE,
        )


def _where(noun: Token) -> Span | None:
    """The body or place in which it is said: "the thinking at the ministry is that"."""
    inside = next((c for c in noun.children if c.lower_ in _INSIDE and c.i > noun.i), None)
    place = next((c for c in inside.children if c.dep_ == "pobj"), None) if inside is not None else None
    if place is None or not (place.ent_type_ in ("ORG", "GPE") or place.lemma_.casefold() in _BODIES):
        return None
    return tokens_span([t for t in subtree_without(place, lambda c: c.dep_ in ("relcl", "acl")) if not t.is_space])


def _content(be: Token) -> list[Token] | None:
    """The clause behind the verb: with "that", with "to", or behind "is clear:"; without the marks at its end."""
    behind = [t for t in be.doc[be.i + 1 : be.sent.end] if not t.is_space]
    if len(behind) < _MIN_WORDS:
        return None
    first = behind[0]
    if first.lower_ in ("that", "to") and first.tag_ in ("IN", "TO", "DT", "WDT"):
        verb = first.head if first.head.i > first.i else None
        if verb is None or not (first.lower_ == "that" or has_to(verb)):
            return None
        begin = 1 if first.lower_ == "that" else 0
        kept = [t for t in behind[begin:] if t.i <= verb.right_edge.i]
        if first.lower_ == "that" and not any(t.tag_ in FINITE_TAGS for t in kept):
            return None
    elif first.lower_ in _PLAIN and behind[1].text == ":":
        kept = behind[2:]
    else:
        return None
    while kept and kept[-1].is_punct and kept[-1].text not in ('"', "”", "»"):
        kept.pop()
    return kept or None
