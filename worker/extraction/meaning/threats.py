"""Whether what a speaker will do is a threat: it harms somebody, or it is set against what others do or leave."""

from __future__ import annotations

from worker.contract.claim import Source
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.speakers.pronouns import NOMINATIVE, refers_to
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import NOUN_SUBJECTS, is_negated, subject_of

__all__ = ["goes_to_law", "harms_somebody", "is_own_side", "is_ultimatum", "sets_condition", "threatens"]

_PEOPLE = SOMEBODY | words("plain_people_and_bodies") | words("nouns_of_any_firm") | words("described_people")
_NAMES = ("PERSON", "ORG", "GPE", "NORP")
_THINGS = frozenset(("it", "this", "that", "itself"))
_NATURE = words("forces_of_nature")
_DEMANDED = words("things_demanded")
_OWN_SIDES = words("own_sides")


def harms_somebody(main: MainClause) -> bool:
    """Whether harm is done to somebody or where he lives: "kill the hostages", not "kill the scene", "attack early"."""
    lemma, known = main.verb.lemma_, lexicon()
    if lemma in ("fire", "shoot") and any(_is_at_somebody(c) for c in main.verb.children):
        return True
    if any(c.dep_ == "prt" for c in main.verb.children) or lemma not in known.harm:
        return False
    if lemma not in known.harm_of_somebody:
        return True
    objects = [c for c in main.verb.children if c.dep_ in ("dobj", "nsubjpass")]
    return any(_is_somebody(c) or c.lemma_.casefold() in known.harmed_things for c in objects)


def threatens(main: MainClause) -> bool:
    """Whether what somebody vows harms: "to kill the hostages", "to stop every train if the cooks are sacked"."""
    known = lexicon()
    if is_negated(main.head):
        return False
    return harms_somebody(main) or (main.verb.lemma_ in known.harm_under_condition and sets_condition(main))


def goes_to_law(main: MainClause) -> bool:
    """ "Take legal action", "see him in court": harm where a condition is set."""
    if main.verb.lemma_ not in ("take", "go", "see", "meet", "start", "begin", "launch"):
        return False
    below = [t for c in main.verb.children if c.dep_ in ("dobj", "prep") for t in c.subtree]
    has_law = any(t.lemma_.casefold() in lexicon().harm_at_law for t in below)
    return has_law and (main.verb.lemma_ != "take" or any(t.lower_ in ("legal", "court", "law") for t in below))


def is_ultimatum(main: MainClause) -> bool:
    """ "Leave or we will shoot", "pay or face arrest": what is asked for, and the harm if it is not done."""
    if main.imperative and any(
        t.lower_ == "or" and t.i + 1 < len(t.doc) and t.nbor(1).lower_ == "face" for t in main.tokens
    ):
        return True
    joined = next((c for c in main.head.children if c.dep_ == "conj" and c.i > main.head.i), None)
    if joined is None or not any(c.dep_ == "cc" and c.lower_ == "or" for c in main.head.children):
        return False
    known = lexicon()
    harmful = joined.lemma_ in known.harm or joined.lemma_ in known.harm_under_condition
    subject = subject_of(joined)
    return harmful and subject is not None and subject.lower_ in ("i", "we")


def sets_condition(main: MainClause) -> bool:
    """As in "if the talks fail", "unless the crews return", "until they are paid": what others do decides.

    Neither "until the ash has passed", nor "if the wind rises".
    """
    until = [t.head for t in main.tokens if t.dep_ == "mark" and t.lower_ == "until" and t.head.dep_ == "advcl"]
    return any(not _is_of_nature(c) for c in main.conditions) or any(_is_demanded(c) for c in until)


def is_own_side(subject: Token, source: Source) -> bool:
    """Whether those who do it are the speaker's own: "his troops would shell the bridge", "our members will strike"."""
    owner = next((c for c in subject.children if c.dep_ == "poss"), None)
    if owner is None or subject.lemma_.casefold() not in _OWN_SIDES:
        return False
    if owner.lower_ in ("my", "our"):
        return True
    return owner.lower_ in NOMINATIVE and refers_to(owner, source)


def _is_of_nature(condition: Token) -> bool:
    return any(c.dep_ in NOUN_SUBJECTS and c.lemma_.casefold() in _NATURE for c in condition.children)


def _is_at_somebody(preposition: Token) -> bool:
    """ "Fire on anyone who crosses"."""
    on = preposition.lower_ in ("on", "at", "upon")
    return on and any(c.dep_ == "pobj" and _is_somebody(c) for c in preposition.children)


def _is_demanded(verb: Token) -> bool:
    """Whether others are to do what ends a threat: "until its demands are met", "until the minister resigns"."""
    subject = subject_of(verb)
    return subject is not None and (_is_somebody(subject) or subject.lemma_.casefold() in _DEMANDED)


def _is_somebody(noun: Token) -> bool:
    if noun.pos_ == "PRON":
        return noun.lower_ not in _THINGS
    return noun.ent_type_ in _NAMES or noun.pos_ == "PROPN" or noun.lemma_.casefold() in _PEOPLE
