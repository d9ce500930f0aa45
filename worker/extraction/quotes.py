"""Quotation marks, paired within their paragraph."""

from __future__ import annotations

import re

from worker.extraction.types import Span

__all__ = ["paragraphs", "quotes"]

_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", '"': '"'}


def paragraphs(text: str) -> list[Span]:
    return [match.span() for match in re.finditer(r"[^\n]+", text)]


def quotes(text: str, paragraph: Span) -> list[Span]:
    """Quotes of a paragraph, marks included, not nested. One that is not closed runs to the paragraph's end.

    That is how a quote over several paragraphs is printed: opened in each, closed in the last.
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
