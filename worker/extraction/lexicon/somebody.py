"""Words for somebody who can speak or be told something: people and bodies."""

from __future__ import annotations

from worker.extraction.lexicon.word_lists import words

__all__ = ["SOMEBODY"]

SOMEBODY = (
    words("described_people")
    | words("described_bodies")
    | words("unnamed_people")
    | words("roles")
    | words("groups_of_hearers")
)
"""Lemmas."""
