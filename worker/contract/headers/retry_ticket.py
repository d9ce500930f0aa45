"""The retry ticket: the headers that a record carries in `articles.retry`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract.coordinates import RAW_TIMESTAMP, origin_of
from worker.contract.decimals import MAX_INT32, MAX_INT64, decimal
from worker.contract.headers.claimwire_headers import PREFIX, claimwire_fields, headers_of
from worker.contract.headers.cloud_events import Headers
from worker.contract.reasons import RetryReason

__all__ = ["REDRIVEN_FROM", "REDRIVES", "RetryTicket", "original_headers", "sent_again", "ticket_of"]

REDRIVES = PREFIX + "redrives"
"""How many times a record was sent back from the dead letters, in decimal. The record keeps it when it dies again."""
REDRIVEN_FROM = PREFIX + "redriven_from"
"""topic/partition/offset of the dead letter from which a record was sent back. A redriven record is a new record with
its own coordinates and its own outcome; the dead letter remains the outcome of the old record."""
_KEPT = frozenset({REDRIVES, REDRIVEN_FROM, RAW_TIMESTAMP})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryTicket:
    """The headers of a record in `articles.retry`, as one object; key and value are the original's bytes.

    Each field is a Kafka header `claimwire_` + its name, UTF-8 text, numbers in decimal. `attempt` counts the attempts
    so far, the first included. Times are in milliseconds since 1970. topic, partition, offset and timestamp are those
    of the first reading.
    """

    attempt: int
    not_before: int
    first_seen: int
    reason: RetryReason
    error: str
    topic: str
    partition: int
    offset: int
    timestamp: int

    def headers(self) -> Headers:
        return headers_of(self)


def ticket_of(headers: Sequence[tuple[str, bytes]]) -> RetryTicket | None:
    """The ticket in a record's headers: of one of `articles.retry`, for other records can carry any header.

    None when it is missing or incomplete, or a number is outside its range: a first attempt, due at once.
    """
    found, origin = claimwire_fields(headers), origin_of(headers)
    if origin is None:
        return None
    try:
        return RetryTicket(
            attempt=decimal(found["attempt"], MAX_INT32),
            not_before=decimal(found["not_before"], MAX_INT64),
            first_seen=decimal(found["first_seen"], MAX_INT64),
            reason=RetryReason(found["reason"]),
            error=found.get("error", ""),
            topic=origin.topic,
            partition=origin.partition,
            offset=origin.offset,
            timestamp=origin.timestamp,
        )
    except (KeyError, ValueError):
        return None


def original_headers(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """The headers that the record had when it was read first: of Claimwire's own those that no attempt changes."""
    return [(name, value) for name, value in headers if not name.startswith(PREFIX) or name in _KEPT]


def sent_again(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """The headers that a redrive sends back with a record, beside the two that it writes anew.

    An extraction without the time of its raw record could not be told from one of a raw topic that was made again.
    """
    return [(name, value) for name, value in headers if not name.startswith(PREFIX) or name == RAW_TIMESTAMP]
