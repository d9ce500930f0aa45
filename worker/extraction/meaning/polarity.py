"""Polarity: whether the main clause of a content is negated, by the parse; without a clause, by its first word."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from worker.contract.claim import Act, Polarity
from worker.extraction.attribution.cue import Cue
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.is_speaker import FIRST_PERSON
from worker.extraction.syntax.main_clause import MainClause

__all__ = [
    "RAISES",
    "calls_it_something",
    "denies",
    "is_not_found",
    "left_open",
    "negates_content",
    "polarity",
    "refuses_to_rule_out",
]

_LEFT_OPEN = re.compile(
    r"\b(?:can|could|would|will|do(?:es)?|did|is|are|was|were|has|have|had)?(?:\s*not|n['’]t)\b(?:\s+\w+){0,3}?\s+"
    r"(?:(?:rul(?:e|es|ed|ing)|be ruled) out|exclud(?:e|ed|ing)|discount(?:ed|ing)?|"
    r"impossible|inconceivable|unthinkable|out of the question)\b",
    re.IGNORECASE,
)
_NAMING = words("naming_cues")
_REFUSING = words("declining_cues")
_PLEA = re.compile(r"not guilty\b", re.IGNORECASE)
_BEGINS_NEGATIVE = re.compile(
    r"^(?:no|not|never|neither|nobody|none|nothing|hardly|scarcely|barely|few)\b", re.IGNORECASE
)
RAISES = words("negation_raising_verbs")
"""A negation at these verbs belongs to what is thought: "does not think that the bridge is safe"."""

_FINDING = words("verbs_of_finding")
"""Verbs whose negation says that it is not so, for all that was found: "could not show that the drug works"."""


def polarity(clauses: list[MainClause], verbatim: str, *, denied: bool = False, cue_negates: bool = False) -> Polarity:
    """Negative where the main clause is negative, or where its source denies it.

    `verbatim`: the content's own words. `denied`: the cue denies the content ("denied that", "ruled out").
    `cue_negates`: a negation of the cue belongs to the content ("does not think that"). Two negations make a positive.
    """
    if left_open(verbatim):
        return Polarity.POSITIVE
    if denied and _PLEA.match(verbatim):
        return Polarity.NEGATIVE  # "pleaded | not guilty": the "not" is that of the denial
    own = (
        clauses[0].negative != _doubts(clauses[0])
        if clauses
        else bool(_BEGINS_NEGATIVE.match(verbatim.lstrip("\"“”'‘ ")))
    )
    outer = denied or cue_negates
    return Polarity.NEGATIVE if own != outer else Polarity.POSITIVE


def _doubts(clause: MainClause) -> bool:
    """ "I doubt the roof will hold", "we deny the claim"."""
    by_speaker = clause.subject is not None and clause.subject.lower_ in FIRST_PERSON
    return by_speaker and lexicon().verbs.get(clause.head.lemma_) is Act.DENY


def denies(cue: Cue) -> bool:
    """Whether the cue itself denies: "denied that", "rejected the claim", "ruled out"; "said there was no" does not."""
    if cue.head is None or refuses_to_rule_out(cue) or calls_it_something(cue):
        return False
    known = lexicon()
    phrase = known.phrase(cue.lemmas, cue.length)
    acts = {known.verbs.get(cue.lemma), known.nouns.get(cue.head.lemma_) if cue.head.pos_ == "NOUN" else None}
    return cue.lemma in ("rule_out", "reject") or Act.DENY in acts or (phrase is not None and phrase[1] is Act.DENY)


def calls_it_something(cue: Cue) -> bool:
    """ "Dismissed the suit as a farce": that it is a farce is said, and not denied."""
    return cue.lemma in _NAMING and "as" in cue.lemmas[cue.length :]


def refuses_to_rule_out(cue: Cue) -> bool:
    """ "Refused to rule out a strike": it is possible."""
    words_of_cue = cue.lemmas[: cue.length + 3]
    return ("rule", "out") in pairwise(words_of_cue) and not _REFUSING.isdisjoint(words_of_cue)


def negates_content(cue: Cue, clauses: list[MainClause]) -> bool:
    """Whether a negation at the cue is one of the content: "does not think that the bridge is safe", "did not find that
    it was".
    """
    return cue.negated and (cue.lemma in RAISES or is_not_found(cue, clauses))


def is_not_found(cue: Cue, clauses: list[MainClause]) -> bool:
    """Whether a cue says of what stands behind it that it was not found to be so."""
    if not cue.negated or cue.head is None or cue.lemma not in _FINDING or not clauses:
        return False
    return not clauses[0].question and clauses[0].head.i > cue.head.i


@lru_cache(maxsize=64)
def left_open(verbatim: str) -> bool:
    """Whether a negation leaves a thing possible: "cannot completely rule out", "it is not impossible"."""
    return _LEFT_OPEN.search(verbatim) is not None
