"""Makes the note that a record which was passed by leaves behind. Pure."""

from __future__ import annotations

from worker.contract.dropped import DropNote
from worker.contract.retry import origin_of, without_ours
from worker.streaming.outcome import Drop, Output
from worker.streaming.record import Record

__all__ = ["drop_note"]

_LONGEST_DETAIL = 500


def drop_note(topic: str, record: Record, drop: Drop) -> Output:
    """The record for `topic`: the original's key and headers, no value, and coordinates as of its first reading."""
    origin = origin_of(record.headers)
    note = DropNote(
        reason=drop.reason,
        detail=drop.detail[:_LONGEST_DETAIL],
        topic=origin.topic if origin else record.topic,
        partition=origin.partition if origin else record.partition,
        offset=origin.offset if origin else record.offset,
        timestamp=origin.timestamp if origin else record.timestamp,
    )
    return Output(topic, record.key, None, without_ours(record.headers) + note.headers())
