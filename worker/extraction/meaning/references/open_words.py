"""Which pronouns a reader of some words alone understands: those with a noun before them that they can mean."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.speakers.subject_above import clause_of
from worker.extraction.syntax.expletives import is_expletive
from worker.extraction.syntax.relations import NOUN_SUBJECTS, has_subject, subject_of, subtree_without

__all__ = [
    "OPEN",
    "OWNERS",
    "PERSONAL",
    "SOME_OF",
    "is_explained",
    "is_of_several",
    "is_open_pronoun",
    "is_place_or_time_before",
    "names_place",
    "names_time",
]

OPEN = frozenset({"this", "that", "these", "those", "it", "they"})
"""Subjects that a reader of the claim alone does not understand."""
OWNERS = frozenset({"its", "their", "his", "her"})
PERSONAL = frozenset({"it", "they", "he", "she"}) | OWNERS
"""Pronouns that a name is put for where it is sure."""
_OF_A_THING = frozenset({"it", "its"})
_OF_SEVERAL = frozenset({"they", "them", "their"})
_OF_A_PERSON = frozenset({"he", "him", "his", "she", "her"})
_PEOPLE = words("roles") | words("described_people") | words("words_for_women") | words("words_for_men")
_WHOEVER = words("words_for_whoever")
_NO_THINGS = ("DATE", "TIME", "PERSON", "ORDINAL", "PERCENT", "MONEY")
_TO_ANOTHER = frozenset("against at for from of to".split())
_STATES = ("ccomp", "xcomp", "acomp", "oprd")
_SOME_OF_ALONE = frozenset("both neither latter former".split())
SOME_OF = _SOME_OF_ALONE | frozenset("one two three four five six none some many most several each all half".split())
"""Words for some of what was named before, alone or with "of them"."""
_PLACES = ("GPE", "LOC", "FAC")
_WHERE = frozenset("at from in inside into near on outside to".split())


def is_open_pronoun(token: Token) -> bool:
    """True for a third-person pronoun that stands for somebody or something: not the "it" of "makes it hard to"."""
    if token.tag_ not in ("PRP", "PRP$") or token.lower_ not in _OF_A_THING | _OF_SEVERAL | _OF_A_PERSON:
        return False
    if token.lower_ != "it" or token.dep_ in (*NOUN_SUBJECTS, "expl"):
        return not is_expletive(token)
    behind = (c for c in token.head.children if c.i > token.i and c.dep_ in _STATES)
    return token.dep_ in ("dobj", "pobj") and all(c.dep_ == "oprd" and c.pos_ == "NOUN" for c in behind)


def is_of_several(token: Token) -> bool:
    """True for "both", "neither", "the latter" and "one of them": some of what was named before."""
    if token.lower_ not in SOME_OF or token.pos_ == "ADV":
        return False
    children = [c for c in token.children if c.dep_ not in ("punct", "det", "advmod", "cc", "preconj")]
    of_them = [o.lower_ for c in children if c.lower_ == "of" for o in c.children]
    if token.lower_ in _SOME_OF_ALONE and not children:
        return token.lower_ not in ("latter", "former") or any(c.lower_ == "the" for c in token.children)
    return len(children) == 1 and of_them in (["them"], ["these"], ["those"])


def is_place_or_time_before(token: Token) -> bool:
    """True for the "there" of "worked there" and the "then" of "had 900 people then": told before."""
    if token.tag_ != "RB" or token.dep_ != "advmod" or list(token.children):
        return False
    if token.lower_ == "there":
        return token.i > 0 and token.nbor(-1).lower_ not in ("out", "over", "up", "down", "in", "here")
    if token.lower_ != "then" or token.head.i > token.i or token.head.pos_ not in ("VERB", "AUX"):
        return False
    is_last = token.i + 1 == len(token.doc) or token.nbor().is_punct
    return is_last and token.nbor(-1).text != ","


def names_place(token: Token) -> bool:
    """True for a place, and for a thing behind "in" or "to" or as a subject, where somebody can be."""
    if token.ent_type_ in _PLACES:
        return True
    if token.pos_ not in ("NOUN", "PROPN") or token.ent_type_ in _NO_THINGS or token.lemma_.casefold() in _PEOPLE:
        return False
    if token.dep_ == "pobj":
        return token.head.lower_ in _WHERE
    return token.dep_ in NOUN_SUBJECTS and any(c.dep_ == "det" for c in token.children)


def names_time(token: Token) -> bool:
    return token.ent_type_ == "DATE"


def is_explained(pronoun: Token, before: Sequence[Token]) -> bool:
    """Whether one of the words before a pronoun can be what it means, by number and kind.

    An object is not the subject of its own clause: "Falk threw it at him".
    """
    word = pronoun.lower_
    above = _nouns_above(pronoun)
    before = [t for t in before if t.i not in above]
    if pronoun.tag_ == "PRP" and _is_object(pronoun):
        own = {t.i for t in _own_subject(pronoun)}
        before = [t for t in before if t.i not in own]
    if word in ("its", "their") and any(t.pos_ == "PROPN" for t in before):
        return True  # names of countries are often taken for people
    can_mean = _is_thing if word in _OF_A_THING else _is_some if word in _OF_SEVERAL else _is_person
    return any(can_mean(t) for t in before)


def _nouns_above(pronoun: Token) -> set[int]:
    """The nouns of whose phrase a pronoun is a part: "all of them", "the idea behind his statement"."""
    above: set[int] = set()
    at = pronoun
    while at.dep_ in ("poss", "pobj", "prep") and at.head.pos_ not in ("VERB", "AUX"):
        at = at.head
        above.add(at.i)
    return above


def _is_object(pronoun: Token) -> bool:
    """True for an object of a verb, also behind a preposition that asks for another than its subject: "at him"."""
    if pronoun.dep_ == "pobj":
        above = pronoun.head.head
        return pronoun.head.lower_ in _TO_ANOTHER and (above.pos_ == "VERB" or above.dep_ == "dobj")
    return pronoun.dep_ in ("dobj", "dative")


def _own_subject(pronoun: Token) -> list[Token]:
    """The words of the subject of a pronoun's clause that name it."""
    verb = clause_of(pronoun)
    while verb.dep_ == "conj" and not has_subject(verb) and verb.head.pos_ in ("VERB", "AUX"):
        verb = verb.head
    subject = subject_of(verb)
    if subject is None:
        return []
    return subtree_without(subject, lambda t: t.dep_ not in ("compound", "conj", "flat", "nmod"))


def _is_thing(token: Token) -> bool:
    if token.pos_ == "NOUN" and token.lemma_.casefold() in _PEOPLE:
        return False
    return token.tag_ in ("NN", "NNP", "VBG") and token.dep_ != "compound" and token.ent_type_ not in _NO_THINGS


def _is_some(token: Token) -> bool:
    """True for several, for a body, and for somebody of whom nobody says whether it is he or she."""
    if token.tag_ in ("NNS", "NNPS") or token.ent_type_ in ("NORP", "ORG") or token.lower_ in _WHOEVER:
        return True
    return token.pos_ in ("NOUN", "PROPN") and (bool(token.conjuncts) or token.lemma_.casefold() in _PEOPLE)


def _is_person(token: Token) -> bool:
    """True also for other names: a surname alone is often taken for a body or a place."""
    if token.pos_ == "PROPN":
        return token.dep_ != "compound" or token.ent_type_ == "PERSON"
    noun = token.lemma_.casefold()
    return token.lower_ in _WHOEVER or (token.pos_ == "NOUN" and (noun in _PEOPLE or is_trade(noun)))
