"""The second stage: how much of each of two texts stands in the other one, in the same order of words.

The same shingle in both texts is an anchor, its second occurrence in one with its second in the other; anchors that
follow each other closely in both texts are a block.
Blocks may stand in any order, so a copy may have its paragraphs moved; within a block single words may differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from worker.link.copies.minhash import SHINGLE_WORDS, shingles
from worker.link.copies.sketch import Sketch

__all__ = ["Anchors", "Overlap", "anchors_of", "overlap"]

_MAX_GAP = 24
"""Words between two anchors of a block. With three words of ten exchanged, one gap in twenty is longer."""
_MIN_ANCHORS = 3
_MIN_DENSITY = 0.15
"""Anchors of a block for each of its words. With three words of ten exchanged it is .34 on average."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """Of one text: its shingles with the number of their occurrence, ascending; the place of each; its words; whether
    each is a fact.
    """

    hashes: NDArray[np.uint64]
    places: NDArray[np.intp]
    text: NDArray[np.uint32]
    is_fact: NDArray[np.bool_]

    @property
    def words(self) -> int:
        return len(self.text)

    @property
    def facts(self) -> NDArray[np.uint32]:
        """Each once, ascending."""
        return np.unique(self.text[self.is_fact])

    @property
    def rank(self) -> tuple[int, bytes]:
        """An order of texts in which only equal ones are equal."""
        return self.words, self.hashes.tobytes()


@dataclass(frozen=True, slots=True)
class Overlap:
    """`first` and `second`: the share of each text's content words that stand in common blocks. `words`: how many these
    are, in the text that has fewer. `facts`: the share of common facts in the text with fewer; None where that has too
    few to tell. `first_rest` and `second_rest`: of the facts of each text outside the blocks the share that the other
    text names as well; None where there are too few.
    """

    first: float
    second: float
    words: int
    facts: float | None
    first_rest: float | None = None
    second_rest: float | None = None

    def swapped(self) -> Overlap:
        return Overlap(self.second, self.first, self.words, self.facts, self.second_rest, self.first_rest)


_NEXT_OCCURRENCE = np.uint64(0x9E3779B97F4A7C15)
_NOTHING = Overlap(0.0, 0.0, 0, None)
_MIN_FACTS = 5
_MIN_FACTS_OF_REST = 3


def anchors_of(sketch: Sketch) -> Anchors:
    hashes = shingles(sketch)
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    firsts = np.concatenate(([True], hashes[1:] != hashes[:-1]))[: len(hashes)]
    occurrence = np.arange(len(hashes)) - np.maximum.accumulate(np.where(firsts, np.arange(len(hashes)), 0))
    hashes = hashes + occurrence.astype(np.uint64) * _NEXT_OCCURRENCE
    again = np.argsort(hashes)
    return Anchors(hashes[again], order[again], sketch.words, sketch.is_fact)


def overlap(first: Anchors, second: Anchors) -> Overlap:
    """What two texts have in common. Swapping them swaps the shares and changes nothing else."""
    if second.rank < first.rank:
        return overlap(second, first).swapped()
    _, ours, theirs = np.intersect1d(first.hashes, second.hashes, assume_unique=True, return_indices=True)
    if len(ours) < _MIN_ANCHORS:
        return _NOTHING
    one, other = first.places[ours], second.places[theirs]
    order = np.argsort(one)
    one, other = one[order], other[order]
    steps, jumps = np.diff(one), np.diff(other)
    apart = (steps > _MAX_GAP) | (jumps > _MAX_GAP) | (jumps <= 0)
    starts = np.concatenate(([0], np.flatnonzero(apart) + 1))
    ends = np.concatenate((starts[1:], [len(one)])) - 1
    anchors = ends - starts + 1
    length = np.maximum(one[ends] - one[starts], other[ends] - other[starts]) + SHINGLE_WORDS
    good = (anchors >= _MIN_ANCHORS) & (anchors >= _MIN_DENSITY * length)
    starts, ends = starts[good], ends[good]
    here, there = _covered(one[starts], one[ends], first.words), _covered(other[starts], other[ends], second.words)
    return Overlap(
        float(here.mean()),
        float(there.mean()),
        int(min(here.sum(), there.sum())),
        _common(first.facts, second.facts),
        _named(first, here, second),
        _named(second, there, first),
    )


def _named(text: Anchors, common: NDArray[np.bool_], other: Anchors) -> float | None:
    rest = np.unique(text.text[text.is_fact & ~common])
    return float(np.isin(rest, other.text).mean()) if len(rest) >= _MIN_FACTS_OF_REST else None


def _covered(starts: NDArray[np.intp], lasts: NDArray[np.intp], words: int) -> NDArray[np.bool_]:
    """For each word whether it is inside of a block."""
    depth = np.zeros(words + 1, dtype=np.int32)
    np.add.at(depth, starts, 1)
    np.add.at(depth, np.minimum(lasts + SHINGLE_WORDS, words), -1)
    covered: NDArray[np.bool_] = np.cumsum(depth)[:-1] > 0
    return covered


def _common(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> float | None:
    fewer = min(len(first), len(second))
    if fewer < _MIN_FACTS:
        return None
    return len(np.intersect1d(first, second, assume_unique=True)) / fewer
