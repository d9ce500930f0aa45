"""Marks the words in which two texts differ. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["MarkedText", "marked_words"]

_WORDS = re.compile(r"\S+\s*")
_MAX_WORDS = 400
"""A longer text is not compared word by word but marked as a whole."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    text: str
    differs: bool


def marked_words(before: str, after: str) -> tuple[list[MarkedText], list[MarkedText]]:
    """Both texts in pieces that joined give the text again. If one of them is empty nothing is marked."""
    if not before or not after or before == after:
        return [MarkedText(before, differs=False)], [MarkedText(after, differs=False)]
    old, new = _split(before), _split(after)
    if max(len(old), len(new)) > _MAX_WORDS:
        return [MarkedText(before, differs=True)], [MarkedText(after, differs=True)]
    left: list[MarkedText] = []
    right: list[MarkedText] = []
    matcher = SequenceMatcher(None, [w.strip() for w in old], [w.strip() for w in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if i2 > i1:
            left.append(MarkedText("".join(old[i1:i2]), tag != "equal"))
        if j2 > j1:
            right.append(MarkedText("".join(new[j1:j2]), tag != "equal"))
    return left, right


def _split(text: str) -> list[str]:
    words = _WORDS.findall(text)
    lead = text[: len(text) - sum(map(len, words))]
    return [lead, *words] if lead else words
