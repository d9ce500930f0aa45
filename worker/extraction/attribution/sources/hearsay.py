"""Hearsay: what is reported in the passive, by sources without a name, or under an adverb such as "reportedly"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span, tokens_span, trim
from worker.extraction.syntax.relations import is_passive

__all__ = ["by_nobody", "is_hearsay", "is_hedge_alone", "is_hedged", "is_verb_of_hearsay"]

_VERBS = words("verbs_of_hearsay")
_HEDGES = words("possible_adverbs") | words("probable_adverbs")
_SEEMING = frozenset(("appear", "seem"))
_RAISING = words("verbs_with_empty_it")


def is_hearsay(verb: Token) -> bool:
    """Whether a cue reports in the passive what nobody is named for: "is said to", "it was reported that"."""
    return verb.lemma_ in _VERBS and is_passive(verb) and not any(c.dep_ == "agent" for c in verb.children)


def is_verb_of_hearsay(verb: Token) -> bool:
    return verb.lemma_ in _VERBS


def is_hedge_alone(cue: Phrase) -> bool:
    """Whether a cue is only a hedge: "The firm reportedly paid" is not said by the firm, "it appears" by nobody."""
    words_of_cue = [token for token in cue if token.is_alpha]
    return bool(words_of_cue) and all(
        token.lower_ in _HEDGES or token.lower_ == "it" or token.lemma_ in _SEEMING for token in words_of_cue
    )


def is_hedged(content: Sequence[Token]) -> bool:
    """Whether an adverb such as "allegedly" hedges what nobody is said to have said."""
    return any(token.lower_ in _HEDGES and token.dep_ == "advmod" for token in content)


def by_nobody(doc: Doc, text: str, each: Attribution) -> Attribution:
    """An attribution of hearsay without the subject of its passive for a source: "the mayor is thought to favour a
    tunnel" tells what the mayor is said to do, and the "it" of "it has been claimed that" is nobody.
    """
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    if cue is None:
        return each
    source = doc.char_span(*each.source, alignment_mode="expand") if each.source else None
    if source is not None and source.text.casefold() in ("it", "there"):
        if source.text.casefold() == "there" or any(is_hearsay(t) or t.lemma_ in _RAISING for t in cue):
            return replace(each, source=None)
        return each
    verb = next((t for t in cue if is_passive(t) and not any(c.dep_ == "agent" for c in t.children)), None)
    subject = next((c for c in verb.children if c.dep_ == "nsubjpass"), None) if verb is not None else None
    if verb is None or subject is None:
        return each
    if subject.lower_ == "it" and source is None:
        return _without(text, each, subject)
    if source is not None and is_hearsay(verb) and source[0].idx <= subject.idx < source[-1].idx + len(source[-1].text):
        behind = doc.char_span(*each.content[0], alignment_mode="expand")
        if behind is not None and behind[0].i > verb.i and behind[0].lower_ == "to":
            return replace(each, source=None, content=(trim(text, _whole(subject)), *each.content))
    return each


def _whole(noun: Token) -> Span:
    return tokens_span([t for t in noun.subtree if not t.is_space])


def _without(text: str, each: Attribution, expletive: Token) -> Attribution:
    """Without the "it" of "it is alleged" among what is said."""
    at = expletive.idx, expletive.idx + len(expletive.text)
    parts: list[Span] = []
    for start, end in each.content:
        if not (start <= at[0] and at[1] <= end):
            parts.append((start, end))
        elif end == at[1] and start < at[0]:
            parts.append(trim(text, (start, at[0])))
        elif start == at[0] and end > at[1]:
            parts.append(trim(text, (at[1], end)))
        elif (start, end) != at:
            parts.append((start, end))
    return replace(each, content=tuple(parts)) if parts else each
