"""Quotation marks, paired within their paragraph."""

from __future__ import annotations

import re
from functools import lru_cache

from worker.extraction.spans import Span

__all__ = ["all_quotes", "paragraphs", "quotes"]

_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"'}
_OPENER = re.compile(f"[{''.join(_PAIRS)}]")
_CLOSER = {opener: re.compile(f"[{closers}]") for opener, closers in _PAIRS.items()}


def paragraphs(text: str) -> list[Span]:
    """The lines of a cleaned text that are not empty."""
    return [match.span() for match in re.finditer(r"[^\n]+", text)]


def quotes(text: str, paragraph: Span) -> list[Span]:
    """The quotes of a paragraph, marks included, none inside another.

    A quote over several paragraphs is printed with an opening mark in each paragraph and a closing one in the last: a
    quote that is not closed runs to the paragraph's end.
    """
    found: list[Span] = []
    at, end = paragraph
    while opener := _OPENER.search(text, at, end):
        at = opener.start()
        closer = _CLOSER[opener[0]].search(text, at + 1, end)
        if closer is None:
            if opener[0] == "“" or at == paragraph[0]:
                found.append((at, end))
            break
        found.append((at, closer.end()))
        at = closer.end()
    return found


@lru_cache(maxsize=2)
def all_quotes(text: str) -> tuple[Span, ...]:
    """The quotes of every paragraph of a cleaned text, marks included, in the order of the text.

    Several stages ask for those of one text.
    """
    return tuple(span for paragraph in paragraphs(text) for span in quotes(text, paragraph))
