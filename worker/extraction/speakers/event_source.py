"""A source or an addressee in the form of the event: its name, id, kind, role and affiliation."""

from __future__ import annotations

from unicodedata import normalize

from worker.contract.claim import Source
from worker.extraction.entities.stage import Entities
from worker.extraction.event_span import event_span
from worker.extraction.spans import Span
from worker.extraction.speakers.roles import Roles
from worker.extraction.speakers.speaker import Speaker
from worker.gazetteer.lists import identity

__all__ = ["event_source"]


def event_source(text: str, span: Span | None, speaker: Speaker | None, entities: Entities, roles: Roles) -> Source:
    """The id is that of the entity that the speaker is, else one made from the kind and the words.

    A source without span, where the text names nobody.
    """
    if span is None or speaker is None:
        return Source(span=None)
    description = roles.of(span, speaker.name, speaker.kind)
    return Source(
        span=event_span(text, span),
        name=normalize("NFC", speaker.name),
        entity_id=_id(speaker.kind, speaker.name, entities),
        kind=description.kind,
        role=description.role,
        affiliation=description.affiliation,
        anonymous=description.anonymous,
        candidates=[_id("PERSON", name, entities) for name in speaker.open_names],
    )


def _id(kind: str | None, name: str, entities: Entities) -> str:
    known = entities.id_of(kind, name) if kind else None
    return known or identity(kind or "source", name)
