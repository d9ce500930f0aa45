"""The articles in the body of a request: all of them become records, or none does and the answer says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import orjson

from worker.contract.codec import BrokenRecordError, OwnFields, objects_inside
from worker.contract.headers.cloud_events import Headers
from worker.contract.reasons import DeadReason
from worker.streaming.outcome import Output
from worker.submit.raw_record import raw_record

__all__ = ["BodyKind", "NotTakenError", "Refused", "body_kind", "records_posted"]

_MAX_RATIO, _ANY_BYTES = 8, 4 * 1024 * 1024
"""Bytes that the articles of a body may have together, as a multiple of it, and any body's besides: each article of a
feed has its title.
"""
_REPEATED = "what its articles share would be repeated in each of them and is too long: send the articles themselves"
_MAX_NAMED = 100
"""Refused articles that an answer names; it counts all."""


class BodyKind(Enum):
    ONE_VALUE = "one value"
    LINES = "lines"


_KINDS = {
    "application/json": BodyKind.ONE_VALUE,
    "application/xml": BodyKind.ONE_VALUE,
    "text/xml": BodyKind.ONE_VALUE,
    "application/x-ndjson": BodyKind.LINES,
    "application/ndjson": BodyKind.LINES,
    "application/jsonl": BodyKind.LINES,
    "application/x-jsonlines": BodyKind.LINES,
    "application/json-lines": BodyKind.LINES,
}


@dataclass(frozen=True, slots=True)
class Refused:
    """`place`: `:3` of the third line, `[2]` of the third article of an array, empty for the whole body."""

    place: str
    reason: DeadReason
    error: str


class NotTakenError(Exception):
    """A body of which nothing is taken: at least one article is refused. `count` may be more than are in `refused`."""

    def __init__(self, refused: list[Refused], count: int) -> None:
        super().__init__(f"{count} refused")
        self.refused, self.count = refused, count

    @property
    def too_large(self) -> bool:
        """Whether all that is wrong is their size."""
        return all(each.reason is DeadReason.TOO_LARGE for each in self.refused)


def body_kind(content_type: str) -> BodyKind | None:
    """How a body of this type is read; None for a type that is not, as a page or a form's is not."""
    bare = content_type.partition(";")[0].strip().casefold()
    return _KINDS.get(bare) or (BodyKind.ONE_VALUE if bare.endswith(("+json", "+xml")) else None)


def records_posted(
    body: bytes, kind: BodyKind, topic: str, *, max_bytes: int, own_fields: OwnFields, headers: Headers
) -> list[Output]:
    """A record for each article, in their order.

    Raises:
        NotTakenError: there is none, or one that is no article.
    """
    records: list[Output] = []
    refused: list[Refused] = []
    count = size = 0
    for place, value in _values(body, kind, own_fields):
        try:
            if isinstance(value, BrokenRecordError):
                raise value
            records.append(raw_record(value, topic, max_bytes=max_bytes, own_fields=own_fields, headers=headers))
            size += len(records[-1].value or b"")
            if size > _MAX_RATIO * len(body) + _ANY_BYTES:
                raise NotTakenError([Refused("", DeadReason.TOO_LARGE, _REPEATED)], 1)
        except BrokenRecordError as broken:
            count += 1
            if len(refused) < _MAX_NAMED:
                refused.append(Refused(place, broken.reason, broken.error))
    if not records and not refused:
        raise NotTakenError([Refused("", DeadReason.EMPTY, "there is no article in the body")], 1)
    if refused:
        raise NotTakenError(refused, count)
    return records


def _values(body: bytes, kind: BodyKind, own_fields: OwnFields) -> Iterator[tuple[str, bytes | BrokenRecordError]]:
    if kind is BodyKind.LINES:
        for number, line in enumerate(body.splitlines(), 1):
            if line.strip():
                yield from _articles(f":{number}", line, own_fields)
    elif body.strip():
        yield from _articles("", body, own_fields)


def _articles(place: str, value: bytes, own_fields: OwnFields) -> Iterator[tuple[str, bytes | BrokenRecordError]]:
    try:
        objects = objects_inside(value, own_fields)
    except BrokenRecordError as broken:
        yield place, broken
        return
    if len(objects) == 1 and isinstance(objects[0], dict) and value.lstrip()[:1] == b"{":
        yield place, value
        return
    for index, item in enumerate(objects):
        yield f"{place}[{index}]", orjson.dumps(item)
