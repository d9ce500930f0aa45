"""Spans and sources in the form of the event."""

from __future__ import annotations

from worker.contract.claim import Source
from worker.contract.claim import Span as EventSpan
from worker.extraction.entities import Entities
from worker.extraction.gazetteer import identity
from worker.extraction.roles import Roles
from worker.extraction.speakers import Speaker
from worker.extraction.types import Span

__all__ = ["event_span", "source_of"]

_CONTEXT = 32


def event_span(text: str, span: Span) -> EventSpan:
    start, end = span
    return EventSpan(
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - _CONTEXT) : start],
        suffix=text[end : end + _CONTEXT],
    )


def source_of(text: str, span: Span | None, speaker: Speaker | None, entities: Entities, roles: Roles) -> Source:
    """A source with its id: that of the entity it is, else one of its kind and words."""
    if span is None or speaker is None:
        return Source(span=None)
    described = roles.of(span, speaker.name, speaker.kind)
    return Source(
        span=event_span(text, span),
        name=speaker.name,
        entity_id=_id(speaker.kind, speaker.name, entities),
        kind=described.kind,
        role=described.role,
        affiliation=described.affiliation,
        anonymous=described.anonymous,
        candidates=[_id("PERSON", name, entities) for name in speaker.open_names],
    )


def _id(kind: str | None, name: str, entities: Entities) -> str:
    known = entities.id_of(kind, name) if kind else None
    return known or identity(kind or "source", name)
