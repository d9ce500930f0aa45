"""What a comparison needs of the events of both sides. Others can write to topics and files, other versions wrote other
fields.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import msgspec
import orjson

from worker.contract.coordinates import Coordinates
from worker.contract.decimals import MAX_INT32, MAX_INT64
from worker.contract.headers.cloud_events import Headers
from worker.replay.diff.compare import ClaimEvent

__all__ = ["ForeignEventError", "claim_event", "claim_in_file", "extracted_in_file", "passed_in_file"]

T = TypeVar("T")
_Place = Annotated[int, msgspec.Meta(ge=0, le=MAX_INT32)]


class ForeignEventError(Exception):
    """A record that is no event of the kind that its topic or file is for. The message says why."""


class _Span(msgspec.Struct):
    start: _Place
    end: _Place
    exact: str
    prefix: str | None = None
    suffix: str | None = None


class _Source(msgspec.Struct):
    name: str | None
    span: _Span | None


class _Link(msgspec.Struct):
    source: _Source
    cue: _Span | None
    quote_type: str
    negated: bool


class _Article(msgspec.Struct):
    uri: str
    publisher: str | None = None
    headline: str | None = None
    text_sha256: str | None = None


class _Content(msgspec.Struct):
    text: str
    spans: list[_Span]


class _Modality(msgspec.Struct):
    certainty: str
    kind: str


class _Time(msgspec.Struct):
    span: _Span
    timex: str


class _Quantity(msgspec.Struct):
    span: _Span
    min: float | None
    max: float | None
    approximate: bool
    unit: str | None


class _Entity(msgspec.Struct):
    name: str
    type: str


class _Proposition(msgspec.Struct):
    subject: str | None
    predicate: str
    object: str | None


class _Claim(msgspec.Struct):
    """The fields that a comparison reads. It compares all others as they are."""

    claim_id: str
    article: _Article
    status: str
    voice: str
    act: str
    polarity: str
    content: _Content
    modality: _Modality
    attribution: list[_Link]
    times: list[_Time]
    quantities: list[_Quantity]
    entities: list[_Entity]
    confidence: float
    check_worthiness: float | None
    proposition: _Proposition | None = None


class _Provenance(msgspec.Struct):
    topic: str
    partition: _Place
    offset: Annotated[int, msgspec.Meta(ge=0, le=MAX_INT64)]


class _Extraction(msgspec.Struct):
    article: _Article
    provenance: _Provenance


class _Deletion(msgspec.Struct):
    key: str


class _Passed(msgspec.Struct):
    key: str | None
    headers: dict[str, str]


def claim_event(value: bytes) -> ClaimEvent:
    """The event in a record's value.

    Raises:
        ForeignEventError: it is no claim, or lacks a field that the comparison reads.
    """
    event = _decoded(value)
    _converted(event, _Claim, "claim")
    try:
        orjson.dumps(event)
    except TypeError as nested:  # deeper than it can be written again
        raise ForeignEventError(f"no claim: {nested}") from None
    found: ClaimEvent = event
    return found


def claim_in_file(line: bytes) -> tuple[str, ClaimEvent | None]:
    """Id and event in a line that a replay wrote; None: a deletion. Raises ForeignEventError."""
    event = _decoded(line)
    if "claim_id" in event:
        return event["claim_id"], claim_event(line)
    return _converted(event, _Deletion, "claim").key, None


def extracted_in_file(line: bytes) -> tuple[str, Coordinates | None]:
    """The uri of an article, and its raw record; None for a deletion. Raises ForeignEventError."""
    event = _decoded(line)
    if "article" not in event:
        return _converted(event, _Deletion, "extraction").key, None
    found = _converted(event, _Extraction, "extraction")
    raw = found.provenance
    return found.article.uri, Coordinates(raw.topic, raw.partition, raw.offset)


def passed_in_file(line: bytes) -> tuple[str, Headers]:
    """Key and headers of a dropped or dead record. Raises ForeignEventError."""
    found = _converted(_decoded(line), _Passed, "passed record")
    return found.key or "", [(name, text.encode()) for name, text in found.headers.items()]


def _decoded(value: bytes) -> dict[str, Any]:
    try:
        event = orjson.loads(value)
    except orjson.JSONDecodeError as broken:
        raise ForeignEventError(f"not JSON: {broken.msg} (character {broken.pos})") from None
    if not isinstance(event, dict):
        raise ForeignEventError("no JSON object")
    return event


def _converted(event: dict[str, Any], kind: type[T], name: str) -> T:
    try:
        return msgspec.convert(event, kind)
    except (msgspec.ValidationError, RecursionError) as wrong:
        raise ForeignEventError(f"no {name}: {wrong}") from None
