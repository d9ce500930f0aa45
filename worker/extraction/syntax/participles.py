"""Participles that say something of a noun by the way: "branded a coward by the tabloids, the goalkeeper went home"."""

from __future__ import annotations

from worker.extraction.parse import Token
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = ["judged_by_the_way"]


def judged_by_the_way(verb: Token) -> Token | None:
    """The noun of a passive participle that has no subject and no auxiliary, and somebody behind "by"."""
    if verb.dep_ not in ("advcl", "acl", "relcl", "amod") or verb.tag_ not in ("VBN", "VBD"):
        return None
    if any(c.dep_ in (*NOUN_SUBJECTS, "aux", "auxpass", "mark") for c in verb.children):
        return None
    if not any(t.lower_ == "by" and t.dep_ in ("agent", "prep") for t in verb.subtree):
        return None
    if verb.head.pos_ in ("NOUN", "PROPN"):
        return verb.head if verb.head.i < verb.i else None
    subject = next((c for c in verb.head.children if c.dep_ in NOUN_SUBJECTS), None)
    return subject if subject is not None and (verb.i < subject.i or verb.dep_ == "advcl") else None
