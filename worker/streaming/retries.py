"""What a record that failed for now becomes: a record in `articles.retry`, or a dead letter when it had its chances. Pure.

A record at which a process died, ran out of memory or out of time gets one more chance: it may have been the process.
Each further one would cost a process again. Other failures that pass by themselves get `attempts`, each after
twice the time of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.dead_letter import DeadReason, RetryReason
from worker.contract.retry import RetryTicket, ticket_of, without_ours
from worker.streaming.outcome import Dead, Output, Retry
from worker.streaming.record import Record

__all__ = ["RetryOptions", "again_or_dead", "due_ms"]

_CHANCES = 2
_COSTLY = {
    RetryReason.CHILD_DIED: DeadReason.CHILD_DIED,
    RetryReason.MEMORY: DeadReason.MEMORY,
    RetryReason.EXTRACTION_TIMEOUT: DeadReason.EXTRACTION_TIMEOUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryOptions:
    topic: str
    attempts: int
    """Tries in all, the first included; 1: no retries."""
    longest_s: float


def again_or_dead(record: Record, retry: Retry, options: RetryOptions, now_ms: int) -> Output | Dead:
    """`now_ms`: milliseconds since 1970, as the headers have it."""
    before = ticket_of(record.headers)
    attempt = before.attempt + 1 if before else 1
    costly = _COSTLY.get(retry.reason)
    if attempt >= min(options.attempts, _CHANCES if costly else options.attempts):
        if costly:
            return Dead(costly, f"{retry.error} (attempt {attempt})", retry.about)
        return Dead(
            DeadReason.RETRIES_EXHAUSTED, f"{attempt} attempts, the last: {retry.reason}: {retry.error}", retry.about
        )
    wait_s = min(options.longest_s, retry.after_s * 2.0 ** (attempt - 1))
    ticket = RetryTicket(
        attempt=attempt,
        not_before=now_ms + int(wait_s * 1000),
        first_seen=before.first_seen if before else now_ms,
        reason=retry.reason,
        error=retry.error[:2000],
        topic=before.topic if before else record.topic,
        partition=before.partition if before else record.partition,
        offset=before.offset if before else record.offset,
        timestamp=before.timestamp if before else record.timestamp,
    )
    return Output(options.topic, record.key, record.value, without_ours(record.headers) + ticket.headers())


def due_ms(record: Record, longest_s: float, now_ms: int) -> int:
    """When a record's time has come. A header beyond the longest wait (a clock that moved) does not hold it longer."""
    ticket = ticket_of(record.headers)
    return min(ticket.not_before, now_ms + int(longest_s * 1000)) if ticket else now_ms
