"""A line of an article before the text is put together: its words, and what kind of block it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.contract.extraction import BlockKind
from worker.contract.texts.plain_text import repaired, without_unseen

__all__ = ["Line", "letters", "one_line", "plain_lines"]

_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_BREAKS = re.compile(r"\r\n?|\n|\u2028|\u2029|\x85")


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    kind: BlockKind = BlockKind.PARAGRAPH


def one_line(text: str) -> str:
    """The text with every run of white space as one blank, the letters that were meant, and without what nobody sees; a
    hard space stays, as it is a character of the text.
    """
    return _BLANKS.sub(" ", without_unseen(text if text.isascii() else repaired(text))).strip()


def plain_lines(text: str) -> list[Line]:
    """The lines of a plain text that have something in them: each is a paragraph."""
    lines = (one_line(line) for line in _BREAKS.split(text))
    return [Line(line) for line in lines if line]


def letters(line: str) -> str:
    """The letters and digits of a line, in small letters: what two prints of a headline have in common."""
    return re.sub(r"\W+", "", line).casefold()
