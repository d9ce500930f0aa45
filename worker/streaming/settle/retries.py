"""Decides between another attempt (a record in `articles.retry`) and a dead letter for a record that failed. Pure.

A record whose process died, ran out of memory or out of time gets one more attempt, in case the process was at fault;
each further attempt would cost another process. Other failures that may pass get `attempts` in all, and each wait is
twice as long as the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.contract.coordinates import first_read
from worker.contract.headers.retry_ticket import RetryTicket, original_headers, ticket_of
from worker.contract.headers.ticket_signature import TicketKeys
from worker.contract.reasons import DeadReason, RetryReason
from worker.streaming.outcome import Dead, Output, Retry
from worker.streaming.record import Record

__all__ = ["RetryOptions", "again_or_dead", "due_ms"]

_MAX_COSTLY_ATTEMPTS = 2
_MAX_ERROR_CHARS = 2000
_MAX_DOUBLINGS = 100
"""Of a wait: beyond the longest wait by far, and within what a float can hold."""
_COSTLY = {
    RetryReason.CHILD_DIED: DeadReason.CHILD_DIED,
    RetryReason.MEMORY: DeadReason.MEMORY,
    RetryReason.EXTRACTION_TIMEOUT: DeadReason.EXTRACTION_TIMEOUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    topic: str
    attempts: int
    """Attempts in all, the first included; 1: no retries."""
    max_wait_s: float
    keys: TicketKeys | None = None
    """Sign the tickets; None: they are not signed."""


def again_or_dead(record: Record, retry: Retry, options: RetryOptions, now_ms: int) -> Output | Dead:
    """The record for `options.topic`, or Dead when it has no attempt left. `now_ms`: milliseconds since 1970."""
    before = ticket_of(record.headers)
    attempt = before.attempt + 1 if before else 1
    costly = _COSTLY.get(retry.reason)
    if attempt >= min(options.attempts, _MAX_COSTLY_ATTEMPTS if costly else options.attempts):
        if costly:
            return Dead(costly, f"{retry.error} (attempt {attempt})", retry.about)
        return Dead(
            DeadReason.RETRIES_EXHAUSTED, f"{attempt} attempts, the last: {retry.reason}: {retry.error}", retry.about
        )
    wait_s = min(options.max_wait_s, retry.after_s * 2.0 ** min(attempt - 1, _MAX_DOUBLINGS))
    origin = first_read(record)
    ticket = RetryTicket(
        attempt=attempt,
        not_before=now_ms + int(wait_s * 1000),
        first_seen=before.first_seen if before else now_ms,
        reason=retry.reason,
        error=retry.error[:_MAX_ERROR_CHARS],
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        timestamp=origin.timestamp,
    )
    output = Output(options.topic, record.key, record.value, original_headers(record.headers) + ticket.headers())
    return replace(output, headers=options.keys.signed(output)) if options.keys else output


def due_ms(record: Record, max_wait_s: float, now_ms: int) -> int:
    """When the record may be tried again, in milliseconds since 1970.

    At most `max_wait_s` from now: a ticket that says later was written by a machine whose clock is wrong.
    """
    ticket = ticket_of(record.headers)
    return min(ticket.not_before, now_ms + int(max_wait_s * 1000)) if ticket else now_ms
