"""Whether a clause is about what must be done."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.syntax.main_clause import MainClause

__all__ = ["obliges", "regulates"]

_OBLIGING_MODALS = words("obliging_modals")
_OBLIGING_LIFTS = words("obliging_lifts")
_OBLIGING_ADJECTIVES = words("obliging_adjectives")
_OBLIGING_STATE = re.compile(
    r"\b(?:it|this|that) (?:is|was|would be|['’]s) (?:\w+ ){0,2}" + any_of("urgent_states") + r" (?:that|to|for)\b",
    re.IGNORECASE,
)
_REGULATING_MODALS = words("regulating_modals")
_REGULATING_LIFTS = words("regulating_lifts")
_REGULATING_VERBS = words("regulating_verbs")


def obliges(clause: MainClause, verbatim: str) -> bool:
    """As in "troops must leave", "it is imperative that they leave". `verbatim`: the content's own words."""
    if clause.not_yet:
        return False
    if clause.auxiliaries & _OBLIGING_MODALS or not _OBLIGING_LIFTS.isdisjoint(clause.lifted):
        return True
    if clause.lifted == ("be",) and clause.head.tag_ == "VBD":  # "were to leave"; "is to leave" is a plan
        return True
    return _OBLIGING_STATE.match(verbatim.lstrip("\"“‘' ")) is not None or any(
        c.dep_ == "acomp" and c.lower_ in _OBLIGING_ADJECTIVES for c in clause.head.children
    )


def regulates(clause: MainClause) -> bool:
    """Whether a clause of a law lays down a rule, permissions included: "members may withdraw", "is to report"."""
    return (
        not clause.auxiliaries.isdisjoint(_REGULATING_MODALS)
        or not _REGULATING_LIFTS.isdisjoint(clause.lifted)
        or clause.head.lemma_ in _REGULATING_VERBS
    )
