"""The noun that a relative clause says more of, where the parse hangs the clause on the wrong one."""

from __future__ import annotations

from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.parse import Token

__all__ = ["described_noun"]

_PLACES_AND_TIMES = ("GPE", "LOC", "FAC", "DATE", "TIME")
_WHO_CAN_ACT = ("PERSON", "ORG", "NORP")
_AUXILIARIES = ("aux", "auxpass")


def described_noun(verb: Token) -> Token:
    """The noun of a relative clause with this verb.

    A plural verb skips a singular noun ("forces of the general, which control"), "who" a place or a time ("Jo Watson,
    from Johannesburg, who has written") and a thing ("talks with the rebels, who refuse").
    """
    noun = verb.head
    if noun.tag_ == "VBG":  # "accessing the sites, which are"
        objects = [c for c in noun.children if c.dep_ == "dobj" and noun.i < c.i < verb.i]
        noun = objects[-1] if objects else noun
    plural = any(t.tag_ == "VBP" for t in (verb, *(c for c in verb.children if c.dep_ in _AUXILIARIES)))
    while plural and noun.tag_ in ("NN", "NNP") and noun.dep_ in ("pobj", "appos", "compound") and noun.head != noun:
        noun = _noun_above(noun)
    is_of_a_person = any(c.lower_ == "who" for c in verb.children)
    is_age = noun.lower_.endswith("old")
    while (
        is_of_a_person
        and not is_age
        and noun.ent_type_ in _PLACES_AND_TIMES
        and noun.dep_ == "pobj"
        and noun.head != noun
    ):
        noun = _noun_above(noun)
    return _somebody_below(noun, verb) if is_of_a_person else noun


def _somebody_below(noun: Token, verb: Token) -> Token:
    """The last person or body of a phrase about a thing, before a verb that has "who"; else the noun itself."""
    if noun.pos_ != "NOUN" or _is_somebody(noun):
        return noun
    return next((t for t in reversed(noun.doc[noun.i + 1 : verb.left_edge.i]) if _is_somebody(t)), noun)


def _is_somebody(noun: Token) -> bool:
    if noun.pos_ == "PROPN":
        return noun.ent_type_ in _WHO_CAN_ACT
    return noun.pos_ == "NOUN" and (noun.lemma_.casefold() in SOMEBODY or is_trade(noun.lemma_.casefold()))


def _noun_above(noun: Token) -> Token:
    above = noun.head
    return above.head if above.pos_ == "ADP" else above
