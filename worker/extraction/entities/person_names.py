"""Compares names of people: transliterations of one name are one person, names that only look alike are not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz import fuzz

from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.word_lists import ordered_words, words
from worker.gazetteer.lists import plain

__all__ = [
    "GIVEN",
    "Gender",
    "family",
    "gender_of_given",
    "given",
    "is_given_name",
    "same_person",
    "same_surname",
    "skeleton",
    "surname_key",
]

Gender = Literal["f", "m"]
_GIVEN_NAME_LISTS: tuple[tuple[Gender, str], ...] = (("f", "female_given_names"), ("m", "male_given_names"))

GIVEN: dict[str, Gender] = {
    plain(name): gender for gender, listed in _GIVEN_NAME_LISTS for name in ordered_words(listed)
}
"""The gender that a common given name tells, by the name without accents."""
_RARER_NAME_LISTS: tuple[tuple[Gender, str], ...] = (
    ("f", "further_female_given_names"),
    ("m", "further_male_given_names"),
)
_RARER: dict[str, Gender] = {
    plain(name): gender for gender, listed in _RARER_NAME_LISTS for name in ordered_words(listed)
}
_PARTICLES = words("name_particles")
_SUFFIXES = words("name_suffixes")
_MIN_ALIKE, _ALIKE = 60, 80
"""Likenesses (0 to 100) of two spellings of one surname: with the same sounds, and with sounds that differ."""
_BETWEEN = re.compile(r"[\s\-]+")


def is_given_name(word: str) -> bool:
    """True for a given name that tells a gender."""
    return gender_of_given(word) is not None


def gender_of_given(name: str) -> Gender | None:
    """Of a given name, a rarer one as well."""
    return GIVEN.get(plain(name)) or _RARER.get(plain(name))


@dataclass(frozen=True, slots=True)
class _Variants:
    """`full` gives a short given name its full forms.

    `different` and `sound_alikes` give a surname the number of its group: names of one group of `different` are one
    name, names of one group of `sound_alikes` are several.
    """

    sounds: tuple[tuple[str, str], ...]
    full: Mapping[str, frozenset[str]]
    different: Mapping[str, int]
    sound_alikes: Mapping[str, int]


@cache
def _variants() -> _Variants:
    tables = read_table("name_variants")
    return _Variants(
        sounds=tuple((spelt, sound) for spelt, sound in tables["sounds"]),
        full={short: frozenset(full.split()) for short, full in tables["nicknames"].items()},
        different=_by_group(tables["different"]["groups"]),
        sound_alikes=_by_group(tables["sound_alikes"]["groups"]),
    )


def _by_group(groups: Sequence[str]) -> dict[str, int]:
    return {name: number for number, group in enumerate(groups) for name in group.split()}


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(w for w in _BETWEEN.split(plain(name).replace("'", "")) if w and w not in _PARTICLES)


@lru_cache(maxsize=4096)
def family(name: str) -> str:
    """The surname without accents, case and particles; "Jr" and the like do not count."""
    parts = [w for w in _words(name) if w not in _SUFFIXES]
    return parts[-1] if parts else ""


def given(name: str) -> list[str]:
    """The names before the surname, without accents and case."""
    return [w.rstrip(".") for w in _words(name)[:-1]]


@lru_cache(maxsize=4096)
def skeleton(word: str) -> str:
    """The consonants of a name by their sound, each run of vowels as one `a`.

    Transliterations of one name differ in vowels; other names differ in consonants as well.
    """
    for spelt, sound in _variants().sounds:
        word = word.replace(spelt, sound)
    return re.sub(r"([^a])\1", r"\1", re.sub(r"[aeiouy]+", "a", word))


def surname_key(name: str) -> str:
    """Surnames with different keys are never the same by `same_surname`."""
    return skeleton(name).replace("g", "k")


def same_surname(one: str, other: str) -> bool:
    """Two surnames are the same where they are equal, or have the same sounds and most of their letters in common.

    Pairs that the data lists as different names are never the same.
    """
    if one == other:
        return True
    sound_alikes = _variants().sound_alikes
    if (one in sound_alikes and sound_alikes[one] == sound_alikes.get(other)) or _different(one, other):
        return False
    likeness = fuzz.ratio(one, other)
    if skeleton(one) == skeleton(other):
        return likeness >= _MIN_ALIKE
    swapped = surname_key(one) == surname_key(other)
    return swapped and likeness >= _ALIKE and len(one) > 5


def _different(one: str, other: str) -> bool:
    groups = _variants().different
    return one in groups and other in groups and groups[one] != groups[other]


def _compatible(one: str, other: str) -> bool:
    if one == other or (skeleton(one) == skeleton(other) and not _different(one, other)):
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    full = _variants().full
    return other in full.get(one, ()) or one in full.get(other, ())


def _suffix(name: str) -> str:
    """What tells a son from his father: "jr", empty where there is nothing of the kind."""
    last = _words(name)[-1:]
    return last[0].rstrip(".") if last and last[0] in _SUFFIXES else ""


def same_person(one: str, other: str) -> bool:
    """Two names are one person's where the surnames are the same and the given names, if both have one, agree."""
    if not same_surname(family(one), family(other)) or len({_suffix(one), _suffix(other)} - {""}) > 1:
        return False
    ours, theirs = given(one), given(other)
    return not ours or not theirs or _compatible(ours[0], theirs[0])
