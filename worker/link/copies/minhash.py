"""MinHash signatures of a sketch and their bands (Broder 1997; Leskovec, Rajaraman and Ullman, ch. 3): what two texts
must share to be compared at all.

A long text has a signature for each stretch of it. One signature of the whole would hide a short text inside a long
one: the share of common shingles, which MinHash estimates, falls with the longer text's length.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from worker.link.copies.sketch import MIN_WORDS, Sketch

__all__ = ["BANDS", "SHINGLE_WORDS", "band_keys", "shingles"]

SHINGLE_WORDS = 3
"""Content words of a shingle. Where each fifth word is another, half of the shingles are left."""
BANDS = 64
_ROWS = 2
"""Two texts with a share s of common shingles have a band in common with probability 1 - (1 - s^2)^64: .99 at .27, .92
at .2, .0006 at .003.
"""
_STRETCH_WORDS = 128
_SHORTEST_STRETCH = _STRETCH_WORDS // 2

_SEED = 0x9E3779B97F4A7C15
_U64 = np.uint64


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64: every bit of the result depends on every bit of the value."""
    values = (values ^ (values >> _U64(30))) * _U64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> _U64(27))) * _U64(0x94D049BB133111EB)
    return values ^ (values >> _U64(31))


_SEEDS = _mixed(np.arange(1, BANDS * _ROWS + 1, dtype=_U64) * _U64(_SEED))
_BAND_SEEDS = _mixed(_SEEDS[::_ROWS])


def shingles(sketch: Sketch) -> NDArray[np.uint64]:
    """A hash for each run of three content words, by the place of its first word. Empty for a shorter text."""
    words = sketch.words.astype(_U64)
    if len(words) < SHINGLE_WORDS:
        return np.empty(0, dtype=_U64)
    first, second, third = words[:-2], words[1:-1], words[2:]
    return _mixed(_mixed(_mixed(first + _U64(1)) + second) + third)


def band_keys(sketch: Sketch) -> NDArray[np.int64]:
    """The bands of all signatures of a text, 64 for each stretch. Two texts with a key in common are candidates."""
    if len(sketch) < MIN_WORDS:
        return np.empty(0, dtype=np.int64)
    hashes = shingles(sketch)
    return np.unique(np.concatenate([_bands(stretch) for stretch in _stretches(hashes)]))


def _stretches(hashes: NDArray[np.uint64]) -> list[NDArray[np.uint64]]:
    starts = list(range(0, len(hashes), _STRETCH_WORDS))
    if len(starts) > 1 and len(hashes) - starts[-1] < _SHORTEST_STRETCH:
        starts.pop()
    return [hashes[start:end] for start, end in zip(starts, [*starts[1:], len(hashes)], strict=True)]


def _bands(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    signature = _mixed(hashes[:, None] ^ _SEEDS[None, :]).min(axis=0)
    first, second = signature[::_ROWS], signature[1::_ROWS]
    return _mixed(_mixed(first ^ _BAND_SEEDS) ^ second).view(np.int64)
