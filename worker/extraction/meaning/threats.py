"""Whether what a speaker will do is a threat: it harms somebody, or it is set against what others do or leave."""

from __future__ import annotations

import re

from worker.contract.claim import Source
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.speakers.pronouns import NOMINATIVE, refers_to
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import NOUN_SUBJECTS, has_to, is_negated, is_passive, subject_of

__all__ = [
    "does_not_hesitate",
    "goes_to_law",
    "harms_somebody",
    "harms_under_condition",
    "is_own_side",
    "is_ultimatum",
    "menaces",
    "sets_condition",
    "threatens",
]

_PEOPLE = SOMEBODY | words("plain_people_and_bodies") | words("nouns_of_any_firm") | words("described_people")
_NAMES = ("PERSON", "ORG", "GPE", "NORP")
_NO_NAMES = ("DATE", "TIME", "EVENT", "WORK_OF_ART", "PRODUCT")
_WHOEVER = frozenset(("anyone", "anybody", "whoever", "everyone", "everybody"))
_MEANT_FOR_YOU = frozenset(("fire", "sack", "die", "arrest", "regret", "suspend"))
_PUNISHED = frozenset(("beg", "bleed", "kneel", "pay", "regret", "rue", "suffer"))
_TO_COURT = frozenset(("drag", "haul", "meet", "see", "take"))
_SPORT = words("people_of_sport")
_THINGS = frozenset(("it", "this", "that", "itself"))
_HAPPENING = words("verbs_of_what_is_found_or_happens")
_GIVING_IN = words("verbs_of_giving_in")
_NATURE = words("forces_of_nature") | words("what_changes_by_itself")
_DEMANDED = words("things_demanded")
_OWN_SIDES = words("own_sides")


def harms_somebody(main: MainClause, source: Source | None = None) -> bool:
    """Whether harm is done to somebody or where he lives: "kill the hostages", not "kill the scene", "attack early".

    Sportsmen who will punish or hunt down a rival mean the game.
    """
    return not main.negative and _harms(main.verb) and not (source is not None and _is_of_sport(source))


def harms_under_condition(main: MainClause) -> bool:
    """Whether a deed harms somebody where a condition is set: "close the port", "change the locks", "go on strike"."""
    return _harms_under_condition(main.verb)


def does_not_hesitate(main: MainClause) -> bool | None:
    """Whether what somebody will not hesitate to do is harm; None for other clauses."""
    if main.verb.lemma_ not in ("hesitate", "shrink") or not is_negated(main.head):
        return None
    below = next((c for c in main.verb.children if c.dep_ in ("xcomp", "advcl") and has_to(c)), None)
    return below is not None and (_harms(below) or _harms_under_condition(below))


def menaces(main: MainClause) -> bool:
    """ "You will regret this", "there will be consequences", "any ship that enters will be sunk"."""
    verb, known = main.verb, lexicon()
    subject = main.subject or next((c for c in main.head.children if c.dep_ == "csubjpass"), None)
    if subject is None or main.tense != "future" or main.negative:
        return False
    if subject.dep_ == "expl":
        things = [c for c in verb.children if c.dep_ in ("attr", "nsubj", "dobj")]
        return any(c.lemma_.casefold() in known.menacing_events for c in things)
    if subject.dep_ in ("nsubjpass", "csubjpass"):
        return _is_whoever(subject) and verb.lemma_ in known.harm_of_somebody
    if subject.lower_ in ("i", "we", "it", "this", "that") or not _is_somebody(subject):
        return False
    if verb.lemma_ == "pay":
        return any(t.lower_ in known.menacing_prices or t.lemma_ in known.menacing_prices for t in _below(verb))
    return verb.lemma_ in known.menacing_verbs or (
        verb.lemma_ == "face" and any(t.lemma_ in known.menacing_events for t in _below(verb))
    )


def _harms(verb: Token) -> bool:
    lemma, known = verb.lemma_, lexicon()
    if lemma == "have":  # "have you arrested"
        return any(_is_harm(c) and _suffers(c) for c in verb.children if c.tag_ == "VBN" and c.dep_ == "ccomp")
    if _hits_back(verb) or _injures(verb) or _comes_for(verb):
        return True
    if lemma in _TO_COURT and any(t.lower_ == "court" for t in _below(verb)):
        return any(c.dep_ == "dobj" and _is_somebody(c) for c in verb.children)
    particle = next((c.lower_ for c in verb.children if c.dep_ == "prt"), None)
    if (lemma, particle) not in known.harm_with_particle and (particle is not None or lemma not in known.harm):
        return particle is None and lemma == "use" and _has_object_of(verb)
    objects = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")]
    if any(c.lower_ in ("no", "nobody", "none", "neither") for o in objects for c in (o, *o.children)):
        return False
    if lemma in known.harm and lemma not in known.harm_of_somebody:
        return True
    return any(_is_somebody(c) or c.lemma_.casefold() in known.harmed_things for c in objects)


