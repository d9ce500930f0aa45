"""The headers of a record in `articles.retry`, and where a record came from at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract.dead_letter import RetryReason
from worker.contract.headers import Headers
from worker.contract.own_headers import PREFIX, headers_of, own

__all__ = ["REDRIVEN_FROM", "REDRIVES", "Origin", "RetryTicket", "origin_of", "ticket_of", "without_ours"]

REDRIVES = PREFIX + "redrives"
"""How often a record was sent back from the dead letters, in decimal; it stays with the record when it dies again."""
REDRIVEN_FROM = PREFIX + "redriven_from"
"""topic/partition/offset of the dead letter that a record was sent back from. A redriven record is a new one, under its
own coordinates: its outcome is its own, and the dead letter stays the outcome of the old one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The coordinates under which a record was read first; they stay through retries.

    `timestamp` in milliseconds since 1970, of the record itself.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryTicket:
    """The headers of a record in `articles.retry`, as one object; key and value are the original's bytes.

    As Kafka headers each field is UTF-8 text under `claimwire_` + its name; numbers are written in decimal.
    `attempt` counts the tries so far, the first included. Times are in milliseconds since 1970.
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


def origin_of(headers: Sequence[tuple[str, bytes]]) -> Origin | None:
    """Where a retried record stood at first; None for one that comes for the first time."""
    found = own(headers)
    try:
        return Origin(
            topic=found["topic"],
            partition=int(found["partition"]),
            offset=int(found["offset"]),
            timestamp=int(found.get("timestamp", "0")),
        )
    except (KeyError, ValueError):
        return None


def ticket_of(headers: Sequence[tuple[str, bytes]]) -> RetryTicket | None:
    """None where the headers are no whole ticket: then it is a first attempt, due at once."""
    found = own(headers)
    try:
        return RetryTicket(
            attempt=int(found["attempt"]),
            not_before=int(found["not_before"]),
            first_seen=int(found["first_seen"]),
            reason=RetryReason(found["reason"]),
            error=found.get("error", ""),
            topic=found["topic"],
            partition=int(found["partition"]),
            offset=int(found["offset"]),
            timestamp=int(found.get("timestamp", "0")),
        )
    except (KeyError, ValueError):
        return None


def without_ours(headers: Sequence[tuple[str, bytes]]) -> Headers:
    """The headers that the record came with; those of a redrive came with it."""
    return [pair for pair in headers if not pair[0].startswith(PREFIX) or pair[0] in (REDRIVES, REDRIVEN_FROM)]
