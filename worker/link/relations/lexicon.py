"""Synonyms, opposites and units from the data files, and the vectors of words."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from worker.link.relations.stems import stem

__all__ = ["Opposition", "WordVectors", "opposites", "synonyms", "units", "vectors"]

Reals = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Opposition:
    """The families of opposites that a word belongs to: number of the family, and on which of its two sides it is."""

    family: int
    side: int
    hard: bool


def _data(name: str) -> bytes:
    return (files("worker.link.relations") / "data" / name).read_bytes()


@cache
def opposites() -> Mapping[str, Sequence[Opposition]]:
    """The oppositions of each stem."""
    found: dict[str, list[Opposition]] = {}
    for family, each in enumerate(tomllib.loads(_data("opposites.toml").decode())["opposites"]):
        for side, words in enumerate((each["one"], each["other"])):
            for word in dict.fromkeys(map(stem, words.split())):
                found.setdefault(word, []).append(Opposition(family, side, each.get("hard", True)))
    return found


@cache
def synonyms() -> Mapping[str, frozenset[int]]:
    """The classes of each stem that has some."""
    found: dict[str, set[int]] = {}
    for number, line in enumerate(tomllib.loads(_data("synonyms.toml").decode())["classes"]):
        for word in line.split():
            found.setdefault(stem(word), set()).add(number)
    return {word: frozenset(classes) for word, classes in found.items()}


@cache
def units() -> Mapping[str, tuple[str, float]]:
    """For the name of a unit what it measures, and how many of that measure's first unit it is."""
    read = tomllib.loads(_data("units.toml").decode())
    return {name: (measure, float(factor)) for measure, names in read.items() for name, factor in names.items()}


class WordVectors:
    """Vectors of common words; their length grows with the rarity of the word."""

    def __init__(self, data: bytes) -> None:
        """`data`: what training/word_vectors.py writes."""
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            self._rows = {word: row for row, word in enumerate(str(stored["words"]).split("\n"))}
            self._vectors = stored["vectors"]
            self._scale = float(stored["scale"])
        self.dimensions: int = self._vectors.shape[1]

    def __contains__(self, word: str) -> bool:
        return word in self._rows

    def of(self, words: Sequence[str]) -> Reals:
        """[words, dimensions]; zeros for a word that has none."""
        found = np.zeros((len(words), self.dimensions), dtype=np.float32)
        known = [(i, row) for i, word in enumerate(words) if (row := self._rows.get(word)) is not None]
        if known:
            places, rows = zip(*known, strict=True)
            found[list(places)] = self._vectors[list(rows)]
        return found * np.float32(self._scale)


@cache
def vectors() -> WordVectors:
    return WordVectors(_data("word_vectors.npz"))
