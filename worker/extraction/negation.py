"""Negation in the parse: what of a clause is negated by its own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

__all__ = ["NEGATORS", "negated", "negated_noun"]

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
NEGATORS = frozenset(["not", "n't", "n’t", "never", "nor", "nowhere"])
_NONE = frozenset(["no", "neither"])
_NOBODY = frozenset(["nobody", "none", "nothing", "neither", "no-one"])
_DOUBTLESS = re.compile(
    r"\b(?:no (?:doubt|question|secret|wonder|surprise|accident|coincidence)|not (?:only|just|merely|least|to mention)|nothing but|no (?:fewer|less|more) than|"
    r"(?:can not|ca n['’]t) (?:wait|help)|no sooner)\b",
    re.IGNORECASE,
)
_WHOLE = frozenset("all every everyone everybody everything always enough many much a any one single even".split())


def negated(verbs: Sequence[Any], tokens: Sequence[Any]) -> bool:
    """Whether one of the verbs, its subject or object is negated, an odd number of times; clauses below do not count.

    `tokens`: the clause's, in which "no doubt" and "not only" are looked for.
    """
    negations = {n.i for token in verbs for n in _negations(token)}
    if not negations:
        return False
    words = [t.lower_ for t in tokens]
    starts, length = {}, 0
    for token, word in zip(tokens, words, strict=True):
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
            or (word in NEGATORS and child.dep_ in ("advmod", "preconj", "cc", "dep"))
            or (word == "longer" and any(c.lower_ == "no" for c in child.children))
        ):
            found.append(child)
        elif child.dep_ in (*_SUBJECTS, "dobj", "attr", "oprd", "dative", "npadvmod") or (
            child.dep_ == "acomp" and child.pos_ in ("NOUN", "PRON", "ADJ")
        ):
            if word in _NOBODY or negated_noun(child):
                found.append(child)
        elif child.dep_ in ("prep", "agent") and any(c.dep_ == "pobj" and negated_noun(c) for c in child.children):
            found.append(child)  # "in no way", "under no circumstances", "at no point"
    return found


def negated_noun(noun: Any) -> bool:
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
