"""The lines of a text with Markdown's marks: headings, quotes, links, emphasis."""

from __future__ import annotations

import re

from worker.contract.extraction import BlockKind
from worker.extraction.text.lines import Line

__all__ = ["is_markdown", "without_markdown"]

_HEADING = re.compile(r"^#{1,6}\s+(?=\S)")
_QUOTE = re.compile(r"^>\s+(?=\S)")
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^()\s]{1,2000}(?:\s\"[^\"]{0,200}\")?\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\((?:https?://|/|mailto:|#)[^()\s]{0,2000}(?:\s\"[^\"]{0,200}\")?\)")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|__)(?=\S)([^*_\n]{1,500}?)(?<=\S)\1(?![\w*])")


def is_markdown(text: str) -> bool:
    """Whether a text has a link or a heading as Markdown writes it: nothing else in it is unlike prose."""
    return _LINK.search(text) is not None or re.search(r"(?m)^#{1,6}\s+\S", text) is not None


def without_markdown(line: Line) -> Line:
    text, kind = line.text, line.kind
    for mark, marked_kind in ((_HEADING, BlockKind.SUBHEAD), (_QUOTE, BlockKind.QUOTE)):
        if match := mark.match(text):
            text, kind = text[match.end() :], marked_kind
    text = _EMPHASIS.sub(r"\2", _LINK.sub(r"\1", _IMAGE.sub("", text)))
    return Line(text.strip(), kind)
