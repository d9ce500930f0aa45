"""Turns a batch of raw records into outcomes: tombstones here, articles in the process pool."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from worker.contract.coordinates import first_read, raw_timestamp_header
from worker.contract.headers.cloud_events import TOMBSTONE_TYPE, cloud_event, trace_context
from worker.contract.headers.retry_ticket import ticket_of
from worker.contract.ids import digest
from worker.contract.reasons import DeadReason, RetryReason
from worker.contract.topics import Topics
from worker.settings import Settings
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.pool.process_pool import ChildDied, OutOfMemory, PoolFailure, ProcessPool, Raised, TimedOut
from worker.streaming.record import Record

__all__ = ["outcomes_of", "tombstone"]

_REFUSED = Dead(
    DeadReason.TICKET_REFUSED,
    "the record has no retry ticket signed with a key of ticket_key: no worker of this installation wrote it, or one "
    "wrote it before the key was set",
)


def tombstone(record: Record, topics: Topics) -> Outcome:
    """The outcome of a null value, which asks to delete the article in the key: a tombstone for its extraction."""
    if not record.key:
        return Dead(
            DeadReason.TOMBSTONE_WITHOUT_KEY, "a null value deletes the article in the key, and there is no key"
        )
    origin = first_read(record)
    at = origin.coordinates
    headers = cloud_event(
        kind=TOMBSTONE_TYPE,
        event_id=digest("tombstone/1", at.topic, str(at.partition), str(at.offset)),
        source=at.source,
        subject=record.key.decode("utf-8", "replace"),
        at=datetime.now(UTC),
        carried=[*trace_context(record.headers), raw_timestamp_header(origin)],
    )
    return Ok((Output(topics.extracted, record.key, None, headers),))


async def outcomes_of(
    records: Sequence[Record], pool: ProcessPool[Record, Outcome], topics: Topics, settings: Settings
) -> list[Outcome]:
    """One outcome for each record, in their order. The pool extracts the articles.

    A record at which its process died is tried once more at once: most often the process was ended from outside, and
    a record that waited in the topic of retries would let later versions of its article pass.
    """
    outcomes: dict[int, Outcome] = {}
    articles: list[int] = []
    for index, record in enumerate(records):
        if settings.ticket_key and record.topic == topics.retry and ticket_of(record.headers) is None:
            outcomes[index] = _REFUSED
        elif record.value is None:
            outcomes[index] = tombstone(record, topics)
        else:
            articles.append(index)
    answers = await pool.run([records[i] for i in articles])
    for index, answer in zip(articles, answers, strict=True):
        second = (await pool.run([records[index]]))[0] if isinstance(answer, ChildDied) else answer
        outcomes[index] = _outcome(second, settings)
    return [outcomes[index] for index in range(len(records))]


def _outcome(answer: Outcome | PoolFailure, settings: Settings) -> Outcome:
    wait_s = settings.retry_delay_s
    match answer:
        case ChildDied(code):
            return Retry(RetryReason.CHILD_DIED, f"the extraction process ended with exit code {code}", wait_s)
        case TimedOut(seconds):
            return Retry(RetryReason.EXTRACTION_TIMEOUT, f"not done after {seconds:g}s", wait_s)
        case OutOfMemory(size):
            limit = settings.child_memory_bytes
            return Retry(RetryReason.MEMORY, f"its process grew to {size} bytes, twice {limit} are allowed", wait_s)
        case Raised("MemoryError", message):
            return Retry(RetryReason.MEMORY, f"the extraction ran out of memory: {message}", wait_s)
        case Raised(kind, message):
            return Dead(DeadReason.EXTRACTION_FAILED, f"{kind}: {message}")
        case Ok() | Drop() | Retry() | Dead():
            return answer
