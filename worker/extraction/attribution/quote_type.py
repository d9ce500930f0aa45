"""The type of a content: quoted, reported, or both."""

from __future__ import annotations

from collections.abc import Sequence

from worker.contract.claim import QuoteType
from worker.extraction.spans import Span, any_meet, inside_any

__all__ = ["has_quotation_mark", "quote_type", "reported_type"]

_OPENING_MARKS = '“"«'
_MARKS = '“"«„'


def quote_type(content: Sequence[Span], marks: Sequence[Span]) -> QuoteType:
    """`marks`: the quotes of the text. Direct where the whole content lies in quotes, mixed where a part of it does."""
    if all(inside_any(span, marks) for span in content):
        return QuoteType.DIRECT
    return QuoteType.MIXED if any_meet(content, marks) else QuoteType.INDIRECT


def reported_type(text: str, content: Sequence[Span]) -> QuoteType:
    """The type of a content found in the parse, which is never wholly a quote: mixed if it has a quotation mark."""
    quoted = any(mark in text[start:end] for start, end in content for mark in _OPENING_MARKS)
    return QuoteType.MIXED if quoted else QuoteType.INDIRECT


def has_quotation_mark(text: str, content: Sequence[Span]) -> bool:
    return any(mark in text[start:end] for start, end in content for mark in _MARKS)
