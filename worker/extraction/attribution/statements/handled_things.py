"""Verbs of saying whose bare object is handled or received: "ordered a pizza", "welcomed 400 guests"."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token

__all__ = ["handles_a_thing"]

_THINGS = words("things_one_can_touch") | words("animals") | words("struck_or_served")
_HANDLING = words("verbs_that_handle_things")
_GUESTS = SOMEBODY | words("plain_people_and_bodies") | words("collectives_of_people") | {"arrival", "class"}
_ON_PEOPLE = frozenset(("confirm", "dismiss", "greet", "welcome"))
"""Verbs whose bare object, if it is people, has something done to it."""
_MEASURES = frozenset(
    ("bag", "box", "case", "dozen", "kilo", "litre", "pair", "piece", "pound", "round", "sack", "slice", "ton", "tonne")
)
_AWAITED = frozenset(("arrival", "child", "company", "delivery", "guest", "parcel", "triplet", "twin", "visitor"))
_MEASURED = frozenset(("address", "mileage", "name", "number", "plate", "pulse", "reading", "temperature", "time"))
_CLAUSES = ("oprd", "ccomp", "xcomp", "csubj", "csubjpass", "parataxis", "acl", "relcl")


def handles_a_thing(verb: Token, content: Sequence[Token]) -> bool:
    """True if nothing is said of the content, a bare object of the verb. Who is only called on is visited."""
    behind = {c.lower_ for c in verb.children if c.dep_ == "prep"}
    if verb.lemma_ == "call" and behind & {"on", "upon"} and "for" not in behind:
        return not any(t.pos_ in ("VERB", "AUX") or t.lower_ == "for" for t in content)  # "called on his aunt"
    places = {t.i for t in content}
    noun = next((c for c in verb.children if c.dep_ == "dobj" and c.i in places), None)
    if noun is None or noun.pos_ != "NOUN":
        return False
    if any(c.dep_ in _CLAUSES or c.lower_ == "as" for c in (*verb.children, *noun.children)):
        return False
    lemma = noun.lemma_.casefold()
    if verb.lemma_ in _ON_PEOPLE and lemma in _GUESTS:
        return True
    if verb.lemma_ == "expect" and lemma in _AWAITED:
        return True
    if lemma in _MEASURES:  # "two sacks of flour"
        of = (o for c in noun.children if c.lower_ == "of" for o in c.children)
        lemma = next((o.lemma_.casefold() for o in of), lemma)
    return verb.lemma_ in _HANDLING and (lemma in _THINGS or (verb.lemma_ == "note" and lemma in _MEASURED))
