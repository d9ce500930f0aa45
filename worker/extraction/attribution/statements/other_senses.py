"""Verbs of saying or thinking in senses in which they are neither: "called the fire brigade", "denied him bail"."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.attribution.statements.able_to_say import speaks
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.syntax.relations import is_passive

__all__ = ["means_something_else"]

_ANYBODY = frozenset(("i", "we", "you", "they", "who", None))
"""Whose wishes are no news: "I want to buy a copy"."""
_CLAUSES = ("ccomp", "xcomp", "csubj", "csubjpass", "parataxis")
_OBJECT_FORMS = frozenset(("him", "her", "them", "us", "me"))
_REFUSED = words("things_refused_to_somebody")
_CONFIRMED = words("things_confirmed_by_a_deed")
_ACKNOWLEDGED = words("things_acknowledged_by_a_sign")
_CALLED_FOR = words("things_called_for_aloud")
_APPEALS = words("appeals_of_a_game")
_ARRIVALS = frozenset(("arrival", "presence", "candidacy", "intent"))
_CHOSEN = words("things_named_by_choosing")
_LOST = words("things_lost_in_a_game")
_PAID = frozenset(("bail", "card", "cash", "change", "drink", "food", "injunction"))
_CASES = frozenset(("case", "lawsuit", "motion", "suit"))
_COMPARING = frozenset(("among", "as", "to", "with"))
_UNDERTAKING = ("promise", "threaten", "pledge", "vow")
_NATURE = words("forces_of_nature") | words("things_that_threaten")
_ABSTRACT = ("tion", "sion", "ment", "ness", "ity", "ance", "ence", "age", "ism", "ing")
_BEHIND_A_CALL = ("dobj", "oprd", "ccomp", "xcomp", "dative", "acomp", "attr", "nsubj")
_MARKS = ("“", "”", '"')
_STORMS = frozenset(("storm", "hurricane", "typhoon", "cyclone", "tropical"))


def means_something_else(verb: Token, source: str | None, content: Sequence[Token]) -> bool:
    """True for a verb of saying or thinking in a sense in which it is neither."""
    below = list(verb.children)
    prepositions = {c.lower_ for c in below if c.dep_ in ("prep", "agent")}
    has_clause = any(c.dep_ in _CLAUSES for c in below)
    no_clause = not any(c.dep_ == "ccomp" for c in below)
    match verb.lemma_:
        case "know":
            other = not (is_passive(verb) and any(c.dep_ == "xcomp" for c in below))
        case "see" | "refer":
            other = not any(token.lower_ == "as" for token in (*below, *content))
        case "want":
            other = source in _ANYBODY and no_clause
        case "decide" | "bet":
            other = no_clause  # "decided to sell", "bets on vinyl": deeds
        case "agree":
            other = not has_clause and ("to" in prepositions or any(c.dep_ == "dobj" for c in below))
        case "believe" | "think":
            other = not has_clause and bool(prepositions & {"in", "of"}) and "as" not in prepositions
        case "hail":
            other = "from" in prepositions and not any(c.dep_ == "dobj" for c in below)
        case "call":
            called_off = (
                _is_calling_for_a_thing(verb)
                or any(c.lower_ == "time" and c.dep_ == "dobj" for c in below)
                or any(c.dep_ == "prt" and c.lower_ in ("off", "up", "in") for c in below)
            )
            other = called_off or _is_naming(verb) or _is_summoning(verb, content)
        case "deny":
            other = _is_refusing(verb, content)
        case "swear" | "dream":
            other = not has_clause
        case "urge" | "cheer":
            other = any(c.dep_ == "prt" and c.lower_ == "on" for c in below)
        case "confirm" | "acknowledge" | "appeal" | "announce" | "project" | "propose":
            other = _is_deed(verb, content)
        case "name":
            other = bool(prepositions & {"after", "to"}) or any(
                c.dep_ == "dobj" and c.lemma_.casefold() in _CHOSEN for c in below
            )
        case "concede" | "grant" | "admit" | "refuse":
            other = no_clause and not has_clause and _is_given_away(verb)
        case "dismiss":
            other = any(c.dep_ == "dobj" and c.lemma_.casefold() in SOMEBODY | _CASES for c in below)
        case "count" | "compare":
            other = no_clause and not any(t.lower_ in _COMPARING and t.dep_ != "aux" for t in (*below, *content))
        case "learn" | "discover" | "hear":
            other = any(c.tag_ == "MD" for c in below)  # "viewers will learn who shot the vicar"
        case "report" | "add":
            other = not has_clause and _goes_to_something(verb, content)
        case "ask":
            other = bool(content) and content[0].lower_ == "about" and not has_clause
        case _:
            other = verb.lemma_ in _UNDERTAKING and not _can_undertake(verb)
    return other


def _is_deed(verb: Token, content: Sequence[Token]) -> bool:
    """True for "confirmed her name", "acknowledged the crowd", "appealed for offside", "announced his arrival"."""
    heads = [t for t in content if t.dep_ in ("dobj", "pobj") and t.i > verb.i and t.head.i <= t.i]
    if any(c.dep_ in _CLAUSES and c.i > verb.i for c in verb.children) or not heads:
        return False
    noun = heads[0].lemma_.casefold()
    match verb.lemma_:
        case "project":
            return any(c.dep_ == "prep" and c.lower_ in ("against", "on", "onto") for c in verb.children)
        case "propose":  # "proposed to her"
            return not any(c.dep_ == "dobj" for c in verb.children)
        case "confirm":
            return noun in _CONFIRMED and not any(t.pos_ in ("VERB", "AUX") for t in content)
        case "acknowledge":
            return noun in _ACKNOWLEDGED
        case "appeal":
            return noun in _APPEALS or not any(c.dep_ == "prep" and c.lower_ in ("for", "to") for c in verb.children)
        case _:
            return noun in _ARRIVALS and any(c.dep_ == "poss" and c.pos_ == "PRON" for c in heads[0].children)


def _goes_to_something(verb: Token, content: Sequence[Token]) -> bool:
    """ "Reports to the board", "added 12 firms to a list"."""
    prepositions = {c.lower_ for c in verb.children if c.dep_ == "prep"}
    if verb.lemma_ == "report":
        return not prepositions.isdisjoint({"for", "to"}) and not any(c.dep_ == "dobj" for c in verb.children)
    return "to" in prepositions and not any(t.text in _MARKS for t in content)


def _is_given_away(verb: Token) -> bool:
    """True for "conceded a goal", "granted bail", "admitted 40 patients", "refused cash"."""
    objects = {c.lemma_.casefold() for c in verb.children if c.dep_ == "dobj"}
    match verb.lemma_:
        case "concede":
            return bool(objects & _LOST)
        case "admit":
            return bool(objects & SOMEBODY)
        case _:
            return bool(objects & (_REFUSED | _PAID))


def _is_naming(verb: Token) -> bool:
    """True for "everyone called him Fitz" and "the boat was called Marigold"."""
    name = next((c for c in verb.children if c.dep_ == "oprd"), None)
    if name is None:
        return False
    return name.pos_ == "PROPN" or (is_passive(verb) and not any(c.dep_ == "agent" for c in verb.children))


def _is_calling_for_a_thing(verb: Token) -> bool:
    """True for "called for the ball", "called for an ambulance"."""
    nouns = (n for c in verb.children if c.dep_ == "prep" and c.lower_ == "for" for n in c.children)
    return any(n.dep_ == "pobj" and n.lemma_.casefold() in _CALLED_FOR for n in nouns)


def _is_summoning(verb: Token, content: Sequence[Token]) -> bool:
    """True for "called the fire brigade", "called a foul": what is called has no name or judgement behind it."""
    if content and all(t.pos_ == "ADV" or t.is_punct for t in content):
        return True  # "the captain called correctly"
    if is_passive(verb):
        return False
    objects = [c for c in verb.children if c.dep_ in _BEHIND_A_CALL and c.i > verb.i]
    if any(c.dep_ == "oprd" and c.lemma_.casefold() in _CALLED_FOR for c in objects):
        return True  # "called her mother a taxi"
    if len(objects) != 1 or objects[0].pos_ not in ("NOUN", "PROPN") or not content:
        return False
    noun = objects[0]
    is_one_thing = noun.pos_ == "PROPN" or noun.tag_ == "NNS" or any(c.dep_ in ("det", "poss") for c in noun.children)
    if not is_one_thing:
        return False  # "calling Arden unfit", which parses take for one noun
    behind = [t for t in content if t.i > noun.i and not t.is_punct][:1]
    plain = all(t.pos_ in ("ADP", "ADV", "PART") or t.ent_type_ in ("DATE", "TIME") for t in behind)
    return content[0].i > verb.i and plain and not any(t.pos_ in ("VERB", "AUX") for t in content)


def _is_refusing(verb: Token, content: Sequence[Token]) -> bool:
    """True for "denied him bail", "denied the visitors all three points": it was not given, and nothing was said."""
    below = [c for c in verb.children if c.i > verb.i]
    if any(c.dep_ == "dative" for c in below):
        return True
    objects = [c for c in below if c.dep_ == "dobj"]
    if objects and any(c.dep_ == "npadvmod" and c.ent_type_ not in ("DATE", "TIME") for c in below):
        return True
    if any(c.lemma_.casefold() in _REFUSED for c in objects):
        return True
    first = [t for t in content if not t.is_punct][:2]
    return (
        len(first) == 2
        and first[0].lower_ in _OBJECT_FORMS
        and first[0].i > verb.i
        and first[1].tag_ in ("NN", "NNS", "DT", "VB")
    )


def _can_undertake(verb: Token) -> bool:
    """False for a storm or a row that threatens something, and for discounts that promise to be large."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    if subject is not None and subject.lower_ in ("that", "which", "who") and verb.dep_ == "relcl":
        subject = verb.head
    if subject is None:
        return True
    if subject.lower_ in ("it", "this", "that") and any(c.dep_ == "xcomp" and c.lemma_ == "be" for c in verb.children):
        return False  # "it promises to be a long winter"
    lemma = subject.lemma_.casefold()
    if any(t.lower_ in _STORMS for t in subject.subtree):
        return False
    if speaks(subject):
        return True
    if lemma in _NATURE or lemma.endswith(_ABSTRACT):
        return False
    if verb.lemma_ != "threaten" and any(c.dep_ == "xcomp" and c.lemma_ != "be" for c in verb.children):
        return True
    return lemma in SOMEBODY
