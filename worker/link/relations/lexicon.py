"""Synonyms, opposites and units from the data files, and the vectors of words."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from worker.link.relations.stems import stem

__all__ = [
    "RAREST",
    "Opposition",
    "WordVectors",
    "alike",
    "has_synonym",
    "nearly_alike",
    "opposites",
    "synonyms",
    "units",
    "vectors",
]

Reals = npt.NDArray[np.float32]
Rows = npt.NDArray[np.uint16]

RAREST = 10.0
"""How much a word tells that has no vector: a name, or a rare one."""


@dataclass(frozen=True, slots=True)
class Opposition:
    """The families of opposites that a word belongs to: number of the family, and on which of its two sides it is."""

    family: int
    side: int
    hard: bool


def _data(name: str) -> bytes:
    return (files("worker.link.relations") / "data" / name).read_bytes()


def _opposite_words() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = tomllib.loads(_data("opposites.toml").decode())["opposites"]
    return read


@cache
def opposites() -> Mapping[str, Sequence[Opposition]]:
    """The oppositions of each stem."""
    found: dict[str, list[Opposition]] = {}
    for family, each in enumerate(_opposite_words()):
        for side, words in enumerate((each["one"], each["other"])):
            for word in dict.fromkeys(map(stem, words.split())):
                found.setdefault(word, []).append(Opposition(family, side, each.get("hard", True)))
    return found


@cache
def synonyms() -> Mapping[str, frozenset[int]]:
    """The classes of each stem that has some."""
    return _by_stem(_classes())


@cache
def _in_classes_with() -> Mapping[str, frozenset[str]]:
    """For each stem that has classes all that are in one of them, itself too."""
    members: dict[int, set[str]] = {}
    for word, classes in synonyms().items():
        for each in classes:
            members.setdefault(each, set()).add(word)
    return {word: frozenset[str]().union(*(members[each] for each in classes)) for word, classes in synonyms().items()}


def has_synonym(word: str, others: frozenset[str]) -> bool:
    """Whether one of the others is in a class of synonyms with this stem."""
    alike = _in_classes_with().get(word)
    return alike is not None and not alike.isdisjoint(others)


def alike(word: str, other: str) -> bool:
    """Whether two stems are one, or in one class of synonyms."""
    return word == other or has_synonym(word, frozenset([other]))


@cache
def nearly_alike() -> Mapping[str, frozenset[int]]:
    """As `synonyms`; words that have the same opposites are a class too, and the pairs of WordNet. They are close in
    meaning, but no key to find claims by.
    """
    sides = [each[side].split() for each in _opposite_words() for side in ("one", "other")]
    pairs = [line.split() for line in _data("wordnet.txt").decode().splitlines()]
    return _by_stem([*_classes(), *sides, *pairs])


def _classes() -> list[list[str]]:
    return [line.split() for line in tomllib.loads(_data("synonyms.toml").decode())["classes"]]


def _by_stem(classes: Iterable[Sequence[str]]) -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, words in enumerate(classes):
        for word in words:
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(of) for word, of in found.items()}


@cache
def units() -> Mapping[str, tuple[str, float]]:
    """For the name of a unit what it measures, and how many of that measure's first unit it is."""
    read = tomllib.loads(_data("units.toml").decode())
    return {name: (measure, float(factor)) for measure, names in read.items() for name, factor in names.items()}


class WordVectors:
    """Vectors of common words; their length grows with the rarity of the word, and says how much it tells.

    A word without a vector is a name or rare: it tells as much as the rarest, and is like no other word.
    """

    def __init__(self, data: bytes) -> None:
        """`data`: what training/word_vectors.py writes."""
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            self._rows = {word: row for row, word in enumerate(str(stored["words"]).split("\n"))}
            found = stored["vectors"] * np.float32(stored["scale"])
        self.dimensions: int = found.shape[1]
        self._none = len(found)
        length = np.linalg.norm(found, axis=1)
        weights = np.where(length > 0, length, np.float32(RAREST)).astype(np.float32)
        self._weights: Reals = np.append(weights, np.float32(RAREST))
        self._units: Reals = np.vstack([found / weights[:, None], np.zeros((1, self.dimensions), dtype=np.float32)])

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def rows(self, words: Sequence[str]) -> Rows:
        """Where the vectors of the words are, which is small to keep."""
        return np.array([self._rows.get(word, self._none) for word in words], dtype=np.uint16)

    def units(self, rows: Rows) -> Reals:
        """Vectors of length 1 [words, dimensions], zeros for a word that has none."""
        return self._units[rows]

    def weights(self, rows: Rows) -> Reals:
        """How much each word tells [words]."""
        return self._weights[rows]


@cache
def vectors() -> WordVectors:
    return WordVectors(_data("word_vectors.npz"))
