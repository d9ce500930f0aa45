"""Tells whether a time lies before or after publication, from the tense of its verb and from words of planning."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span

__all__ = ["after_superlative", "direction"]

_MODALS = words("modal_verbs")
_PLANNED = words("planning_words")
_PLANNING_VERBS = words("planning_verbs")
_ACCOMPLISHED = words("accomplished_verbs")
_SKIPPED = words("skipped_before_time")
_OF_PLAN = words("prepositions_of_plan")
_BEFORE_EVENT = words("prepositions_before_event")
_REPORTING = words("reporting_in_present")
_SCHEDULED = words("scheduled_events")
_UNPLANNED = words("unplanned_events")
_PICTURES = words("pictures")
_MAX_DEPTH = 8


def direction(doc: Doc, span: Span, begin: int | None = None) -> int:
    """-1 where a time lies before publication, 1 where it lies after it, 0 where nothing tells.

    `span` is that of the words that depend on the verb; `begin` is where the whole expression begins, if before them.
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
        while named.dep_ == "compound" and named.head.pos_ == "PROPN":
            named = named.head  # "On Sunday President Moor will"
        if named.ent_type_ != "PERSON" and not _awaited(named):
            return -1  # "the October ceasefire": an event that has a name has mostly happened
    holder = token.head.head if token.head.pos_ == "ADP" else token.head
    if holder.lemma_ in _UNPLANNED and holder.i < token.i:
        return -1
    governor = _verb(named)
    if governor is None:
        return 1 if _is_present_for_noun(named) else 0
    found = _of_verb(governor)
    if left and left[-1].lower_ in ("before", "by", "until", "till") and found < 0:
        return 0  # "promised an answer before Christmas"
    in_present = found > 0 and governor.tag_ in ("VBZ", "VBP")
    if in_present and ((left and left[-1].lower_ == "after") or _is_caption(doc, tokens.end)):
        return -1  # "mud lies in the streets after Saturday's flood", "Commuters wait on Thursday. Photograph: …"
    return found


def _is_caption(doc: Doc, end: int) -> bool:
    """True if the credit of a picture follows in the line of a time. `end`: the token behind the time."""
    words_behind = [token.lower_ for token in doc[end : end + 2 * _MAX_DEPTH]]
    line = words_behind[: next((i for i, word in enumerate(words_behind) if "\n" in word), len(words_behind))]
    return any(word in _PICTURES and ":" in line[i + 1 : i + 3] for i, word in enumerate(line))


def after_superlative(doc: Doc, span: Span) -> bool:
    """ "The highest level in 30 years" tells how long, not when."""
    tokens = doc.char_span(*span, alignment_mode="expand")
    if tokens is None:
        return False
    before = doc[max(tokens.sent.start, tokens.start - 6) : tokens.start]
    return any(t.tag_ in ("JJS", "RBS") or t.lower_ in ("first", "only", "record") for t in before)


def _ahead_of(left: list[Token]) -> bool:
    """ "ahead of Tuesday's vote", "scheduled for Friday", "due on Monday"."""
    telling = [t for t in left if t.lower_ not in _SKIPPED][-2:]
    if len(telling) < 2:
        return False
    before, preposition = telling
    if before.lower_ == "ahead" and preposition.lower_ == "of":
        return True
    planned = before.lemma_ in _PLANNED and before.tag_ in ("VBN", "JJ")
    return bool(planned) and preposition.lower_ in _OF_PLAN


def _awaited(noun: Token) -> bool:
    """Whether an event named by its time may lie ahead: "before the March election", "the March deadline will"."""
    if noun.lemma_ not in _SCHEDULED:
        return False
    if noun.dep_ == "pobj" and noun.head.lower_ in _BEFORE_EVENT:
        return bool(noun.head.lower_ != "of" or noun.head.head.lower_ == "ahead")
    governor = _verb(noun)
    return governor is not None and _of_verb(governor) > 0


def _is_present_for_noun(token: Token) -> bool:
    """Whether a time hangs on a present tense that the tagger takes for a plural: "The ferry returns in a week"."""
    for _ in range(_MAX_DEPTH):
        if token.dep_ == "ccomp" and token.tag_ == "NNS":
            return True
        token = token.head
    return False


def _verb(token: Token) -> Token | None:
    for _ in range(_MAX_DEPTH):
        if token.dep_ == "ccomp" and token.tag_ == "NNS":
            return None
        if token.pos_ in ("VERB", "AUX"):
            return token
        if token.head == token:
            return None
        token = token.head
    return None


def _of_verb(verb: Token) -> int:
    for _ in range(_MAX_DEPTH):
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


def _finite(verb: Token) -> int | None:
    """The direction by the tense of a verb; None for a form without a tense of its own."""
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    auxiliaries = {h.lower_ for h in helpers}
    if auxiliaries & _MODALS or verb.lower_ in _MODALS:
        perfect = any(h.lower_ == "have" for h in helpers) and verb.tag_ in ("VBN", "VBD")
        return -1 if perfect and not auxiliaries & {"will", "shall", "'ll", "’ll"} else 1
    if verb.lemma_ in _PLANNED and verb.tag_ in ("VBN", "VBD", "VBZ", "VBP", "JJ") and _is_plan(verb, helpers):
        return 1
    if "to" not in auxiliaries and any(h.tag_ == "VBD" for h in [verb, *helpers]):
        return -1
    if auxiliaries & {"has", "have", "had", "'ve", "’ve"} and verb.tag_ in ("VBN", "VBD"):
        return -1
    if verb.tag_ in ("VBZ", "VBP") or any(h.tag_ in ("VBZ", "VBP") for h in helpers):
        if "to" in auxiliaries:
            return 1  # "is to begin in March"
        return _present(verb)
    if verb.tag_ == "VB" and verb.dep_ in ("ROOT", "ccomp") and not auxiliaries:
        return 1  # "Call on Monday", "demand that he leave by Monday"
    return None


def _is_plan(verb: Token, helpers: list[Token]) -> bool:
    """ "is scheduled for", "plans to", "due on"; not "the company set a record on Friday"."""
    if verb.tag_ == "VBN":
        return any(h.dep_ == "auxpass" for h in helpers) or verb.dep_ in ("acl", "amod", "advcl")
    return verb.lemma_ in _PLANNING_VERBS


def _present(verb: Token) -> int:
    """The present tense is about the past in a headline and for verbs of reporting; elsewhere it tells a plan."""
    sentence = verb.sent
    last = sentence[-1].text
    headline = sentence.start == 0 and "\n" in last and not sentence.text.rstrip().endswith((".", "!", "?"))
    if headline or verb.lemma_ in _REPORTING:
        return -1
    return 1


def _infinitive(verb: Token) -> int | None:
    """The direction of an infinitive; None where the governing verb decides: "failed to agree on Friday"."""
    if any(c.lower_ == "have" and c.dep_ == "aux" for c in verb.children):
        return -1
    head = verb.head
    if head.lemma_ == "be" and head.tag_ == "VBD":
        return 0  # "was to open in March": nobody knows whether it did
    if any(c.lower_ == "had" and c.dep_ == "aux" for c in head.children):
        return 0  # "had urged them to leave by July"
    if verb.dep_ in ("xcomp", "acl", "ccomp", "ROOT", "csubj", "relcl", "conj") and not (
        head.lemma_ in _ACCOMPLISHED and verb.dep_ == "xcomp"
    ):
        return 1
    return None
