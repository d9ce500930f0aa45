"""Nouns that by their form are somebody by what he does: "potter", "lobbyist"."""

from __future__ import annotations

import re

from worker.extraction.lexicon.word_lists import words

__all__ = ["is_trade"]

_ENDING = re.compile(r"(?:er|or|ist|ian|man|woman|men|women)s?$")
_OTHERS = (
    words("documents_as_sources")
    | words("documents_in_a_name")
    | words("described_bodies")
    | words("body_words")
    | words("things_with_endings_of_trades")
)


def is_trade(lemma: str) -> bool:
    """True for a noun in lower case with the ending of a trade that is no thing, document or body: not "poster"."""
    return _ENDING.search(lemma) is not None and lemma not in _OTHERS and lemma.removesuffix("s") not in _OTHERS
