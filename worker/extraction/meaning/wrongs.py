"""Whether a clause blames somebody: "the company lied to its workers", "he is a thief"."""

from __future__ import annotations

from collections.abc import Iterator

from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.is_speaker import FIRST_PERSON
from worker.extraction.parse import Token
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import FINITE_TAGS

__all__ = ["blames", "can_be_blamed"]

_SOMEBODY = (
    words("roles")
    | words("unnamed_people")
    | words("described_people")
    | words("described_bodies")
    | words("nouns_of_any_firm")
    | words("plain_people_and_bodies")
    | words("body_words")
)
_ON_PURPOSE = words("adverbs_of_wrong")
_LEAVE = words("what_a_deed_needs")
_KEEPING_FROM = frozenset(("hide", "steal", "silence", "conceal", "withhold"))
_THINGS = frozenset(("DATE", "TIME", "EVENT", "WORK_OF_ART", "PRODUCT", "FAC", "LOC"))
"""Types of names that nobody can be blamed by."""
_COPULAS = frozenset(("be", "remain"))
_BLOWS = frozenset(("beat", "rob", "kick", "assault", "attack"))
_MAX_PHRASE = 9


def blames(main: MainClause, *, by_speaker: bool) -> bool:
    """`by_speaker`: the subject is who says it, who blames nobody by what he did himself."""
    subject = main.subject
    if subject is None:
        return False
    if subject.dep_ == "nsubjpass":
        return _suffers(main, subject)
    if main.head.lemma_ in _COPULAS and (main.head == main.verb or main.verb.lemma_ == "blame"):
        return _is_wrongdoer(main, subject, by_speaker=by_speaker)
    if subject.lower_ in FIRST_PERSON or by_speaker or not can_be_blamed(subject):
        return False
    verb = main.verb
    if any(t.lower_ in _ON_PURPOSE and _is_of_deed(t, verb) for t in main.tokens):
        return True  # "let the shaft flood on purpose"
    return _is_wrong(verb, [t for c in verb.children if c.dep_ in ("dobj", "prep", "prt") for t in c.subtree])


def _is_wrong(verb: Token, below: list[Token]) -> bool:
    """`below`: what is done something to, with what is said of it."""
    known, lemma = lexicon(), verb.lemma_
    if lemma in known.wrongs or known.is_wrong([t.lemma_.lower() for t in verb.doc[verb.i : verb.i + _MAX_PHRASE]]):
        return True
    if any(c.dep_ == "prep" and c.lower_ == "without" and _is_leave(c) for c in verb.children):
        return True  # "copied her book without permission"
    done_to_somebody = any(can_be_blamed(t) or t.lower_ in ("him", "her", "them", "me", "us") for t in below)
    if lemma in known.wrongs_to_anybody and done_to_somebody:
        return True
    if lemma in known.wrongs_save_with:
        return bool(below) and not any(t.lemma_.lower() in known.wrongs_save_with[lemma] for t in below)
    if lemma == "deny" and any(c.dep_ == "dative" for c in verb.children):
        return True  # "denied the prisoners water"
    objects = known.wrongs_of_objects.get(lemma, frozenset())
    if not objects:
        return False
    if lemma in _KEEPING_FROM and any(c.dep_ == "prep" and c.lower_ == "from" for c in verb.children):
        return True  # "they are hiding them from you"
    if lemma == "fire":  # "fired 40 workers" is no wrong
        below = [t for c in verb.children if c.dep_ == "prep" for t in c.subtree]
    return any(t.lemma_.lower() in objects for t in below)


def _suffers(main: MainClause, subject: Token) -> bool:
    """ "They were swindled by the fund", "we were lied to": only a deceit blames somebody who is not named."""
    verb, known = main.verb, lexicon()
    if verb.lemma_ in known.deceits:
        return can_be_blamed(subject) or subject.lower_ in FIRST_PERSON
    verbs = [verb, *(c for c in verb.children if c.dep_ == "conj")]
    agents = (o for v in verbs for c in v.subtree if c.lower_ == "by" for o in c.children if o.dep_ == "pobj")
    is_by_somebody = any(can_be_blamed(agent) for agent in agents)
    return is_by_somebody and any(_is_wrong(v, [subject, *subject.children]) or v.lemma_ in _BLOWS for v in verbs)


def _is_wrongdoer(main: MainClause, subject: Token, *, by_speaker: bool) -> bool:
    """ "He is a liar", "the firm was to blame", "it is the council's fault", "they are behind the attack"."""
    known, be = lexicon(), main.head
    fault = next((c for c in be.children if c.dep_ == "attr" and c.lemma_ == "fault"), None)
    if fault is not None and any(c.dep_ in ("poss", "prep") and _is_of_others(c) for c in fault.children):
        return True
    if subject.lower_ in FIRST_PERSON or by_speaker or not can_be_blamed(subject):
        return False
    predicates = [c for c in be.children if c.dep_ in ("attr", "acomp", "oprd")]
    predicates += [c for p in predicates for c in p.children if c.dep_ == "conj"]
    if any(p.lemma_.lower() in known.wrongdoers or p.lower_ in known.wrongful_states for p in predicates):
        return True
    if any(c.dep_ == "xcomp" and c.lemma_ == "blame" for c in be.children):
        return True
    behind = [c for c in be.children if c.dep_ == "prep" and c.lower_ in ("behind", "at")]
    behind += [c for p in predicates if p.lower_ == "responsible" for c in p.children if c.lower_ == "for"]
    nouns = {o.lemma_.lower() for c in behind for o in _objects(c)}
    return bool(nouns & known.wrongful_deeds) or "fault" in nouns


def _objects(preposition: Token) -> Iterator[Token]:
    for noun in preposition.children:
        if noun.dep_ == "pobj":
            yield noun
            yield from (c for c in noun.children if c.dep_ == "conj")


def _is_of_others(owner: Token) -> bool:
    noun = next(_objects(owner), None) if owner.dep_ == "prep" else owner
    return noun is not None and (noun.lower_ in ("his", "her", "their", "your") or can_be_blamed(noun))


def _is_leave(preposition: Token) -> bool:
    return any(noun.lemma_.lower() in _LEAVE for noun in _objects(preposition))


def _is_of_deed(adverb: Token, deed: Token) -> bool:
    """Whether an adverb, or the "purpose" of "on purpose", is said of a verb or of an infinitive below it."""
    at = adverb
    for _ in range(4):
        if at.dep_ in ("acl", "relcl", "advcl"):
            return False  # "children born to parents illegally are citizens"
        at = at.head
        if at == deed or at.tag_ in FINITE_TAGS:
            return at == deed
    return False


def can_be_blamed(subject: Token) -> bool:
    """Whether a word is somebody or a body, by its name or its noun: a storm, a price or a pump is to blame for

    nothing.
    """
    if subject.lower_ in ("they", "he", "she", "you", "both"):
        return True
    if subject.pos_ == "PROPN":
        return subject.ent_type_ not in _THINGS
    return subject.pos_ == "NOUN" and (subject.lemma_.lower() in _SOMEBODY or subject.lower_ in _SOMEBODY)
