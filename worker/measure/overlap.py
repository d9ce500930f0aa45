"""How spans are compared: by their characters, edges trimmed, and paired one to one by how much they overlap.

This is how the attribution corpora count: two spans fit when their characters have an intersection over union of at
least 0.5. White space, quotation marks and end punctuation at the edges do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["MIN_SHARE", "chars", "one_to_one", "share"]

_EDGE = " \t\n\r\u00a0\"'“”‘’«».,;:!?—–-"
MIN_SHARE = 0.5
"""Intersection over union from which two spans fit."""


def chars(spans: Iterable[Sequence[int]], text: str) -> frozenset[int]:
    """The positions in `text` of the characters of all [start, end) spans, without white space and trimmed edges."""
    positions: set[int] = set()
    for first, last in spans:
        start, end = first, last
        while start < end and text[start] in _EDGE:
            start += 1
        while end > start and text[end - 1] in _EDGE:
            end -= 1
        positions.update(i for i in range(start, end) if not text[i].isspace())
    return frozenset(positions)


def share(a: frozenset[int], b: frozenset[int]) -> float:
    """Intersection over union; 1 for two empty sets."""
    return len(a & b) / len(a | b) if a or b else 1.0


def one_to_one(candidates: Iterable[tuple[tuple[float, ...], int, int]]) -> list[tuple[int, int]]:
    """Pairs of indices, each index at most once on its side. Of (rank, left, right) the highest rank comes first."""
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for _, left, right in sorted(candidates, key=lambda c: (tuple(-part for part in c[0]), c[1], c[2])):
        if left not in used_left and right not in used_right:
            used_left.add(left)
            used_right.add(right)
            pairs.append((left, right))
    return pairs
