"""Who a third-person subject is: the speaker in indirect speech, else the subject of the sentence before."""

from __future__ import annotations

import re
from typing import Any

from worker.contract.claim import Source
from worker.extraction.entities import Entities

__all__ = ["antecedent", "many", "refers_to", "third_person"]

_MANY = re.compile(r"\band\b|\b\w+s$|\b(?:people|police|children|men|women|staff)$", re.IGNORECASE)
_ONE = {
    "he": "he",
    "him": "he",
    "his": "he",
    "she": "she",
    "her": "she",
    "it": "it",
    "its": "it",
    "they": "they",
    "their": "they",
}
_LONGEST = 8
"""Words of a phrase that may be put for a pronoun."""


def many(name: str) -> bool:
    """Whether a name stands for several, by its form: "prosecutors", "Anna Berg and Ole Lie"; "United States" is one."""
    head = re.split(r",| of | from | for | at | in ", name, maxsplit=1)[0].strip()
    words = head.split()
    proper = len(words) > 1 and all(word[:1].isupper() for word in words)
    return bool(re.search(r"\band\b", head) if proper else _MANY.search(head))


def third_person(subject: Any) -> Any | None:
    """The pronoun of a subject: itself ("it has paid") or the one who owns it ("its shares"). None where there is none."""
    if subject.tag_ == "PRP" and subject.lower_ in _ONE:
        return None if _impersonal(subject) else subject
    return next((c for c in subject.children if c.tag_ == "PRP$" and c.lower_ in _ONE and c.i < subject.i), None)


def _impersonal(pronoun: Any) -> bool:
    """As in "it was imperative that", "it is raining": nobody."""
    if pronoun.lower_ != "it":
        return False
    verb = pronoun.head
    clausal = any(
        c.dep_ in ("ccomp", "xcomp") or (c.dep_ == "advcl" and any(x.tag_ == "TO" for x in c.children))
        for c in verb.children
    )
    state = any(c.dep_ in ("acomp", "attr", "oprd") for c in verb.children)
    below = any(
        x.dep_ in ("ccomp", "xcomp", "acl", "relcl")
        for c in verb.children
        if c.dep_ in ("acomp", "attr")
        for x in c.children
    )
    return (
        pronoun.dep_ == "expl"
        or (verb.lemma_ in ("be", "seem", "appear") and state and (clausal or below))
        or verb.lemma_ in ("rain", "snow", "take")
    )


def refers_to(pronoun: Any, source: Source) -> bool:
    """Whether a third-person pronoun in indirect speech can be the one who speaks, by number and kind."""
    if source.name is None or source.span is None:
        return False
    word = _ONE[pronoun.lower_]
    person = source.kind == "person"
    several = not person and many(source.name)
    if word in ("he", "she"):
        return person or (source.kind is None and not several)
    return several if word == "they" else not person and not several


def antecedent(pronoun: Any, entities: Entities) -> str | None:
    """The subject of the sentence before, where it agrees in number and kind; for "he" and "she" the one person in it."""
    sentence = pronoun.sent
    if sentence.start == 0:
        return None
    before = pronoun.doc[sentence.start - 1].sent
    word = _ONE[pronoun.lower_]
    start, end = before.start_char, before.end_char
    if word in ("he", "she"):
        persons = list(dict.fromkeys(e.name for e in entities.within(((start, end),)) if e.type == "PERSON"))
        return persons[0] if len(persons) == 1 else None
    root = before.root
    subjects = [c for c in root.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < root.i]
    subject = subjects[-1] if subjects else None
    if subject is None or subject.pos_ not in ("NOUN", "PROPN"):
        return None
    plural = subject.tag_ in ("NNS", "NNPS") or any(c.dep_ == "conj" for c in subject.children)
    if plural != (word == "they") or subject.ent_type_ == "PERSON":
        return None
    named = entities.all_of((subject.left_edge.idx, subject.idx + len(subject.text)))
    if named is not None:
        return named[0]
    kept = [
        t
        for t in subject.subtree
        if not t.is_space and not any(a.dep_ in ("relcl", "appos", "acl", "punct") for a in _up(t, subject))
    ]
    if not kept or len(kept) > _LONGEST or kept[-1].i - kept[0].i + 1 != len(kept):
        return None
    words = " ".join("".join(t.text_with_ws for t in kept).split())
    return words[:1].lower() + words[1:] if kept[0].lower_ in ("the", "a", "an", "this") else words


def _up(token: Any, top: Any) -> list[Any]:
    path = []
    while token != top:
        path.append(token)
        token = token.head
    return path
