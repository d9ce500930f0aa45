"""Which way from the day of publication a time lies: the tense of the verb that it belongs to, and what plans and what follows."""

from __future__ import annotations

from typing import Any

from worker.extraction.types import Span

__all__ = ["after_superlative", "direction"]

_MODALS = frozenset("will shall 'll ’ll wo would could may might can should must".split())
_PLANNED = frozenset(
    "plan expect schedule hope due intend slate set await project forecast earmark pencil tip propose postpone defer "
    "delay bring book time".split()
)
"""What was "planned for Friday" lies ahead, whatever the tense of the sentence."""
_DONE = frozenset(
    "fail manage refuse try begin start continue decline force have need use attempt seem appear happen help cause "
    "lead come go travel gather meet rush stop return".split()
)
"""With an infinitive these tell what happened, not what is to come: "failed to reach a deal on Friday"."""
_EVENTS = frozenset(
    "deadline election vote summit meeting hearing trial ballot poll referendum match game talks".split()
)
_HAPPENED = frozenset(
    "accident arrest assassination attack blast bombing collapse crash death defeat earthquake execution explosion fire flood "
    "incident killing loss murder quake raid resignation riot shooting slaying stabbing storm victory win".split()
)
"""What is named by its day after it happened: "the slaying on Friday", "the win Tuesday"."""
_DEEPEST = 8


def direction(doc: Any, span: Span, begin: int | None = None) -> int:
    """-1 where the time lies back, 1 ahead, 0 where nothing tells.

    `span` is what the parse hangs on its verb, `begin` where the whole expression begins, if before it.
    """
    tokens = doc.char_span(*span, alignment_mode="expand")
    if tokens is None:
        return 0
    token = tokens.root
    at = tokens.start
    while at and begin is not None and doc[at - 1].idx >= begin:
        at -= 1
    left = list(doc[max(0, at - 4) : at])
    if left and left[-1].lower_ == "since":
        return -1
    if _ahead_of(left):
        return 1
    if token.head.lower_ in ("morning", "afternoon", "evening", "night") and token.head.i > token.i:
        token = token.head
    named = token
    if token.dep_ in ("compound", "nmod", "amod") and token.head.pos_ in ("NOUN", "PROPN") and token.head.i > token.i:
        named = token.head
        if not _awaited(named):
            return -1  # "the October ceasefire": what has a name has mostly been
    holder = token.head.head if token.head.pos_ == "ADP" else token.head
    if holder.lemma_ in _HAPPENED and holder.i < token.i:
        return -1
    governor = _verb(named)
    if governor is None:
        return 0
    found = _of_verb(governor)
    if left and left[-1].lower_ in ("before", "by", "until", "till") and found < 0:
        return 0  # "promised an answer before Christmas"
    if left and left[-1].lower_ == "after" and found > 0 and governor.tag_ in ("VBZ", "VBP"):
        return -1  # "mud lies in the streets after Saturday's flood"
    return found


def after_superlative(doc: Any, span: Span) -> bool:
    """ "The highest level in 30 years" tells how long, not when."""
    tokens = doc.char_span(*span, alignment_mode="expand")
    if tokens is None:
        return False
    before = doc[max(tokens.sent.start, tokens.start - 6) : tokens.start]
    return any(t.tag_ in ("JJS", "RBS") or t.lower_ in ("first", "only", "record") for t in before)


def _ahead_of(left: list[Any]) -> bool:
    """ "ahead of Tuesday's vote", "scheduled for Friday", "due on Monday"."""
    words = [t for t in left if t.lower_ not in ("the", "a", "this", "next", "early", "late", "mid", "-")][-2:]
    if len(words) < 2:
        return False
    before, preposition = words
    if before.lower_ == "ahead" and preposition.lower_ == "of":
        return True
    planned = before.lemma_ in _PLANNED and before.tag_ in ("VBN", "JJ")
    return bool(planned) and preposition.lower_ in ("for", "on", "in", "at", "to", "until", "by")


