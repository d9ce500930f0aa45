"""Whether the subject of a content is the one who says it: by a pronoun, or by a pronoun or a name."""

from __future__ import annotations

import re

from worker.contract.claim import Source
from worker.extraction.lexicon.word_lists import words
from worker.extraction.speakers.pronouns import refers_to, third_person
from worker.extraction.syntax.main_clause import MainClause

__all__ = ["FIRST_PERSON", "is_by_third_person", "is_speaker", "is_speaker_by_pronoun"]

FIRST_PERSON = words("first_person_subjects")


def is_speaker(clause: MainClause, source: Source | None) -> bool:
    """As "we", "it" in "the firm said it would", or "Norland" in what Norland's mission says.

    `source` is None where the article says it itself.
    """
    subject = clause.subject
    if subject is None:
        return False
    if is_speaker_by_pronoun(clause, source):
        return True
    named = source.span.exact if source is not None and source.span is not None else ""
    has_pronoun = third_person(subject) is not None
    return not has_pronoun and subject.pos_ == "PROPN" and bool(re.search(rf"\b{re.escape(subject.text)}\b", named))


def is_by_third_person(clause: MainClause) -> bool:
    """Whether the subject is "he", "she" or "they", who in quoted words are others than the speaker."""
    return clause.subject is not None and clause.subject.lower_ in ("he", "she", "they")


def is_speaker_by_pronoun(clause: MainClause, source: Source | None) -> bool:
    """The same for pronouns only: who is named in his own words may be another of that name."""
    subject = clause.subject
    if subject is None:
        return False
    if subject.lower_ in FIRST_PERSON:
        return True
    pronoun = third_person(subject) if source is not None else None
    return pronoun is not None and pronoun == subject and source is not None and refers_to(pronoun, source)
