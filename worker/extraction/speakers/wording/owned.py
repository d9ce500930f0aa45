"""Sources that somebody has, by the name of whose they are: "her lawyer" is the lawyer of Rosa Lund."""

from __future__ import annotations

import re
from typing import NamedTuple

from worker.extraction.entities.person_names import Gender
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span
from worker.extraction.speakers.genders import GENDER_OF

__all__ = ["Owned", "call_themselves", "owned", "speaks_for_a_body"]

_OWNERS = {"his": "he", "her": "she", "its": "it", "their": "they"}
_OTHERS = ("client", "defendant")
"""Whom somebody speaks for: "his client" has a name of its own."""
_SPOKESPEOPLE = words("spokespeople") - {"lawyer", "attorney"}
_NAME = r"[“\"‘']?(?P<name>[A-ZÀ-Þ][\w’'-]*(?:\s[A-ZÀ-Þ][\w’'-]*){0,2}|(?<=[“\"‘'])[\w.-]*\w)"
_CALLED = re.compile(rf",?\s(?:who|that)\s{any_of('ways_to_give_a_name')}\s{_NAME}")


class Owned(NamedTuple):
    """What follows the owner's pronoun, "lawyer", and the pronoun in its nominative."""

    rest: str
    pronoun: str


def owned(doc: Doc, text: str, span: Span) -> Owned | None:
    """A source of the form "her lawyer"; None for another."""
    tokens = doc.char_span(*span, alignment_mode="expand")
    if tokens is None or len(tokens) < 2 or tokens[0].tag_ != "PRP$" or tokens.root.lemma_ in _OTHERS:
        return None
    pronoun = _OWNERS.get(tokens[0].lower_)
    return Owned(text[tokens[1].idx : span[1]].removeprefix("own "), pronoun) if pronoun is not None else None


def speaks_for_a_body(head: Token) -> bool:
    """True for a spokesman of whom the phrase itself does not say whose he is."""
    behind = any(c.dep_ in ("prep", "poss", "compound", "nmod", "amod") for c in head.children)
    return head.lemma_.casefold() in _SPOKESPEOPLE and not behind


def call_themselves(text: str, span: Span) -> tuple[str, Gender | None] | None:
    """The name that somebody unnamed gives, and the gender that it tells: "a woman who gave her name only as Dora"."""
    match = _CALLED.search(text, span[0], min(span[1] + 100, len(text)))
    if match is None or match.start() > span[1]:
        return None
    told = [GENDER_OF[word] for word in re.sub("self", "", match[0]).split() if word in GENDER_OF]
    return match["name"], told[0] if told else None
