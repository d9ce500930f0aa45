"""Whether a time outside a content, in the same sentence, tells when the content was said or when what it says was."""

from __future__ import annotations

from itertools import islice
from typing import Any

from worker.extraction.cue import Cue
from worker.extraction.types import Attribution, Span

__all__ = ["tells_when_said"]

_UP = frozenset(["advcl", "xcomp", "pcomp", "prep", "acl", "aux"])
"""Ways up from a cue to the verb whose time it shares: "urged Iceland on Monday to withdraw, *saying* ..."."""
_VERBS = ("VERB", "AUX")
_ON = frozenset(["acl", "aux", "auxpass", "advcl", "xcomp", "pcomp"])
"""Of a verb above a time: it says of another verb when, how or under what that is, so that the way goes on."""
_BETWEEN = 3


def tells_when_said(doc: Any, time: Span, found: Attribution, cue: Cue) -> bool:
    """By the parse: the time's own verb is the cue's, or one that the cue shares its time with; or it dates the source
    ("a report published on Wednesday"); or it says more of the content's verb (", as the October accord has it"). A
    time right beside cue or source counts wherever the parse put it.

    Times of a clause joined by "and" or "but", and of a relative clause, tell when something else was.
    """
    tokens = doc.char_span(*time, alignment_mode="expand")
    if tokens is None or cue.head is None:
        return True
    if _beside(doc, tokens, found):
        return True
    source = doc.char_span(*found.source, alignment_mode="expand") if found.source else None
    ends = [*_verbs_of(cue.head), *([source.root] if source is not None else [])]
    contents = [doc.char_span(*span, alignment_mode="expand") for span in found.content]
    at = tokens.root
    for _ in range(len(doc)):
        if at in ends or any(part.start <= at.i < part.end for part in contents if part is not None):
            return True
        if (at.pos_ in _VERBS and at.dep_ not in _ON) or at.head == at:
            return False
        at = at.head
    return False


def _verbs_of(head: Any) -> list[Any]:
    """The cue's word and those above it up to the verb whose time it has."""
    shared = [head]
    at = head
    while at.dep_ in _UP and at.head != at:
        at = at.head
        shared.append(at)
    return shared


def _beside(doc: Any, tokens: Any, found: Attribution) -> bool:
    """Whether only words like "on" and "late" stand between the time and the cue, or between it and the source behind a cue."""
    for span in (found.cue, found.source):
        near = doc.char_span(*span, alignment_mode="expand") if span else None
        if near is None or (near.start < tokens.end and tokens.start < near.end):
            continue
        first, last = (near.end, tokens.start) if near.end <= tokens.start else (tokens.end, near.start)
        between = list(islice((t for t in doc[first:last] if not t.is_space), _BETWEEN + 1))
        if len(between) <= _BETWEEN and all(t.pos_ in ("ADP", "ADV", "DET", "ADJ") for t in between):
            return True
    return False
