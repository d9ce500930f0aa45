"""Makes the note of a dropped record for `articles.dropped`. Pure."""

from __future__ import annotations

from worker.contract.coordinates import first_read
from worker.contract.drop_note import DropNote
from worker.contract.headers.retry_ticket import original_headers
from worker.streaming.outcome import Drop, Output
from worker.streaming.record import Record

__all__ = ["drop_note"]

_MAX_DETAIL_CHARS = 500


def drop_note(topic: str, record: Record, drop: Drop) -> Output:
    """The note for `topic`: the original's key and headers, a null value, the coordinates of the first reading."""
    origin = first_read(record)
    note = DropNote(
        reason=drop.reason,
        detail=drop.detail[:_MAX_DETAIL_CHARS],
        topic=origin.topic,
        partition=origin.partition,
        offset=origin.offset,
        timestamp=origin.timestamp,
    )
    return Output(topic, record.key, None, original_headers(record.headers) + note.headers())
