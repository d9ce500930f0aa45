"""Spans and sources in the form of the event."""

from __future__ import annotations

from worker.contract.claim import Source
from worker.contract.claim import Span as EventSpan
from worker.contract.ids import entity_id
from worker.extraction.speakers import Speaker
from worker.extraction.types import Span

__all__ = ["event_span", "source_of"]

_CONTEXT = 32
_ANONYMOUS = (
    "officials",
    "sources",
    "experts",
    "diplomats",
    "analysts",
    "a person",
    "a source",
    "an official",
    "people",
)


def event_span(text: str, span: Span) -> EventSpan:
    start, end = span
    return EventSpan(
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - _CONTEXT) : start],
        suffix=text[end : end + _CONTEXT],
    )


def source_of(text: str, span: Span | None, speaker: Speaker | None) -> Source:
    if span is None or speaker is None:
        return Source(span=None)
    words = text[slice(*span)].casefold()
    return Source(
        span=event_span(text, span),
        name=speaker.name,
        entity_id=entity_id(speaker.kind or "source", speaker.name),
        kind=speaker.kind.casefold() if speaker.kind else None,
        anonymous=speaker.kind != "PERSON" and any(word in words for word in _ANONYMOUS),
        candidates=[entity_id("PERSON", name) for name in speaker.open_names],
    )