def _awaited(noun: Any) -> bool:
    """Whether an event named by its time may lie ahead: "before the March election", "the March deadline will"."""
    if noun.lemma_ not in _EVENTS:
        return False
    if noun.dep_ == "pobj" and noun.head.lower_ in ("before", "until", "till", "through", "for", "of", "by"):
        return bool(noun.head.lower_ != "of" or noun.head.head.lower_ == "ahead")
    governor = _verb(noun)
    return governor is not None and _of_verb(governor) > 0


def _verb(token: Any) -> Any:
    for _ in range(_DEEPEST):
        if token.pos_ in ("VERB", "AUX"):
            return token
        if token.head == token:
            return None
        token = token.head
    return None


def _of_verb(verb: Any) -> int:
    for _ in range(_DEEPEST):
        found = _finite(verb)
        if found is not None:
            return found
        if verb.tag_ == "VB" and any(c.lower_ == "to" and c.dep_ == "aux" for c in verb.children):
            plain = _infinitive(verb)
            if plain is not None:
                return plain
        elif verb.tag_ == "VBN" and verb.dep_ in ("acl", "advcl", "amod", "ROOT"):
            return 1 if verb.lemma_ in _PLANNED else -1  # "the accord signed on Friday"
        if verb.head == verb or (above := _verb(verb.head)) is None:
            return 0
        verb = above
    return 0


def _finite(verb: Any) -> int | None:
    """None for a form without a tense of its own."""
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    words = {h.lower_ for h in helpers}
    if words & _MODALS or verb.lower_ in _MODALS:
        perfect = any(h.lower_ == "have" for h in helpers) and verb.tag_ in ("VBN", "VBD")
        return -1 if perfect and not words & {"will", "shall", "'ll", "’ll"} else 1
    if verb.lemma_ in _PLANNED and verb.tag_ in ("VBN", "VBD", "VBZ", "VBP", "JJ") and _is_plan(verb, helpers):
        return 1
    if "to" not in words and any(h.tag_ == "VBD" for h in [verb, *helpers]):
        return -1
    if words & {"has", "have", "had", "'ve", "’ve"} and verb.tag_ in ("VBN", "VBD"):
        return -1
    if verb.tag_ in ("VBZ", "VBP") or any(h.tag_ in ("VBZ", "VBP") for h in helpers):
        if "to" in words:
            return 1  # "is to begin in March"
        return _present(verb)
    if verb.tag_ == "VB" and verb.dep_ in ("ROOT", "ccomp") and not words:
        return 1  # "Call on Monday", "demand that he leave by Monday"
    return None


def _is_plan(verb: Any, helpers: list[Any]) -> bool:
    """ "is scheduled for", "plans to", "due on"; not "the company set a record on Friday"."""
    if verb.tag_ == "VBN":
        return any(h.dep_ == "auxpass" for h in helpers) or verb.dep_ in ("acl", "amod", "advcl")
    return verb.lemma_ in ("plan", "expect", "hope", "intend", "due", "await", "project", "forecast")


def _present(verb: Any) -> int:
    """A headline's present tells what was; elsewhere a present with a day tells what is fixed."""
    sentence = verb.sent
    last = sentence[-1].text
    headline = sentence.start == 0 and "\n" in last and not sentence.text.rstrip().endswith((".", "!", "?"))
    if headline or verb.lemma_ in ("say", "show", "write", "tell", "report"):
        return -1
    return 1


def _infinitive(verb: Any) -> int | None:
    """None where the governing verb's tense decides: "failed to agree on Friday", "came on Friday to talk"."""
    if any(c.lower_ == "have" and c.dep_ == "aux" for c in verb.children):
        return -1
    head = verb.head
    if head.lemma_ == "be" and head.tag_ == "VBD":
        return 0  # "was to open in March": nobody knows whether it did
    if any(c.lower_ == "had" and c.dep_ == "aux" for c in head.children):
        return 0  # "had urged them to leave by July"
    if verb.dep_ in ("xcomp", "acl", "ccomp", "ROOT", "csubj", "relcl", "conj") and not (
        head.lemma_ in _DONE and verb.dep_ == "xcomp"
    ):
        return 1
    return None
