"""Makes the dead letter of a record: original bytes and key, all else in headers. Pure."""

from __future__ import annotations

import hashlib
from enum import IntEnum

from worker.contract.dead_letter import DeadLetter, DeadReason
from worker.contract.headers import Headers
from worker.contract.own_headers import headers_of
from worker.contract.retry import origin_of, ticket_of, without_ours
from worker.streaming.outcome import Dead, Output
from worker.streaming.record import Record

__all__ = ["Extent", "dead_letter"]

_LONGEST_ERROR = 2000


class Extent(IntEnum):
    """How much of the original a dead letter carries; less is tried when the broker takes no more."""

    WHOLE = 2
    WITHOUT_VALUE = 1
    COORDINATES = 0
    """Neither value nor key nor the original's headers."""


def dead_letter(topic: str, record: Record, dead: Dead, extent: Extent = Extent.WHOLE) -> Output:
    """The record for `topic`. Its coordinates are those of the first reading, also after retries and redrives."""
    value = record.value or b""
    origin, ticket = origin_of(record.headers), ticket_of(record.headers)
    letter = DeadLetter(
        reason=DeadReason(dead.reason),
        error=dead.error[:_LONGEST_ERROR],
        topic=origin.topic if origin else record.topic,
        partition=origin.partition if origin else record.partition,
        offset=origin.offset if origin else record.offset,
        timestamp=origin.timestamp if origin else record.timestamp,
        value_sha256=hashlib.sha256(value).hexdigest(),
        value_bytes=len(value),
        value_left_out=extent < Extent.WHOLE,
        attempts=ticket.attempt + 1 if ticket else 1,
    )
    headers: Headers = without_ours(record.headers) if extent > Extent.COORDINATES else []
    headers += headers_of(letter)
    key = record.key if extent > Extent.COORDINATES else None
    # a null value would be a tombstone of whatever else has that key, were the topic ever compacted
    return Output(topic, key, record.value if extent is Extent.WHOLE else b"", headers)
