"""Who is spoken to is no part of what is said: "promised them | a bonus", "warned the crew | of ice"."""

from __future__ import annotations

from dataclasses import replace

from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = ["without_hearer"]

_TELLING = words("verbs_with_addressee_as_object")
_BEFORE_TOPIC = ("about", "against", "of", "on", "over")
_MIN_WORDS = 2
"""Words that are left of a content at least."""


def without_hearer(doc: Doc, each: Attribution) -> Attribution:
    """An attribution whose content does not begin with whom the cue addresses, where an object or "of" follows.

    With an infinitive he stays: "urged | the council to act".
    """
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    verb = next((t for t in reversed(list(cue or ())) if t.pos_ == "VERB"), None)
    if verb is None or verb.lemma_ not in _TELLING:
        return each
    start, end = each.content[0]
    asked = next((c for c in verb.children if c.dep_ == "nsubjpass" and c.left_edge.idx == start), None)
    if asked is not None and len(each.content) > 1 and end <= verb.idx:
        return replace(each, content=each.content[1:])  # "The clerk | was asked | whether the hall was safe"
    hearer = next((c for c in verb.children if c.dep_ in ("dative", "dobj") and c.left_edge.idx == start), None)
    said = _what_is_said(verb, hearer) if hearer is not None and hearer.pos_ != "ADP" else None
    if said is None or not start < said < end or len(doc.text[said:end].split()) < _MIN_WORDS:
        return each
    return replace(each, content=((said, end), *each.content[1:]))


def _what_is_said(verb: Token, hearer: Token) -> int | None:
    """Where the words begin that say what the hearer is told or gets."""
    if hearer.dep_ == "dative":
        return next((c.left_edge.idx for c in verb.children if c.dep_ == "dobj" and c.i > hearer.i), None)
    clause = next((c for c in verb.children if c.dep_ == "ccomp" and c.i > hearer.i), None)
    if clause is not None and (clause.left_edge.lower_ == "that" or _is_subject_behind(clause, hearer)):
        return clause.left_edge.idx
    topics = [c for c in (*hearer.children, *verb.children) if c.dep_ == "prep" and c.i > hearer.i]
    return next((c.idx for c in topics if c.lower_ in _BEFORE_TOPIC and (c.head == verb or c.lower_ == "about")), None)


def _is_subject_behind(clause: Token, hearer: Token) -> bool:
    """True for "warned the guests | they would be fined"."""
    first = clause.left_edge
    return first.tag_ == "PRP" and first.dep_ in NOUN_SUBJECTS and first.i == hearer.right_edge.i + 1
