"""The lifecycle agent: articles.extracted in, one record for each claim out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from worker.contract.codec import BrokenRecordError, decode_extraction, encode
from worker.contract.dead_letter import DeadReason
from worker.contract.headers import CLAIM_TYPE, cloud_event, trace_context
from worker.contract.topics import Topics
from worker.streaming.outcome import Dead, Output
from worker.streaming.publisher import OutputTooLargeError, Publisher, Record

__all__ = ["claim_records", "settle"]

log = logging.getLogger("claimwire.lifecycle")


def claim_records(record: Record, topics: Topics) -> list[Output]:
    """A record for each claim of an extraction, keyed by claim_id; none for a tombstone (yet: it has no table).

    Raises:
        BrokenRecordError: the value is no extraction.
    """
    if record.value is None:
        return []
    extraction = decode_extraction(record.value)
    now = datetime.now(UTC)
    carried = trace_context(record.headers)
    return [
        Output(
            topics.claims,
            claim.claim_id.encode(),
            encode(claim),
            cloud_event(
                kind=CLAIM_TYPE,
                event_id=f"{claim.claim_id}-{claim.revision}-{extraction.extraction_id}",
                source=f"/{record.topic}/{record.partition}/{record.offset}",
                subject=extraction.article.uri,
                at=now,
                carried=carried,
            ),
        )
        for claim in extraction.claims
    ]


async def settle(events: Sequence[Any], topics: Topics, publisher: Publisher) -> None:
    """The guard: returns when the broker has every output or the dead letter of each event; then all may be acked.

    Raises:
        PublishError: the broker refused; no event may be acked, the worker ends and reads them again.
    """
    pending = []
    for event in events:
        message = event.message
        record = Record(
            message.topic,
            message.partition,
            message.offset,
            int((message.timestamp or 0) * 1000),
            message.key,
            message.value,
            tuple(_pairs(message.headers)),
        )
        try:
            pending.append((record, await publisher.enqueue(claim_records(record, topics))))
        except BrokenRecordError as broken:
            await _bury(publisher, record, Dead(broken.reason, broken.error))
        except OutputTooLargeError as large:
            await _bury(publisher, record, Dead(DeadReason.OUTPUT_TOO_LARGE, str(large)))
    for record, futures in pending:
        try:
            await publisher.acknowledged(futures)
        except OutputTooLargeError as large:
            await _bury(publisher, record, Dead(DeadReason.OUTPUT_TOO_LARGE, str(large)))


def _pairs(headers: Any) -> list[tuple[str, bytes]]:
    items = headers.items() if hasattr(headers, "items") else headers or ()
    return [(key, value) for key, value in items if isinstance(value, bytes)]


async def _bury(publisher: Publisher, record: Record, dead: Dead) -> None:
    log.warning("%s goes to the dead letters: %s: %s", record, dead.reason, dead.error)
    await publisher.bury(record, dead)
