"""CloudEvents 1.0 in Kafka's binary mode: the event's attributes are headers, its data is the value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

__all__ = ["CLAIM_TYPE", "EXTRACTION_TYPE", "TOMBSTONE_TYPE", "Headers", "cloud_event", "trace_context"]

type_prefix = "io.claimwire."
EXTRACTION_TYPE = type_prefix + "extraction.v1"
CLAIM_TYPE = type_prefix + "claim.v1"
TOMBSTONE_TYPE = type_prefix + "deletion.v1"

Headers = list[tuple[str, bytes]]

_TRACE = ("traceparent", "tracestate")


def trace_context(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """The W3C trace context of an incoming record, to be carried to what comes out of it."""
    return [(key, value) for key, value in headers if key in _TRACE and isinstance(value, bytes)]


def cloud_event(*, kind: str, event_id: str, source: str, subject: str, at: datetime, carried: Headers) -> Headers:
    """Headers of one event. `at` is when it was made: the only clock in an event, so that bodies repeat to the byte."""
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", kind.encode()),
        ("ce_time", stamp.encode()),
        ("ce_subject", subject.encode("utf-8", "replace")),
        ("content-type", b"application/json"),
        *carried,
    ]
