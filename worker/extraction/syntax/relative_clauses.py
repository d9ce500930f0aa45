"""The noun that a relative clause says more of, where the parse hangs the clause on the wrong one."""

from __future__ import annotations

from worker.extraction.parse import Token

__all__ = ["described_noun"]

_PLACES_AND_TIMES = ("GPE", "LOC", "FAC", "DATE", "TIME")
_AUXILIARIES = ("aux", "auxpass")


def described_noun(verb: Token) -> Token:
    """The noun of a relative clause with this verb.

    A plural verb skips a singular noun ("forces of the general, which control"), "who" a place or a time ("Jo Watson,
    from Johannesburg, who has written").
    """
    noun = verb.head
    if noun.tag_ == "VBG":  # "accessing the sites, which are"
        objects = [c for c in noun.children if c.dep_ == "dobj" and noun.i < c.i < verb.i]
        noun = objects[-1] if objects else noun
    plural = any(t.tag_ == "VBP" for t in (verb, *(c for c in verb.children if c.dep_ in _AUXILIARIES)))
    while plural and noun.tag_ in ("NN", "NNP") and noun.dep_ in ("pobj", "appos", "compound") and noun.head != noun:
        noun = _noun_above(noun)
    is_of_a_person = any(c.lower_ == "who" for c in verb.children)
    while is_of_a_person and noun.ent_type_ in _PLACES_AND_TIMES and noun.dep_ == "pobj" and noun.head != noun:
        noun = _noun_above(noun)
    return noun


def _noun_above(noun: Token) -> Token:
    above = noun.head
    return above.head if above.pos_ == "ADP" else above
