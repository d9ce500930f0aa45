"""Which of the texts that have a band in common are compared. Pure: by their places in the order of uris alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TypeVar

__all__ = ["are_compared", "compared_pairs", "compared_with", "pairs_that_change"]

T = TypeVar("T", int, str)

_ALL_PAIRS_OF = 40
_NEAR = 20
"""In a band with more texts each is compared with so many before it and with as many of the first: a band of copies
hangs together all the same, and one that means nothing costs no square.
"""


def are_compared(first: int, second: int, count: int) -> bool:
    """Two texts by their places in a band of so many."""
    return count <= _ALL_PAIRS_OF or abs(first - second) <= _NEAR or min(first, second) < _NEAR


def compared_pairs(texts: Sequence[T]) -> list[tuple[T, T]]:
    """The pairs of a band; `texts` are in their order."""
    if len(texts) <= _ALL_PAIRS_OF:
        return list(itertools.combinations(texts, 2))
    pairs = {(first, second) for place, second in enumerate(texts) for first in texts[max(0, place - _NEAR) : place]}
    pairs |= {(first, second) for first in texts[:_NEAR] for second in texts if first < second}
    return sorted(pairs)


def compared_with(place: int, texts: Sequence[T]) -> list[T]:
    """Those that the text at a place of the band is compared with."""
    count = len(texts)
    return [other for at, other in enumerate(texts) if at != place and are_compared(place, at, count)]


def pairs_that_change(place: int, texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pairs of the others that are compared without the text at `place` and are not with it, the smaller first.

    `texts`: the band with that text.
    """
    others = [*texts[:place], *texts[place + 1 :]]
    if len(texts) <= _ALL_PAIRS_OF:
        return
    if len(others) <= _ALL_PAIRS_OF:
        looked_at = list(itertools.combinations(range(len(others)), 2))
    else:  # those that the text moved away from each other, and those of the one that it moved out of the first
        looked_at = [(place - 1 - i, place + _NEAR - 1 - i) for i in range(_NEAR)]
        if place < _NEAR:
            looked_at += [(_NEAR - 1, other) for other in range(_NEAR, len(others))]
    for first, second in looked_at:
        if first < 0 or second >= len(others) or not are_compared(first, second, len(others)):
            continue
        if not are_compared(first + (first >= place), second + (second >= place), len(texts)):
            yield others[first], others[second]
