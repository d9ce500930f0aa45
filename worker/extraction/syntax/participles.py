"""Participles that say something of a noun by the way: "branded a coward by the tabloids, the goalkeeper went home"."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Token
from worker.extraction.syntax.relations import FINITE_TAGS, NOUN_SUBJECTS

__all__ = ["is_said_by_the_way", "judged_by_the_way", "says_by_the_way", "words_of_participle"]

_HEARSAY = words("hearsay_with_infinitive") - {"suppose", "suspect", "tip"}
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


def is_said_by_the_way(verb: Token) -> bool:
    """True for a participle of hearsay with an infinitive beside its noun: "a man thought to be in his 60s"."""
    doc, at, sentence = verb.doc, verb.i, verb.sent
    if verb.lemma_ not in _HEARSAY or verb.tag_ not in ("VBN", "VBD") or at + 2 >= sentence.end:
        return False
    if (
        doc[at + 1].lower_ != "to"
        or doc[at + 2].tag_ != "VB"
        or any(c.dep_ in ("aux", "auxpass") for c in verb.children)
    ):
        return False
    before = next((t for t in reversed(list(doc[sentence.start : at])) if t.pos_ != "ADV"), None)
    if before is None or before.is_punct:
        return True
    others = (t for t in sentence if t.tag_ in FINITE_TAGS and t.i != at)
    return before.pos_ in ("NOUN", "PROPN", "NUM") and any(others)


def says_by_the_way(verb: Token) -> bool:
    """True for a participle beside a clause, apart from it by a comma or before it, whose subject says something while
    doing what the clause tells: "the council closed the bridge, | saying | it was unsafe".
    """
    if verb.tag_ != "VBG" or verb.dep_ not in ("advcl", "acl") or any(c.dep_ in NOUN_SUBJECTS for c in verb.children):
        return False
    first = min((verb, *(c for c in verb.children if c.dep_ in ("advmod", "mark", "cc"))), key=lambda each: each.i)
    return first.is_sent_start is True or first.i == first.sent.start or first.nbor(-1).text in (",", "–", "—")


def words_of_participle(verb: Token) -> list[Token]:
    """Such a participle with its infinitive, to the next mark or verb with a tense."""
    behind = [t for t in verb.doc[verb.i : verb.sent.end] if not t.is_space]
    ends = (n for n, t in enumerate(behind) if n and ((t.is_punct and t.text not in "-'’") or t.tag_ in FINITE_TAGS))
    return behind[: next(ends, len(behind))]


def _says_who(preposition: Token) -> bool:
    """ "By the tabloids", "in the catalogue"."""
    if preposition.lower_ == "in" and preposition.dep_ == "prep":
        return any(c.dep_ == "pobj" and c.lemma_.casefold() in _DOCUMENTS for c in preposition.children)
    return preposition.lower_ == "by" and preposition.dep_ in ("agent", "prep")