def _hits_back(verb: Token) -> bool:
    """ "Fire on anyone who crosses", "strike back"."""
    if verb.lemma_ in ("fire", "shoot"):
        return any(_is_at_somebody(c) for c in verb.children)
    return verb.lemma_ in ("strike", "hit", "fight") and any(c.lower_ == "back" for c in verb.children)


def _comes_for(verb: Token) -> bool:
    """ "Come for you", "come after every one of them"."""
    behind = [c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("for", "after")]
    objects = [o for c in behind for o in c.children if o.dep_ == "pobj"]
    people = [o for o in objects for o in (o, *(g for c in o.children if c.lower_ == "of" for g in c.children))]
    return verb.lemma_ == "come" and any(o.lower_ in ("you", "him", "her", "them") for o in people)


def _injures(verb: Token) -> bool:
    """ "Break your legs", "smash your camera", "make them pay"."""
    if verb.lemma_ == "make":
        return any(c.lemma_ in _PUNISHED and c.dep_ == "ccomp" and _suffers(c) for c in verb.children)
    owners = {c.lower_ for o in verb.children for c in o.children if c.dep_ == "poss"}
    if "your" in owners and _is_harm(verb) and verb.lemma_ not in lexicon().harm_under_condition:
        return True
    is_body_part = verb.lemma_ in ("break", "cut", "slit") and _has_object_of(verb)
    return is_body_part and not owners.isdisjoint(("your", "his", "her", "their"))


def _is_harm(verb: Token) -> bool:
    known = lexicon()
    return verb.lemma_ in known.harm or verb.lemma_ in known.harm_under_condition


def _suffers(verb: Token) -> bool:
    subject = subject_of(verb)
    return subject is not None and _is_somebody(subject)


def _harms_under_condition(verb: Token) -> bool:
    return _is_harm(verb) or _has_object_of(verb)


def _has_object_of(verb: Token) -> bool:
    objects = lexicon().harm_of_objects.get(verb.lemma_, frozenset())
    return bool(objects) and any(t.lemma_.casefold() in objects for t in _below(verb))


def _below(verb: Token) -> list[Token]:
    """The objects of a verb and what is behind its prepositions."""
    direct = [c for c in verb.children if c.dep_ in ("dobj", "prep", "dative", "advmod") and c.i > verb.i]
    return [t for c in direct for t in (c, *c.children)]


def _is_whoever(subject: Token) -> bool:
    """ "Anyone", "any ship that enters", "whoever crosses", "those who helped"."""
    if subject.lower_ in _WHOEVER or (
        subject.dep_ == "csubjpass" and any(c.lower_ in _WHOEVER for c in subject.children)
    ):
        return True
    return any(c.lower_ in ("any", "every") for c in subject.children if c.dep_ == "det")


def _is_of_sport(source: Source) -> bool:
    spelt = source.span.exact.casefold() if source.span is not None else ""
    return not _SPORT.isdisjoint(re.findall(r"[\w-]+", f"{spelt} {(source.name or '').casefold()}"))


def threatens(main: MainClause) -> bool:
    """Whether what somebody vows harms: "to kill the hostages", "to stop every train if the cooks are sacked"."""
    if is_negated(main.head):
        return False
    return harms_somebody(main) or (main.verb.lemma_ in lexicon().harm_under_condition and sets_condition(main))


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
    subject = subject_of(joined)
    if subject is None or (main.subject is not None and main.subject.lower_ in ("i", "we")):
        return False  # "we can lift them, or we can leave them"
    if subject.lower_ == "you":  # "or you're fired"
        return joined.lemma_ in _MEANT_FOR_YOU
    return subject.lower_ in ("i", "we") and (_harms(joined) or _harms_under_condition(joined))


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
    if condition.lemma_ in _HAPPENING:
        return True  # "if cracks are found"
    return any(c.dep_ in NOUN_SUBJECTS and c.lemma_.casefold() in _NATURE for c in condition.children)


def _is_at_somebody(preposition: Token) -> bool:
    """ "Fire on anyone who crosses"."""
    on = preposition.lower_ in ("on", "at", "upon")
    return on and any(c.dep_ == "pobj" and _is_somebody(c) for c in preposition.children)


def _is_demanded(verb: Token) -> bool:
    """Whether others are to do what ends a threat: "until its demands are met", "until the minister resigns"."""
    if verb.lemma_ in _GIVING_IN and is_passive(verb):
        return True
    subject = subject_of(verb)
    return subject is not None and (_is_somebody(subject) or subject.lemma_.casefold() in _DEMANDED)


def _is_somebody(noun: Token) -> bool:
    if noun.pos_ == "PRON":
        return noun.lower_ not in _THINGS
    if noun.ent_type_ in _NO_NAMES:
        return False
    return noun.ent_type_ in _NAMES or noun.pos_ == "PROPN" or noun.lemma_.casefold() in _PEOPLE
