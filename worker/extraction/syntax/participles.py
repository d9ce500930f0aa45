"""Participles that say something of a noun by the way: "branded a coward by the tabloids, the goalkeeper went home"."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = ["judged_by_the_way"]

_DOCUMENTS = words("documents_as_sources") | words("documents_in_a_name") | words("documents_that_describe")


def judged_by_the_way(verb: Token) -> Token | None:
    """The noun of a passive participle that has no subject and no auxiliary, and somebody behind "by"."""
    if verb.dep_ not in ("advcl", "acl", "relcl", "amod") or verb.tag_ not in ("VBN", "VBD"):
        return None
    if any(c.dep_ in (*NOUN_SUBJECTS, "aux", "auxpass", "mark") for c in verb.children):
        return None
    if not any(_says_who(t) for t in verb.subtree):
        return None
    if verb.head.pos_ in ("NOUN", "PROPN"):
        return verb.head if verb.head.i < verb.i else None
    subject = next((c for c in verb.head.children if c.dep_ in NOUN_SUBJECTS), None)
    return subject if subject is not None and (verb.i < subject.i or verb.dep_ == "advcl") else None


def _says_who(preposition: Token) -> bool:
    """ "By the tabloids", "in the catalogue"."""
    if preposition.lower_ == "in" and preposition.dep_ == "prep":
        return any(c.dep_ == "pobj" and c.lemma_.casefold() in _DOCUMENTS for c in preposition.children)
    return preposition.lower_ == "by" and preposition.dep_ in ("agent", "prep")
