"""Surnames that are sources, with the full names that introduced them, even if the recogniser missed these."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from worker.extraction.lexicon.word_lists import words
from worker.extraction.spans import Span

__all__ = ["FullNames"]

_NO_SURNAMES = ("he", "she")
_BEFORE_SURNAME = words("words_before_surname")
_SURNAME = re.compile(r"[A-ZÀ-Þ][\w'’-]+")
_TWO_NAMES = re.compile(r"\b([A-ZÀ-Þ][\w'’-]{1,80}) (?=([A-ZÀ-Þ][\w'’-]{1,80}))")
_PART_OF_NAME = re.compile(r"['’-]")
_MAX_PARTS = 8
"""Parts of a name joined by hyphens and apostrophes."""


class FullNames:
    """`sources`: where the sources are in the text."""

    def __init__(self, text: str, sources: Sequence[Span | None]) -> None:
        self._full: dict[str, str] = {}
        surnames = {_surname(text, span) for span in sources if span}
        introductions = _introductions(text, surnames)
        for span in sources:
            surname = _surname(text, span) if span else ""
            if span is None or surname in self._full:
                continue
            name, end = introductions.get(surname, ("", 0))
            if name and end <= span[0]:
                self._full[surname] = name
        self._order = {surname: number for number, surname in enumerate(self._full)}
        self._lengths = sorted({len(surname) for surname in self._full})

    def named_by(self, wording: str) -> str | None:
        """The full name whose surname the words are, or that is among them; the first introduced of several."""
        found = [surname for surname in self._surnames_in(wording) if _names(wording, self._full[surname])]
        if wording in self._full:
            found.append(wording)
        return self._full[min(found, key=self._order.__getitem__)] if found else None

    def _surnames_in(self, wording: str) -> Iterator[str]:
        """The known surnames that follow a blank."""
        at = wording.find(" ") + 1 if self._full else 0
        while at:
            yield from (surname for length in self._lengths if (surname := wording[at : at + length]) in self._full)
            at = wording.find(" ", at) + 1


def _surname(text: str, span: Span) -> str:
    """The words of a source without an age or a role behind them: "Sund, 24", "Sund himself"."""
    return re.sub(r"\s(?:him|her)self$", "", text[slice(*span)].split(",", 1)[0])


def _names(wording: str, name: str) -> bool:
    """Whether words have a full name that is not the owner of what they are about: "Anna Berg's aide"."""
    return re.search(rf"{re.escape(name)}(?!['’]s?\s)", wording) is not None


def _opens_a_line(text: str, at: int, word: str) -> bool:
    """True for a word that a line begins with and that the text writes small as well: "As Holm pitches"."""
    line = text.rfind("\n", 0, at) + 1
    if text[line:at].strip(" “\"‘'•-–"):
        return False
    return re.search(rf"\b{re.escape(word.casefold())}\b", text) is not None


def _introductions(text: str, surnames: set[str]) -> dict[str, tuple[str, int]]:
    """The first full name with each of some surnames, and where it ends."""
    first: dict[str, tuple[str, int]] = {}
    wanted = {each for each in surnames if each.casefold() not in _NO_SURNAMES and _SURNAME.fullmatch(each)}
    for match in _TWO_NAMES.finditer(text) if wanted else ():
        given, last = match[1], match[2]
        if given.casefold() in _BEFORE_SURNAME or given.isupper() or _opens_a_line(text, match.start(), given):
            continue
        ends = [part.start() for part in _PART_OF_NAME.finditer(last)][:_MAX_PARTS]
        for end in (*ends, len(last)):
            surname = last[:end]
            if surname in wanted and surname not in first:
                first[surname] = f"{given} {surname}", match.end() + end
    return first
