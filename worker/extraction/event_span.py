"""A span in the form of the event: its offsets, its words, and the text around them (W3C Web Annotation selectors)."""

from __future__ import annotations

from worker.contract.claim import Span as EventSpan
from worker.extraction.spans import Span

__all__ = ["event_span"]

_CONTEXT = 32
"""Characters of `prefix` and `suffix`: enough to find the span again in a text that has changed elsewhere."""


def event_span(text: str, span: Span) -> EventSpan:
    start, end = span
    return EventSpan(
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - _CONTEXT) : start],
        suffix=text[end : end + _CONTEXT],
    )
