"""The speech act of a reported statement: from its cue, and under a neutral cue from its content.

docs/acts.md defines each act; the words that name one are in data/acts.toml.
"""

from __future__ import annotations

from worker.contract.claim import Act, Source
from worker.extraction.attribution.cue import Cue
from worker.extraction.attribution.sources.hearsay import is_hearsay
from worker.extraction.lexicon.act_words import lexicon
from worker.extraction.lexicon.word_lists import words
from worker.extraction.meaning.act_of_content import act_of_content
from worker.extraction.meaning.act_of_cue import act_of_cue, act_of_document
from worker.extraction.meaning.threats import threatens
from worker.extraction.syntax.main_clause import MainClause

__all__ = ["act_of", "plover_of"]

_OPEN = words("modal_verbs")
_WARNING = words("cues_of_a_warning")
_AHEAD = frozenset(["expect", "likely", "set", "go", "about", "bound", "destined", "due", "poised"])
"""Lemmas above an infinitive that make it a thing to come."""


def act_of(cue: Cue, clauses: list[MainClause], verbatim: str, source: Source) -> Act:
    """`clauses` are the content's, `verbatim` its own words."""
    act = act_of_cue(cue, clauses)
    if cue.lemmas[:1] == ("accord",) and source.span is not None:
        named = (*cue.lemmas[: cue.length], source.span.exact)  # the noun may be tagged with the cue
        act = next((each for noun in named if (each := act_of_document(noun)) is not None), act)
    if act is Act.ASSERT and cue.head is not None and is_hearsay(cue.head):
        return act
    if act is Act.ASSERT:
        return act_of_content(cue, clauses, verbatim, source)
    if act is Act.PROMISE and clauses and threatens(clauses[0]):
        return Act.THREATEN  # "vowed to stop every train if the cooks are sacked"
    if act is Act.PREDICT and cue.lemma in _WARNING:
        meant = act_of_content(cue, clauses, verbatim, source)
        if meant in (Act.THREATEN, Act.URGE):
            return meant
        return Act.ASSERT if _is_fact(clauses) else act
    return act


def plover_of(act: Act, clauses: list[MainClause]) -> str | None:
    """The PLOVER event type of an act, None if no type fits. A question requests no action, so it is not REQUEST."""
    if act is Act.ASK:
        asked = clauses and clauses[0].form == "infinitive" and not clauses[0].question
        return "REQUEST" if asked else None
    return lexicon().plover.get(act)


def _is_fact(clauses: list[MainClause]) -> bool:
    """Whether a warning says what is so already: "warned that the dam had cracks", not "that it may"."""
    if not clauses or clauses[0].form != "finite" or clauses[0].conditions:
        return False
    main = clauses[0]
    return not main.auxiliaries & _OPEN and main.tense in ("past", "present") and not _AHEAD & set(main.lifted)
