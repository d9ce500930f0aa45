"""Polarity: whether the main clause of a content is negated. On the parse; on words alone where there is no clause."""

from __future__ import annotations

import re
from functools import lru_cache

from worker.contract.claim import Act, Polarity
from worker.extraction.clause import MainClause
from worker.extraction.cue import Cue
from worker.extraction.lexicon import lexicon

__all__ = ["RAISES", "denies", "left_open", "negates_content", "polarity"]

_OPEN = re.compile(
    r"\b(?:can|could|would|will|do(?:es)?|did|is|are|was|were|has|have|had)?(?:\s*not|n['’]t)\b(?:\s+\w+){0,3}?\s+"
    r"(?:(?:rul(?:e|es|ed|ing)|be ruled) out|exclud(?:e|ed|ing)|discount(?:ed|ing)?|impossible|inconceivable|unthinkable|out of the question)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"^(?:no|not|never|neither|nobody|none|nothing)\b", re.IGNORECASE)
RAISES = frozenset("think believe expect suppose imagine feel see want intend consider".split())
"""A negation at these belongs to what is thought."""


def polarity(clauses: list[MainClause], words: str, *, denied: bool = False, cue_negates: bool = False) -> Polarity:
    """Negative where the main clause is, or where its source denies it.

    `denied`: the cue denies the content ("denied that", "ruled out"). `cue_negates`: the negation stands at the cue and
    belongs to the content ("does not think that"). Two negations make a positive.
    """
    if left_open(words):
        return Polarity.POSITIVE
    own = clauses[0].negative if clauses else bool(_WORDS.match(words.lstrip("\"“”'‘ ")))
    outer = denied or cue_negates
    return Polarity.NEGATIVE if own != outer else Polarity.POSITIVE


def denies(cue: Cue) -> bool:
    """Whether the cue itself denies: "denied that", "rejected the claim", "ruled out". Under "said" the content is negative."""
    if cue.head is None:
        return False
    known = lexicon()
    phrase = known.phrase(cue.lemmas, cue.length)
    acts = {known.verbs.get(cue.lemma), known.nouns.get(cue.head.lemma_) if cue.head.pos_ == "NOUN" else None}
    return cue.lemma in ("rule_out", "reject") or Act.DENY in acts or (phrase is not None and phrase[1] is Act.DENY)


def negates_content(cue: Cue) -> bool:
    """Whether a negation at the cue is one of the content: "does not think that the bridge is safe"."""
    return cue.negated and cue.lemma in RAISES


@lru_cache(maxsize=64)
def left_open(words: str) -> bool:
    """Whether a negation leaves a thing possible: "cannot completely rule out", "it is not impossible"."""
    return bool(_OPEN.search(words))
