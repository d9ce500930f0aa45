"""The gender of the people of a text, where something tells it: a title, a word of kinship or trade, a given name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from worker.extraction.entities.person_names import Gender, gender_of_given, given
from worker.extraction.lexicon.word_lists import words
from worker.extraction.speakers.descriptions import Introduced

__all__ = ["GENDER_OF", "Genders"]

GENDER_OF: dict[str, Gender] = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f"}
"""The gender that a pronoun tells."""
_FEMALE = words("words_for_women")
_MALE = words("words_for_men")
_FEMALE_TITLES = words("female_titles")
_MALE_TITLES = words("male_titles")
_TITLE_BEFORE = re.compile(r"\b([A-Za-z]+)\.?\s$")


class Genders:
    """What a text tells of the gender of each person, by name."""

    def __init__(self, text: str, known: Iterable[Introduced]) -> None:
        self._told: dict[str, Gender] = {}
        for each in known:
            if each.kind != "PERSON":
                continue
            gender = _by_titles(text, [start for start, _ in each.mentions]) or of_description(each.called)
            gender = gender or (_by_given_names(text, each.name) if " " not in each.name else None)
            if gender is not None:
                self._told[each.name] = gender

    def note(self, name: str, gender: Gender) -> None:
        """Remembers the gender of the pronoun or the words that were used of a person; what was told first stays."""
        self._told.setdefault(name, gender)

    def of(self, name: str) -> Gender | None:
        if name in self._told:
            return self._told[name]
        return gender_of_given(next(iter(given(name)), ""))

    def can_be(self, name: str, gender: Gender) -> bool:
        """True if nothing says that a person is of the other gender."""
        return self.of(name) in (None, gender)


def of_description(described_as: Iterable[str]) -> Gender | None:
    """The gender that words for a person tell: "wife", "chairman"."""
    listed = set(described_as)
    if listed & _FEMALE:
        return "f"
    return "m" if listed & _MALE else None


def _by_titles(text: str, starts: Sequence[int]) -> Gender | None:
    for start in starts:
        title = _TITLE_BEFORE.search(text[max(0, start - 10) : start])
        word = title[1].casefold() if title else ""
        if word in _FEMALE_TITLES | _FEMALE:
            return "f"
        if word in _MALE_TITLES | _MALE:
            return "m"
    return None


def _by_given_names(text: str, surname: str) -> Gender | None:
    """The gender of the given names before a surname, in words that no recogniser joined; None for both genders."""
    found = {gender_of_given(name) for name in re.findall(rf"\b([A-Z][\w’'-]+) {re.escape(surname)}\b", text)} - {None}
    return found.pop() if len(found) == 1 else None
