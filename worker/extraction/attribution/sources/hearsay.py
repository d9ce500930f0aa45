"""Hearsay: what is reported in the passive, by sources without a name, or under an adverb such as "reportedly"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.syntax.relations import is_passive

__all__ = ["is_hearsay", "is_hedge_alone", "is_hedged", "without_expletive"]

_VERBS = words("verbs_of_hearsay")
_HEDGES = words("possible_adverbs") | words("probable_adverbs")
_SEEMING = frozenset(("appear", "seem"))
_RAISING = words("verbs_with_empty_it")


def is_hearsay(verb: Token) -> bool:
    """Whether a cue reports in the passive what nobody is named for: "is said to", "it was reported that"."""
    return verb.lemma_ in _VERBS and is_passive(verb) and not any(c.dep_ == "agent" for c in verb.children)


def is_hedge_alone(cue: Phrase) -> bool:
    """Whether a cue is only a hedge: "The firm reportedly paid" is not said by the firm, "it appears" by nobody."""
    words_of_cue = [token for token in cue if token.is_alpha]
    return bool(words_of_cue) and all(
        token.lower_ in _HEDGES or token.lower_ == "it" or token.lemma_ in _SEEMING for token in words_of_cue
    )


def is_hedged(content: Sequence[Token]) -> bool:
    """Whether an adverb such as "allegedly" hedges what nobody is said to have said."""
    return any(token.lower_ in _HEDGES and token.dep_ == "advmod" for token in content)


def without_expletive(doc: Doc, each: Attribution) -> Attribution:
    """An attribution without the "it" of "it has been claimed that", which is nobody, for a source."""
    if each.source is None or each.cue is None:
        return each
    source = doc.char_span(*each.source, alignment_mode="expand")
    cue = doc.char_span(*each.cue, alignment_mode="expand")
    if source is None or cue is None or source.text.casefold() not in ("it", "there"):
        return each
    if any(is_hearsay(token) or token.lemma_ in _RAISING for token in cue):
        return replace(each, source=None)
    return each
