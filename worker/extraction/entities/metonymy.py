"""Tells whether a capital means its government: "Moscow said", "talks with Tehran", but "in Moscow"."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token

__all__ = ["means_government"]

_ACTS = words("acts_of_government")
_TOLD = words("acts_on_government")
_HAS = words("of_government")
_BETWEEN = words("between_governments")
_ON = words("put_on_government")
_TO = words("sent_to_government")


def means_government(token: Token) -> bool:
    """Whether the capital means its government; `token` is the last word of its name in the parse."""
    seen = token
    for _ in range(3):  # "Moscow and Ankara agreed"
        if seen.dep_ != "conj" or seen.head.pos_ != "PROPN":
            break
        seen = seen.head
    head = seen.head
    match seen.dep_:
        case "nsubj":
            return head.lemma_.casefold() in _ACTS or (head.lemma_ in ("be", "have") and _would_act(head))
        case "poss" | "compound":
            return head.lemma_.casefold() in _HAS
        case "dobj":
            return head.lemma_.casefold() in _TOLD
        case "pobj":
            return _after(head)
        case _:
            return False


def _would_act(verb: Token) -> bool:
    """ "Moscow is ready to", "has accused"; not "Paris is beautiful"."""
    return any(
        c.dep_ in ("xcomp", "acomp") and (c.pos_ == "VERB" or any(g.dep_ == "xcomp" for g in c.children))
        for c in verb.children
    )


def _after(preposition: Token) -> bool:
    governor = preposition.head
    lemma = governor.lemma_.casefold()
    match preposition.lower_:
        case "between" | "with" | "against":
            return lemma in _BETWEEN or lemma in _ACTS
        case "by":
            return governor.tag_ == "VBN" and lemma in _ACTS
        case "on":
            return lemma in _ON
        case "to":
            return lemma in _TO
        case _:
            return False
