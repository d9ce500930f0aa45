"""Makes a clause of a content that is none, from its cue and its source: "accused Norland of hiding losses".

The subject is the one of whom it is said or the source, the tense follows the cue: "Norland hid losses". Where no such
form is known the cue's own words make the clause: "Norland called for calm". The words of the content stay.
"""

from __future__ import annotations

from collections.abc import Sequence

from worker.contract.claim import QuoteType
from worker.extraction.meaning.full_clause.below_cue import Reading
from worker.extraction.meaning.full_clause.hanging import (
    behind_its_conjunction,
    of_a_described_subject,
    of_a_granted_deed,
    of_a_hanging_infinitive,
    of_a_hanging_relative,
    of_a_place_or_time,
    of_an_addition,
)
from worker.extraction.meaning.full_clause.nouns import below_a_noun, of_a_named_statement
from worker.extraction.meaning.full_clause.parts import VERBS, ClauseContent
from worker.extraction.meaning.full_clause.with_cue import (
    around_its_cue,
    behind_a_colon,
    is_asked,
    is_clause,
    is_told_by_colon,
    of_a_question,
    of_a_quoted_object,
    of_a_thing_said,
    of_who_is_asked,
    with_cue,
)
from worker.extraction.meaning.polarity import is_not_found
from worker.extraction.meaning.standalone_text import StandaloneText
from worker.extraction.parse import Token
from worker.extraction.speakers.stage import Statement

__all__ = ["full_clause"]


def full_clause(statement: Statement, tokens: Sequence[Token], readable: StandaloneText) -> str | None:
    """The clause that a content says, None where the content is one already or no clause can be made of it.

    `tokens`: those of the content, in their order. `readable`: the text with names for pronouns.
    """
    kept = [t for t in tokens if not t.is_space]
    if statement.reported is not None and len(kept) > 2 and kept[0].dep_ == "cc" and kept[1].tag_ in ("WRB", "IN"):
        kept = kept[1:]  # "noted if | and how often it rained"
    if not kept or not statement.clauses:
        return None
    content = ClauseContent(kept, readable)
    reported = statement.reported
    if reported is None:
        head = statement.clauses[0].head
        return (
            of_a_place_or_time(content, head)
            or of_an_addition(content, head)
            or behind_its_conjunction(content, head, statement.voice)
            or of_a_granted_deed(content, head)
        )
    if reported.attribution.quote_type is QuoteType.DIRECT:
        return of_a_quoted_object(content, reported)
    verb = reported.cue.head
    if verb is None:
        return behind_a_colon(content)
    head = statement.clauses[0].head
    made = (
        of_a_described_subject(content, head, verb)
        or of_a_hanging_relative(content, head)
        or of_a_hanging_infinitive(content, verb, reported)
        or of_a_named_statement(content, verb)
        or (Reading(content, verb, reported).clause() if verb.pos_ in VERBS else None)
    )
    if made is not None:
        return made
    if is_told_by_colon(content, verb) and (made := with_cue(content, reported)) is not None:
        return made
    is_said = is_clause(content) and not is_asked(content, reported)
    if verb.pos_ == "NOUN":
        made = below_a_noun(content, reported, verb) or (None if is_said else with_cue(content, reported))
        return made or of_a_question(content, reported)
    if is_said:
        return with_cue(content, reported) if is_not_found(reported.cue, statement.clauses) else None
    return (
        of_who_is_asked(content, reported)
        or with_cue(content, reported)
        or of_a_thing_said(content, reported)
        or around_its_cue(content, reported)
        or of_a_question(content, reported)
    )
