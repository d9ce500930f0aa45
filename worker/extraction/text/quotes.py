"""Quotation marks, paired within their paragraph."""

from __future__ import annotations

import re

from worker.extraction.spans import Span

__all__ = ["all_quotes", "paragraphs", "quotes"]

_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"'}


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
    while at < end:
        closers = _PAIRS.get(text[at])
        if closers is None:
            at += 1
            continue
        close = next((i for i in range(at + 1, end) if text[i] in closers), None)
        if close is None:
            if text[at] == "“" or at == paragraph[0]:
                found.append((at, end))
            break
        found.append((at, close + 1))
        at = close + 1
    return found


def all_quotes(text: str) -> list[Span]:
    """The quotes of every paragraph of a cleaned text, marks included, in the order of the text."""
    return [span for paragraph in paragraphs(text) for span in quotes(text, paragraph)]
