"""Texts as databases of the press export them: the title, fields of the article in lines, its body, more fields."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.text.lines import Line

__all__ = ["without_export_fields"]

_LENGTH = re.compile(r"(?:length|word count)\s*:?\s*[\d,.]{1,9}(?: words)?|[\d,.]{1,9} words", re.IGNORECASE)
_BODY = re.compile(r"(?:body|full text|text|article)\s*:?", re.IGNORECASE)
_END = re.compile(
    r"(?:load-date|language|subject|publication[ -]type|journal code|classification|graphic|copyright)\s*:.*|"
    r"end of document|document [A-Z0-9]{12,40}",
    re.IGNORECASE,
)
_LOOKED_AT = 40
"""Lines at the beginning among which the fields are."""


def without_export_fields(lines: Sequence[Line]) -> list[Line]:
    """The title and the body, where a line says how long the text is and a later one that it begins; else all lines."""
    start, measured = 0, False
    for index, line in enumerate(lines[:_LOOKED_AT]):
        measured = measured or _LENGTH.fullmatch(line.text) is not None
        if measured and _BODY.fullmatch(line.text):
            start = index + 1
            break
    if not 1 < start < len(lines):
        return list(lines)
    end = next((index for index in range(start, len(lines)) if _END.fullmatch(lines[index].text)), len(lines))
    return [lines[0], *lines[start:end]]
