"""CloudEvents 1.0 in Kafka's binary mode: the attributes of an event are headers, its data is the value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

__all__ = [
    "ALERT_TYPE",
    "CLAIM_TYPE",
    "EXTRACTION_TYPE",
    "GROUP_TYPE",
    "RELATION_TYPE",
    "SCHEMAS_AT",
    "STANDING_TYPE",
    "TOMBSTONE_TYPE",
    "Headers",
    "cloud_event",
    "trace_context",
]

_TYPE_PREFIX = "io.claimwire."
EXTRACTION_TYPE = _TYPE_PREFIX + "extraction.v1"
CLAIM_TYPE = _TYPE_PREFIX + "claim.v1"
TOMBSTONE_TYPE = _TYPE_PREFIX + "deletion.v1"
GROUP_TYPE = _TYPE_PREFIX + "article-group.v1"
RELATION_TYPE = _TYPE_PREFIX + "relation.v1"
STANDING_TYPE = _TYPE_PREFIX + "standing.v1"
ALERT_TYPE = _TYPE_PREFIX + "alert.v1"

SCHEMAS_AT = "https://claimwire.io/schemas/"
"""The schemas' ids begin with it: a name that is equal everywhere, whether or not something is served there."""
_DATA_SCHEMA = {
    EXTRACTION_TYPE: f"{SCHEMAS_AT}extraction.v1.json".encode(),
    CLAIM_TYPE: f"{SCHEMAS_AT}claim.v1.json".encode(),
    GROUP_TYPE: f"{SCHEMAS_AT}article-group.v1.json".encode(),
    RELATION_TYPE: f"{SCHEMAS_AT}relation.v1.json".encode(),
    STANDING_TYPE: f"{SCHEMAS_AT}standing.v1.json".encode(),
    ALERT_TYPE: f"{SCHEMAS_AT}alert.v1.json".encode(),
}
"""Of each kind of event that has a value, the id of its schema."""

Headers = list[tuple[str, bytes]]

_TRACE = {
    "traceparent": re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-[!-~]{0,200})?"),
    "tracestate": re.compile(rb"[ -~\t]{0,512}"),
}
"""https://www.w3.org/TR/trace-context/"""


def trace_context(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """The W3C trace context in a record's headers, to be put on the records made from it: on each claim of an article.

    What is none, or longer than the standard asks to be passed on, is left out; so is a state without its parent.
    """
    found: dict[str, bytes] = {}
    for key, value in headers:
        if key in _TRACE and isinstance(value, bytes) and _TRACE[key].fullmatch(value):
            found.setdefault(key, value)
    return [(key, found[key]) for key in _TRACE if key in found] if "traceparent" in found else []


def cloud_event(*, kind: str, event_id: str, source: str, subject: str, at: datetime, carried: Headers) -> Headers:
    """The headers of one event. `at`: when it was made. The body has no clock: a repeat has the same bytes."""
    stamp = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    schema = _DATA_SCHEMA.get(kind)
    return [
        ("ce_specversion", b"1.0"),
        ("ce_id", event_id.encode()),
        ("ce_source", source.encode()),
        ("ce_type", kind.encode()),
        ("ce_time", stamp.encode()),
        ("ce_subject", subject.encode("utf-8", "replace")),
        ("content-type", b"application/json"),
        *([("ce_dataschema", schema)] if schema else []),
        *carried,
    ]
