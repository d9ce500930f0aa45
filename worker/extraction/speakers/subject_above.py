"""The subject of the main clause above a subordinate one: "the ferry" of "the ferry sank after its bow door broke"."""

from __future__ import annotations

from worker.extraction.parse import Token
from worker.extraction.syntax.relations import NOUN_SUBJECTS, has_subject

__all__ = ["clause_of", "judged_before", "subject_above"]

_VERBS = ("VERB", "AUX")
_TIMES = ("DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "CARDINAL", "ORDINAL")
_OBJECTS = ("dobj", "pobj", "attr", "oprd", "dative", "conj")


def clause_of(pronoun: Token) -> Token:
    """The verb of the clause that a pronoun is in; the pronoun's root where there is none."""
    at = pronoun.head
    while at.pos_ not in _VERBS and at.head != at:
        at = at.head
    return at


def subject_above(pronoun: Token) -> Token | None:
    """The subject of the clause on which the pronoun's adverbial clause hangs, where it stands before the pronoun.

    None for a pronoun in another clause, and where a noun of the pronoun's number stands between the two: it may be
    meant as well.
    """
    verb = clause_of(pronoun)
    while verb.dep_ == "conj" and verb.head.pos_ in _VERBS:
        verb = verb.head
    if verb.dep_ == "relcl":
        above = _clause_of_noun(verb.head)
    elif verb.dep_ == "advcl" and verb.head.pos_ in _VERBS:
        above = verb.head
    else:
        return None
    if above is None:
        return None
    while not has_subject(above) and above.dep_ in ("conj", "xcomp") and above.head.pos_ in _VERBS:
        above = above.head
    subject = next((c for c in above.children if c.dep_ in NOUN_SUBJECTS and c.i < pronoun.i), None)
    if subject is None or any(_may_be_meant(t, pronoun, subject) for t in subject.doc[subject.i + 1 : pronoun.i]):
        return None
    return subject


def _clause_of_noun(noun: Token) -> Token | None:
    """The verb of which a noun is an object: "sold" of "the bank sold the mill that it had bought"."""
    at = noun
    while at.dep_ in ("pobj", "prep", "dobj", "attr", "conj") and at.head.pos_ not in _VERBS:
        at = at.head
    return at.head if at.dep_ in ("dobj", "prep") and at.head.pos_ in _VERBS else None


def judged_before(cue: Token | None) -> Token | None:
    """The object of the main clause beside which a cue stands: "the dam" of "praised the dam, saying it would" and of
    "praised the dam but said it would".
    """
    if cue is None or cue.head.pos_ not in _VERBS:
        return None
    is_joined = cue.dep_ == "conj" and not any(c.dep_ in NOUN_SUBJECTS for c in cue.children)
    if not is_joined and (cue.tag_ != "VBG" or cue.dep_ not in ("advcl", "acl")):
        return None
    objects = [c for c in cue.head.children if c.dep_ == "dobj" and cue.head.i < c.i < cue.i]
    return objects[0] if len(objects) == 1 and not any(c.dep_ == "conj" for c in objects[0].children) else None


def _may_be_meant(token: Token, pronoun: Token, subject: Token) -> bool:
    """True for an object of the number of "it" or "they" that is no part of the subject. People are asked for apart."""
    if token.dep_ not in _OBJECTS or token.pos_ not in ("NOUN", "PROPN") or token.ent_type_ in _TIMES:
        return False
    if pronoun.lower_ not in ("it", "its", "they", "their", "them") or _is_below(token, subject):
        return False
    several = token.tag_ in ("NNS", "NNPS")
    return several == (pronoun.lower_ not in ("it", "its"))


def _is_below(token: Token, top: Token) -> bool:
    at = token
    while at.head != at:
        at = at.head
        if at == top:
            return True
    return False
