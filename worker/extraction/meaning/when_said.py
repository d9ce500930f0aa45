"""Whether a time of the sentence outside a content says when the content was said, or when what it says happened."""

from __future__ import annotations

from itertools import islice

from worker.extraction.attribution.cue import Cue
from worker.extraction.attribution.types import Attribution
from worker.extraction.lexicon.somebody import SOMEBODY
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.spans import Span
from worker.extraction.syntax.relations import subject_of

__all__ = ["tells_when_said"]

_SHARED_TIME = frozenset(["advcl", "xcomp", "pcomp", "prep", "acl", "aux"])
"""Relations up from a cue to the verb whose time it shares: "urged Iceland on Monday to withdraw, *saying* ..."."""
_VERBS = ("VERB", "AUX")
_DEPENDENT = frozenset(["acl", "aux", "auxpass", "advcl", "xcomp", "pcomp"])
"""Relations of a verb that says when or how another verb happens: the time may belong to that one."""
_MAX_WORDS_BETWEEN = 3
_EVENTS = words("unplanned_events")
_SPEAKING = frozenset(("address", "appear", "ask", "meet", "speak", "talk", "testify", "write"))
_TEXTS = (
    words("documents_as_sources")
    | words("documents_in_a_name")
    | words("documents_that_describe")
    | words("binding_documents")
    | words("occasions_of_talking")
    | words("parts_of_a_time")
)
"""What is written or said on a day, which is when its source said it; and parts of a time."""


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
    named = source.root if source is not None else None
    verbs = _verbs_of(cue.head)
    contents = [doc.char_span(*span, alignment_mode="expand") for span in attribution.content]
    at = below = tokens.root
    for _ in range(len(doc)):
        if at in verbs or any(part.start <= at.i < part.end for part in contents if part is not None):
            return True
        if at == named:
            return _dates(at, below)
        if _is_another_event(at, below) or (at.pos_ in _VERBS and at.dep_ not in _DEPENDENT) or at.head == at:
            return False
        below, at = at, at.head
    return False


def _dates(source: Token, below: Token) -> bool:
    """Whether a time below a source tells when it spoke: "a report from March", not "the bank, founded in 1967"."""
    lemma = source.lemma_.lower()
    if below.dep_ in ("appos", "acl", "relcl", "advcl"):
        return lemma in _TEXTS
    return source.pos_ == "NOUN" and lemma not in SOMEBODY


def _is_another_event(at: Token, below: Token) -> bool:
    """Whether a time above which a word stands is that of another event: "after a fire on Monday", "the raid of 2015",
    "after the bridge was closed on Monday".
    """
    if at.pos_ == "VERB":
        return at.dep_ == "advcl" and subject_of(at) is not None and at.lemma_ not in _SPEAKING
    if at.pos_ != "NOUN" or at == below:
        return False
    return at.lemma_.lower() in _EVENTS or (below.lower_ == "of" and at.lemma_.lower() not in _TEXTS)


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
