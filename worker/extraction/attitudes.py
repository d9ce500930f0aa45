"""Statements told from what only looks like one: who supports, faces or observes a thing has not thereby said anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.extraction.lexicon import lexicon
from worker.extraction.types import Attribution, Span

__all__ = ["says_something"]

_TAKING_SIDES = frozenset({"support", "back"})
"""In words or in deeds; to reject, oppose or welcome a thing is to say so."""
_STATED = frozenset(
    "accord agreement aim allegation appeal argument assertion bid bill call candidacy claim decision demand deal effort idea independence "
    "law measure mission motion move plan policy position proposal reform request resolution sanction statement step suggestion theory "
    "treaty truce view".split()
)
"""What one can take sides on in words: a plan or a demand, not an army or a patient."""
_FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})


def says_something(doc: Any, text: str, each: Attribution) -> bool:
    """Whether an attribution is a claim. The corpora that the model learnt from mark attitudes and events as well.

    A quote, a clause, and any content of a verb of speech are said; a bare noun phrase under another verb is what
    somebody does, and belongs to the article's own voice, as does what is reported in the passive by nobody.
    """
    if not any(c.isalnum() for s, e in each.content for c in text[s:e]):
        return False  # a quotation mark that was left over
    cue = doc.char_span(*each.cue, alignment_mode="expand") if each.cue else None
    if any(mark in text[s:e] for s, e in each.content for mark in '“"«„'):
        return True
    inside = [t for s, e in each.content for t in (doc.char_span(s, e, alignment_mode="expand") or ())]
    places = {t.i for t in inside}
    if any(_predicates(t, places) for t in inside):
        return True
    if each.cue is None or cue is None or not any(t.is_alpha for t in cue):
        return each.source is not None  # "Mayor: no new taxes"
    if _apart(text, each.cue, each.content):
        return False  # the "researchers" of a headline, with a cue of the next paragraph
    verbs = [t for t in cue if t.pos_ in ("VERB", "AUX")]
    if not verbs:
        return True  # "according to", "his demand for"
    verb = verbs[-1]
    if verb.lemma_ in _TAKING_SIDES:
        return any(t.lemma_ in _STATED for t in inside)
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    if passive and each.source is None:
        return False
    if any(c.dep_ == "neg" for c in verb.children):
        return True  # "would not be drawn on a motive"
    known = lexicon()
    return verb.lemma_ in known.verbs or verb.lemma_ in known.nouns or each.negated


def _apart(text: str, cue: Span, content: Sequence[Span]) -> bool:
    """Whether no span of the content stands in the cue's paragraph."""
    start, end = cue
    return all("\n" in (text[e:start] if e <= start else text[end:s]) for s, e in content)


def _predicates(token: Any, inside: set[int]) -> bool:
    """Whether a verb says something of its own, not only which thing is meant: "the plan that failed" is a thing."""
    if token.tag_ not in _FINITE and token.tag_ != "TO":
        return False
    at = token
    while at.i in inside and at.head != at:
        if at.dep_ in ("relcl", "acl"):
            return False
        at = at.head
    return True
