"""Which words of two texts differ. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Piece", "marked_words"]

_WORDS = re.compile(r"\S+\s*")
_LONGEST = 400
"""Words up to which a text is compared word by word; beyond that it is marked as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    differs: bool


def marked_words(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts in pieces; joined, the pieces of a text are the text. Where one is empty nothing is marked."""
    if not before or not after or before == after:
        return [Piece(before, differs=False)], [Piece(after, differs=False)]
    old, new = _split(before), _split(after)
    if max(len(old), len(new)) > _LONGEST:
        return [Piece(before, differs=True)], [Piece(after, differs=True)]
    left: list[Piece] = []
    right: list[Piece] = []
    matcher = SequenceMatcher(None, [w.strip() for w in old], [w.strip() for w in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if i2 > i1:
            left.append(Piece("".join(old[i1:i2]), tag != "equal"))
        if j2 > j1:
            right.append(Piece("".join(new[j1:j2]), tag != "equal"))
    return left, right


def _split(text: str) -> list[str]:
    words = _WORDS.findall(text)
    lead = text[: len(text) - sum(map(len, words))]
    return [lead, *words] if lead else words
