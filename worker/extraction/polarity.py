"""Polarity: whether the main clause of a content is negated. On the parse; on words alone where there is no clause."""

from __future__ import annotations

import re
from typing import Any

from worker.contract.claim import Act, Polarity
from worker.extraction.clause import SUBJECTS, MainClause
from worker.extraction.cue import Cue
from worker.extraction.lexicon import lexicon

__all__ = ["RAISES", "denies", "left_open", "negates_content", "negative", "polarity"]

_NEGATORS = frozenset(["not", "n't", "n’t", "never", "nor", "nowhere"])
_NONE = frozenset(["no", "neither"])
_NOBODY = frozenset(["nobody", "none", "nothing", "neither", "no-one"])
_OPEN = re.compile(
    r"\b(?:can|could|would|will|do(?:es)?|did|is|are|was|were|has|have|had)?(?:\s*not|n['’]t)\b(?:\s+\w+){0,3}?\s+"
    r"(?:(?:rul(?:e|es|ed|ing)|be ruled) out|exclud(?:e|ed|ing)|discount(?:ed|ing)?|impossible|inconceivable|unthinkable|out of the question)\b",
    re.IGNORECASE,
)
_DOUBTLESS = re.compile(
    r"\b(?:no (?:doubt|question|secret|wonder|surprise|accident|coincidence)|not (?:only|just|merely|least|to mention)|nothing but|no (?:fewer|less|more) than|"
    r"(?:can not|ca n['’]t) (?:wait|help)|no sooner)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"^(?:no|not|never|neither|nobody|none|nothing)\b", re.IGNORECASE)
RAISES = frozenset("think believe expect suppose imagine feel see want intend consider".split())
"""A negation at these belongs to what is thought."""
_WHOLE = frozenset(
    [
        "all",
        "every",
        "everyone",
        "everybody",
        "everything",
        "always",
        "enough",
        "many",
        "much",
        "a",
        "any",
        "one",
        "single",
        "even",
    ]
)


def polarity(clauses: list[MainClause], words: str, *, denied: bool = False, cue_negates: bool = False) -> Polarity:
    """Negative where the main clause is, or where its source denies it.

    `denied`: the cue denies the content ("denied that", "ruled out"). `cue_negates`: the negation stands at the cue and
    belongs to the content ("does not think that"). Two negations make a positive.
    """
    if left_open(words):
        return Polarity.POSITIVE
    own = negative(clauses[0]) if clauses else bool(_WORDS.match(words.lstrip("\"“”'‘ ")))
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


def left_open(words: str) -> bool:
    """Whether a negation leaves a thing possible: "cannot completely rule out", "it is not impossible"."""
    return bool(_OPEN.search(words))


def negative(clause: MainClause) -> bool:
    """Whether the clause's own verb, subject or object is negated; clauses below it do not count."""
    if clause.form == "fragment":
        return _negated_noun(clause.head) or clause.tokens[0].lower_ in _NEGATORS
    negations = {n.i for token in clause.chain for n in _negations(token)}
    if not negations:
        return False
    words = [t.lower_ for t in clause.tokens]
    starts, length = {}, 0
    for token, word in zip(clause.tokens, words, strict=True):
        starts[length] = token.i
        length += len(word) + 1
    for match in _DOUBTLESS.finditer(" ".join(words)):
        negations -= {i for at, i in starts.items() if match.start() <= at < match.end()}
    return len(negations) % 2 == 1 if len(negations) < 3 else True


def _negations(verb: Any) -> list[Any]:
    found = []
    for child in verb.children:
        word = child.lower_
        if (
            child.dep_ == "neg"
            or (word in _NEGATORS and child.dep_ in ("advmod", "preconj", "cc", "dep"))
            or (word == "longer" and any(c.lower_ == "no" for c in child.children))
        ):
            found.append(child)
        elif child.dep_ in (*SUBJECTS, "dobj", "attr", "oprd", "dative", "npadvmod") or (
            child.dep_ == "acomp" and child.pos_ in ("NOUN", "PRON", "ADJ")
        ):
            if word in _NOBODY or _negated_noun(child):
                found.append(child)
        elif child.dep_ in ("prep", "agent") and any(c.dep_ == "pobj" and _negated_noun(c) for c in child.children):
            found.append(child)  # "in no way", "under no circumstances", "at no point"
    return found


def _negated_noun(noun: Any) -> bool:
    """As in "no soldiers", "neither side", "not all schools", "none of them", "no one"."""
    if noun.lower_ in _NOBODY or (noun.lower_ == "one" and noun.i > 0 and noun.nbor(-1).lower_ == "no"):
        return True
    for child in noun.children:
        if child.i > noun.i:
            continue
        if child.lower_ in _NONE and child.dep_ in ("det", "preconj", "neg", "amod", "advmod", "nummod"):
            return True
        if child.lower_ == "zero" and child.dep_ == "nummod":
            return True
        if child.lower_ == "not" and any(c.lower_ in _WHOLE for c in noun.subtree if c.i > child.i):
            return True
        if child.dep_ in ("det", "nummod", "amod", "predet") and any(c.lower_ == "not" for c in child.children):
            return True
    return False
