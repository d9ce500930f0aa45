"""Whether a clause in the future tells what will come about, not what somebody will do: nobody knows it for certain."""

from __future__ import annotations

from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import is_passive

__all__ = ["is_forecast"]

_TIMETABLE = words("verbs_of_a_timetable")
_OUTCOMES = words("verbs_of_outcome")
_STATES = words("words_of_an_outcome")
_HAD = words("what_an_outcome_has")
_BODIES = words("nouns_of_any_firm") | words("plain_people_and_bodies") | words("body_words")
_NAMES_OF_THINGS = ("EVENT", "WORK_OF_ART", "PRODUCT", "FAC", "LAW")
_PEOPLE = frozenset(("i", "we", "he", "she", "they", "you", "who", "everyone", "everybody", "nobody"))


def is_forecast(main: MainClause, *, reported: bool) -> bool:
    """As in "rice will be dearer", "the tax will hurt small firms"; not "the museum will open in May", a plan.

    `reported`: the clause is somebody's words, whose "would" may be a "will" of the past.
    """
    would = reported and "would" in main.auxiliaries and "have" not in main.auxiliaries
    if not (main.tense == "future" or would) or main.subject is None or is_passive(main.verb):
        return False
    verb = main.verb
    if verb.lemma_ == "be":
        return _is_outcome(verb)
    if verb.lemma_ == "have":
        return any(c.dep_ == "dobj" and c.lemma_ in _HAD for c in verb.children)
    if verb.lemma_ == "take":
        return any(c.dep_ in ("dobj", "npadvmod") and c.ent_type_ in ("DATE", "TIME") for c in verb.children)
    if verb.lemma_ == "show":
        return not _acts(main.subject)
    if verb.lemma_ in _OUTCOMES:
        return True
    return verb.lemma_ not in _TIMETABLE and not _acts(main.subject)


def _is_outcome(be: Token) -> bool:
    """ "Will be dearer", "will be close", "going to be a long night"."""
    for said in be.children:
        if said.dep_ not in ("acomp", "attr"):
            continue
        near = (said, *(c for c in said.children if c.dep_ in ("amod", "advmod")))
        if any(t.tag_ in ("JJR", "RBR", "JJS") or t.lower_ in _STATES for t in near):
            return True
    return False


def _acts(subject: Token) -> bool:
    """Whether a subject is somebody or a body, who decide what they do."""
    if subject.pos_ == "PRON":
        return subject.lower_ in _PEOPLE
    if subject.pos_ == "PROPN":
        return subject.ent_type_ not in _NAMES_OF_THINGS
    return subject.lemma_.lower() in SOMEBODY or subject.lemma_.lower() in _BODIES
