"""Plain texts whose lines are not their paragraphs: wrapped at a width, as in e-mail, or with their breaks escaped."""

from __future__ import annotations

import re
from itertools import pairwise

__all__ = ["with_paragraphs"]

_MAX_WIDTH = 120
_NEARLY_FULL = 0.6
"""Share of the width that a line has which was broken because the next word did not fit."""
_MOST, _MANY = 0.8, 0.4
_CUT_WORD = re.compile(r"[^\W\d_]-$")
"""At the end of a line: what follows belongs to the word. Whether the hyphen does, only a dictionary could tell."""
_BLANKS = ("  ", "\t")
_BREAK = re.compile(r"\r\n?|\n")
_ENDS = re.compile(r"[.!?:…][\"”’)\]]*$")
_BEGINS_A_LINE = re.compile(r"\s*(?:[-–—•*·>#|]|\d{1,2}[.)]\s)")
_ESCAPES = re.compile(r"\\(?:r\\n|n|r|t|\"|/|u([0-9a-fA-F]{4}))")
_MEANT = {"\\r\\n": "\n", "\\n": "\n", "\\r": "\n", "\\t": " ", '\\"': '"', "\\/": "/"}


def with_paragraphs(text: str) -> str:
    """The text with one line for each paragraph, where it is plain that its lines are none."""
    if "\\n\\n" in text and "\n" not in text:
        text = _ESCAPES.sub(lambda found: chr(int(found[1], 16)) if found[1] else _MEANT[found[0]], text)
    lines = _BREAK.split(text)
    indented = _begins_with_blanks(lines)
    return _joined(lines, indented=indented) if _is_wrapped(lines, indented=indented) else text


def _begins_with_blanks(lines: list[str]) -> bool:
    """Whether each paragraph begins with blanks, as on a wire: some lines do, and most do not."""
    full = [line for line in lines if line.strip()]
    return 0 < sum(line.startswith(_BLANKS) for line in full) <= len(full) / 2


def _is_wrapped(lines: list[str], *, indented: bool) -> bool:
    """Whether nearly all lines with another one right behind them are full, end within a sentence, and many of those
    behind them go on in small letters. A list of names or of results does not.
    """
    inner = [
        (line.rstrip(), after.lstrip()) for line, after in pairwise(lines) if _is_inner(line, after, indented=indented)
    ]
    width = max((len(line.rstrip()) for line in lines), default=0)
    if len(inner) < 2 or width > _MAX_WIDTH:
        return False
    full = sum(len(line) >= _NEARLY_FULL * width for line, _ in inner)
    within = sum(_ENDS.search(line) is None for line, _ in inner)
    small = sum(after[:1].islower() for _, after in inner)
    return full >= _MOST * len(inner) and within >= _NEARLY_FULL * len(inner) and small >= _MANY * len(inner)


def _is_inner(line: str, after: str, *, indented: bool) -> bool:
    if indented and after.startswith(_BLANKS):
        return False
    return bool(line.strip() and after.strip()) and not _BEGINS_A_LINE.match(after)


def _joined(lines: list[str], *, indented: bool) -> str:
    parts = [lines[0]]
    for line, after in pairwise(lines):
        blank = "" if _CUT_WORD.search(line) and after.lstrip()[:1].islower() else " "
        parts.append(f"{blank}{after.lstrip()}" if _is_inner(line, after, indented=indented) else f"\n{after}")
    return "".join(parts)
