"""To whom something is said: "told reporters", "urged the council to", "we call on Turkey and Russia to"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.extraction.clause import MainClause
from worker.extraction.types import Span

__all__ = ["addressees"]

_OBJECT = frozenset(
    "admonish advise ask assure beg beseech brief caution challenge command counsel encourage entreat exhort implore inform instruct "
    "invite lobby notify nudge order petition plead press prod promise reassure remind request tell urge warn".split()
)
"""Verbs whose object is the one spoken to."""
_WITH_INFINITIVE = frozenset(
    ["ask", "beg", "command", "invite", "order", "press", "request", "challenge", "promise", "push"]
)
"""Of these only with a clause or an infinitive: "ordered the troops to leave", not "ordered an inquiry"."""
_TO = frozenset(
    "address admit announce appeal complain confess confide confirm declare describe explain insist mention propose recommend "
    "repeat reply report respond reveal say speak stress submit suggest talk testify write plead pledge promise".split()
)
_DOCUMENTS = frozenset(
    "address appeal call email letter memo message note petition remark report request speech statement submission testimony warning".split()
)
_THINGS = frozenset(
    "comment question request report situation accusation allegation criticism claim call news attack death reply".split()
)
"""What one replies to without speaking to it."""
_FIRST = frozenset(["i", "we"])


def addressees(head: Any | None, clauses: Sequence[MainClause]) -> list[Span]:
    """Spans of those addressed, in order, each name of a list by itself. `head`: the cue's main word."""
    found = _at(head) if head is not None else []
    for clause in clauses:
        subject = clause.subject
        if (
            subject is not None
            and subject.lower_ in _FIRST
            and (clause.verb.lemma_ in _OBJECT or clause.verb.lemma_ in ("call", "appeal"))
        ):
            found += [t for t in _at(clause.verb) if t not in found]
    spans = [span for token in found for span in _names(token)]
    return sorted(set(spans))


def _at(head: Any) -> list[Any]:
    lemma = head.lemma_.lower()
    found: list[Any] = []
    below = [c for c in head.children if c.dep_ in ("xcomp", "ccomp", "advcl") and c.i > head.i]
    infinitive = any(any(x.tag_ == "TO" for x in c.children) for c in below)
    passive = any(c.dep_ == "auxpass" for c in head.children)
    for child in head.children:
        if child.dep_ == "nsubjpass" and passive and lemma in _OBJECT:
            found.append(child)
        elif child.dep_ in ("dobj", "dative") and child.dep_ != "prep" and child.i > head.i and child.pos_ != "ADP":
            clause = infinitive or any(c.dep_ == "ccomp" for c in below)
            if lemma in _OBJECT and (lemma not in _WITH_INFINITIVE or clause):
                found.append(child)
        elif child.dep_ in ("prep", "dative") and child.pos_ in ("ADP", "SCONJ", "PART"):
            found += _after_preposition(lemma, child, infinitive=infinitive)
        elif (
            child.dep_ == "ccomp"
            and child.i > head.i
            and lemma in _OBJECT
            and any(x.tag_ == "TO" for x in child.children)
        ):
            found += [c for c in child.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < child.i]
    return found


def _after_preposition(lemma: str, preposition: Any, *, infinitive: bool) -> list[Any]:
    word = preposition.lower_
    nouns = [c for c in preposition.children if c.dep_ == "pobj"]
    if word in ("on", "upon") and lemma == "call":
        return nouns
    if word == "with" and lemma in ("plead", "agree") and infinitive:
        return nouns
    if word == "to" and lemma in _TO:
        return [
            n
            for n in nouns
            if n.lemma_ not in _THINGS and (n.pos_ in ("PROPN", "PRON") or n.ent_type_ not in ("DATE", "TIME"))
        ]
    if word in ("in", "with"):
        return [
            to
            for n in nouns
            if n.lemma_ in _DOCUMENTS
            for p in n.children
            if p.dep_ == "prep" and p.lower_ == "to"
            for to in p.children
            if to.dep_ == "pobj"
        ]
    return []


def _names(token: Any) -> list[Span]:
    """The phrase of a noun; of several joined proper names one span each."""
    joined = [token, *(c for c in token.conjuncts if c.i > token.i)]
    if len(joined) > 1 and all(t.pos_ == "PROPN" or t.ent_type_ for t in joined):
        return [_phrase(t, cut=True) for t in joined]
    return [_phrase(token, cut=False)]


def _phrase(token: Any, *, cut: bool) -> Span:
    drop = ("relcl", "acl", "punct") + (("conj", "cc", "prep") if cut else ())
    kept = [t for t in token.subtree if not t.is_space and not _below(t, token, drop)]
    # a list's end or a comma's rest is no part of the phrase
    run = [t for t in kept if t.i <= token.i] + [t for t in kept if t.i > token.i]
    start = run[0]
    end = run[-1]
    return start.idx, end.idx + len(end.text)


def _below(token: Any, top: Any, relations: tuple[str, ...]) -> bool:
    at = token
    while at != top:
        if at.dep_ in relations and not (at.dep_ == "punct" and at.text in ("-", "'")):
            return True
        at = at.head
    return False
