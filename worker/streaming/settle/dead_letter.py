"""Makes the dead letter of a record: the original's key and value, everything else in headers. Pure."""

from __future__ import annotations

import hashlib
from enum import IntEnum

from worker.contract.coordinates import first_read
from worker.contract.dead_letter import DeadLetter
from worker.contract.headers.claimwire_headers import headers_of
from worker.contract.headers.cloud_events import Headers
from worker.contract.headers.retry_ticket import original_headers, ticket_of
from worker.contract.reasons import DeadReason
from worker.streaming.outcome import Dead, Output
from worker.streaming.record import Record

__all__ = ["Completeness", "dead_letter"]

_MAX_ERROR_CHARS = 2000


class Completeness(IntEnum):
    """How much of the original a dead letter carries. If it is too large for the broker, the next lower is tried."""

    WHOLE = 2
    WITHOUT_VALUE = 1
    COORDINATES = 0
    """Neither value nor key nor the original's headers."""


def dead_letter(topic: str, record: Record, dead: Dead, completeness: Completeness = Completeness.WHOLE) -> Output:
    """The dead letter for `topic`. Its coordinates are those of the first reading, also after retries and redrives."""
    value = record.value or b""
    origin, ticket = first_read(record), ticket_of(record.headers)
    letter = DeadLetter(
        reason=DeadReason(dead.reason),
        error=dead.error[:_MAX_ERROR_CHARS],
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        timestamp=origin.timestamp,
        value_sha256=hashlib.sha256(value).hexdigest(),
        value_bytes=len(value),
        value_left_out=completeness < Completeness.WHOLE,
        attempts=ticket.attempt + 1 if ticket else 1,
    )
    headers: Headers = original_headers(record.headers) if completeness > Completeness.COORDINATES else []
    headers += headers_of(letter)
    key = record.key if completeness > Completeness.COORDINATES else None
    # not null without the value: a null value would delete other records of the key if the topic were ever compacted
    return Output(topic, key, record.value if completeness is Completeness.WHOLE else b"", headers)
