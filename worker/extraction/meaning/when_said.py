"""Whether a time of the sentence outside a content says when the content was said, or when what it says happened."""

from __future__ import annotations

from itertools import islice

from worker.extraction.attribution.cue import Cue
from worker.extraction.attribution.types import Attribution
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span

__all__ = ["tells_when_said"]

_SHARED_TIME = frozenset(["advcl", "xcomp", "pcomp", "prep", "acl", "aux"])
"""Relations up from a cue to the verb whose time it shares: "urged Iceland on Monday to withdraw, *saying* ..."."""
_VERBS = ("VERB", "AUX")
_DEPENDENT = frozenset(["acl", "aux", "auxpass", "advcl", "xcomp", "pcomp"])
"""Relations of a verb that says when or how another verb happens: the time may belong to that one."""
_MAX_WORDS_BETWEEN = 3


def tells_when_said(doc: Doc, time: Span, attribution: Attribution, cue: Cue) -> bool:
    """Decided on the parse: the time's verb is the cue's or one that shares its time with the cue; or the time dates
    the source ("a report published on Wednesday"), or a word of the content (", as the October accord has it"). A time
    right beside the cue or the source counts wherever the parse put it. Without a cue in the parse every time counts.

    A time of a joined or of a relative clause says when something else happened.
    """
    tokens = doc.char_span(*time, alignment_mode="expand")
    if tokens is None or cue.head is None:
        return True
    if _beside(doc, tokens, attribution):
        return True
    source = doc.char_span(*attribution.source, alignment_mode="expand") if attribution.source else None
    ends = [*_verbs_of(cue.head), *([source.root] if source is not None else [])]
    contents = [doc.char_span(*span, alignment_mode="expand") for span in attribution.content]
    at = tokens.root
    for _ in range(len(doc)):
        if at in ends or any(part.start <= at.i < part.end for part in contents if part is not None):
            return True
        if (at.pos_ in _VERBS and at.dep_ not in _DEPENDENT) or at.head == at:
            return False
        at = at.head
    return False


def _verbs_of(head: Token) -> list[Token]:
    """The cue's main word and those above it up to the verb whose time it shares."""
    shared = [head]
    at = head
    while at.dep_ in _SHARED_TIME and at.head != at:
        at = at.head
        shared.append(at)
    return shared


def _beside(doc: Doc, tokens: Phrase, attribution: Attribution) -> bool:
    """Whether only words such as "on" and "late" are between a time and the cue, or between it and the source."""
    for span in (attribution.cue, attribution.source):
        near = doc.char_span(*span, alignment_mode="expand") if span else None
        if near is None or (near.start < tokens.end and tokens.start < near.end):
            continue
        first, last = (near.end, tokens.start) if near.end <= tokens.start else (tokens.end, near.start)
        between = list(islice((t for t in doc[first:last] if not t.is_space), _MAX_WORDS_BETWEEN + 1))
        if len(between) <= _MAX_WORDS_BETWEEN and all(t.pos_ in ("ADP", "ADV", "DET", "ADJ") for t in between):
            return True
    return False
