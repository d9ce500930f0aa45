"""The words of a source and of its cue in the parse: the subject of a verb of speech, and the verb's own phrase."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.lexicon.report_verbs import VERBS
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.spans import Span, token_inside, tokens_span
from worker.extraction.syntax.relations import NOUN_SUBJECTS, subtree_without

__all__ = ["cue_span", "is_declined", "source_tokens"]

_MAX_STEPS = 4
"""Verbs looked at on the way up to one that has a subject."""
_RELATIVE = ("who", "which", "that")
_CUE_PARTS = ("aux", "auxpass", "neg", "prt")
_DECLINING = words("declining_cues")


def source_tokens(verb: Token, marks: Sequence[Span]) -> list[Token] | None:
    """The subject of a cue without its relative clauses, or that of the verb it is joined to; None where there is none.

    `marks`: quotes, whose words belong to no source.
    """
    clause: Token | None = verb
    for _ in range(_MAX_STEPS):
        if clause is None:
            break
        for child in clause.children:
            if child.dep_ in NOUN_SUBJECTS and not token_inside(child, marks):
                if child.lower_ in _RELATIVE and clause.dep_ == "relcl":
                    return [clause.head]
                phrase = subtree_without(child, lambda below: below.dep_ == "relcl")
                return [token for token in phrase if not token.is_space and not token_inside(token, marks)]
        if clause.dep_ == "acl" and clause.tag_ == "VBG" and clause.head.pos_ in ("NOUN", "PROPN"):
            phrase = subtree_without(clause.head, lambda below: below.dep_ in ("relcl", "acl"))
            return [token for token in phrase if not token.is_space]
        clause = _clause_with_the_subject(clause, verb)
    return None


def _clause_with_the_subject(clause: Token, cue: Token) -> Token | None:
    """The verb above a clause that may have the subject of its verb: "the bank cut its rate and said"."""
    above = clause.head
    has_auxiliary = any(c.dep_ == "aux" for c in clause.children)  # "said that she knew and had told him": she told him
    if (
        clause.dep_ == "conj"
        and above.dep_ == "ccomp"
        and above.head.lemma_ in VERBS
        and above.i < cue.i
        and not has_auxiliary
    ):
        return above.head  # "said that ... and stressed that": the second cue hangs below the first content
    if clause.dep_ in ("conj", "xcomp", "advcl") and above.pos_ in ("VERB", "AUX"):
        return above
    if clause.dep_ == "pcomp" and clause.tag_ == "VBG" and above.head.pos_ in ("VERB", "AUX"):
        return above.head  # "waited a week before telling"
    return None


def is_declined(verb: Token) -> bool:
    """True if somebody declines to do what the verb says: "declined to comment"."""
    return verb.dep_ == "xcomp" and verb.head.lemma_ in _DECLINING


def cue_span(verb: Token) -> Span:
    """From the first auxiliary of a verb of speech to the verb: "has not said"; from "declined" to "comment"."""
    tokens = [verb, *(c for c in verb.children if c.dep_ in _CUE_PARTS and c.i < verb.i)]
    if is_declined(verb):
        tokens.append(verb.head)
    return tokens_span(tokens)
