"""Where the people of a text are from by the words beside their names, and what "the Dane" asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.speakers.descriptions import Introduced
from worker.gazetteer.lists import gazetteer

__all__ = ["Origins", "country_of_inhabitant", "is_inhabitant"]

_INHABITANT = re.compile(r"[Tt]he\s(?P<noun>(?:New\s|Hong\s|Sri\s|Puerto\s|Costa\s|North\s|South\s)?[A-ZÀ-Þ][\w-]+)$")
_BY_FORM = re.compile(r"(?:New\s)?[A-Z][a-z]+lander$")
_FURTHER = words("further_inhabitants")
_BEFORE_A_NAME = ("ADJ", "NOUN", "PROPN", "NUM")
_MAN = re.compile(r"(?:wo)?man$")
_TOKENS = 8
"""Tokens before a name, and behind it, in which its bearer's country is told."""


def country_of_inhabitant(wording: str) -> str | None:
    """The ISO code for "the Dane", "the Belgian"; "" where the gazetteer has none: "the Scot". None for other words."""
    match = _INHABITANT.match(wording)
    if match is None:
        return None
    noun = match["noun"]
    is_known_form = noun.casefold() in _FURTHER or _BY_FORM.match(noun) is not None
    names = (f"{noun}s", noun, _MAN.sub("", noun)) if is_known_form else (f"{noun}s",)
    return _country_named(names) or ("" if is_known_form else None)


def is_inhabitant(wording: str) -> bool:
    """True for "the Icelander": by its form a person of a country, whatever the recogniser takes it for."""
    match = _INHABITANT.match(wording)
    return match is not None and _BY_FORM.match(match["noun"]) is not None


class Origins:
    """`doc`: the parse of the text."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._found: dict[str, str | None] = {}

    def of(self, each: Introduced) -> str | None:
        """The ISO code of the country that stands beside one of somebody's names: "the Danish rider Mads Friis"."""
        if each.name not in self._found:
            beside = (self._beside(start) for start, _ in each.mentions)
            self._found[each.name] = next((country for country in beside if country is not None), None)
        return self._found[each.name]

    def _beside(self, start: int) -> str | None:
        tokens = self._doc.char_span(start, start + 1, alignment_mode="expand")
        if tokens is None or not len(tokens):
            return None
        first = tokens[0].i
        before: list[Token] = []
        while first - len(before) > 0 and len(before) < _TOKENS:
            token = self._doc[first - len(before) - 1]
            if token.pos_ not in _BEFORE_A_NAME and token.text != "-":
                break
            before.append(token)
        return _country(before) or _country(self._behind(first))

    def _behind(self, first: int) -> Sequence[Token]:
        """The words behind a name: ", a Dane from Odense,", " of Denmark"."""
        end = first
        while end < len(self._doc) and end - first < 4 and self._doc[end].pos_ == "PROPN":
            end += 1
        if end >= len(self._doc) or self._doc[end].lower_ not in (",", "of", "from", "("):
            return ()
        behind = self._doc[end + 1 : end + 1 + _TOKENS]
        stop = next((n for n, token in enumerate(behind) if token.is_punct or token.pos_ == "VERB"), len(behind))
        return list(behind)[:stop]


def _country(tokens: Sequence[Token]) -> str | None:
    """The country of the first word that tells one."""
    named = (_country_named((t.text, f"{t.text}s", _MAN.sub("", t.text))) for t in tokens if t.text[:1].isupper())
    return next((country for country in named if country is not None), None)


def _country_named(names: Sequence[str]) -> str | None:
    for name in names:
        known = gazetteer().self_evident.get(name)
        if known is not None and known.entry.what == "country" and not known.is_metonym:
            return known.entry.country
    return None
