"""The coordinates of a record in Kafka (topic, partition, offset), and how headers carry them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from worker.contract.decimals import MAX_INT32, MAX_INT64, decimal, timestamp_of
from worker.contract.headers.claimwire_headers import PREFIX, claimwire_fields

__all__ = [
    "RAW_TIMESTAMP",
    "Coordinates",
    "Located",
    "Origin",
    "ReadRecord",
    "first_read",
    "origin_of",
    "raw_timestamp",
    "raw_timestamp_header",
]

RAW_TIMESTAMP = PREFIX + "raw_timestamp"
"""Header of a record in `articles.extracted`: when its raw record was written, in milliseconds since 1970, in decimal.
With
it the lifecycle tells a raw topic that was made again, or mirrored, from the one before."""

_SOURCE = re.compile(r"/?(?P<topic>[^/]+)/(?P<partition>[0-9]{1,10})/(?P<offset>[0-9]{1,19})")


class Located(Protocol):
    """Anything with the three coordinates of a record."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...


class ReadRecord(Located, Protocol):
    """A record as it was read. `timestamp`: milliseconds since 1970."""

    @property
    def timestamp(self) -> int: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True, order=True)
class Coordinates:
    """One record of one topic. `str()` is the form of messages and log lines, `source` that of CloudEvents."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}[{self.partition}]@{self.offset}"

    @classmethod
    def of(cls, record: Located) -> Coordinates:
        """The coordinates of a record under which it was read now; `first_read` gives those of its first reading."""
        return cls(record.topic, record.partition, record.offset)

    @property
    def source(self) -> str:
        """The value of `ce_source`: /topic/partition/offset."""
        return f"/{self.topic}/{self.partition}/{self.offset}"

    @classmethod
    def from_source(cls, source: str) -> Coordinates | None:
        """The inverse of `source`; None for any other text."""
        found = _SOURCE.fullmatch(source)
        if found is None:
            return None
        try:
            return cls(found["topic"], decimal(found["partition"], MAX_INT32), decimal(found["offset"], MAX_INT64))
        except ValueError:
            return None

    @classmethod
    def in_event(cls, headers: Iterable[tuple[str, bytes | None]]) -> Coordinates | None:
        """The raw record that an event was made from, according to its header `ce_source`; None without a valid one."""
        for name, value in headers:
            if name == "ce_source" and isinstance(value, bytes):
                return cls.from_source(value.decode("utf-8", "replace"))
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The coordinates under which a record was read first; they stay the same through retries.

    `timestamp`: that of the record itself, in milliseconds since 1970.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int

    @property
    def coordinates(self) -> Coordinates:
        return Coordinates.of(self)


def origin_of(headers: Iterable[tuple[str, bytes]]) -> Origin | None:
    """The origin that a record of `articles.retry`, `articles.dead` or `articles.dropped` carries; None without one.

    Numbers outside Kafka's ranges are no origin. Records of other topics can carry any header: see BelievedHeaders.
    """
    found = claimwire_fields(headers)
    try:
        return Origin(
            topic=found["topic"],
            partition=decimal(found["partition"], MAX_INT32),
            offset=decimal(found["offset"], MAX_INT64),
            timestamp=timestamp_of(found.get("timestamp", "0")),
        )
    except (KeyError, ValueError):
        return None


def raw_timestamp_header(origin: Origin) -> tuple[str, bytes]:
    return RAW_TIMESTAMP, str(origin.timestamp).encode()


def raw_timestamp(headers: Iterable[tuple[str, bytes | None]]) -> int | None:
    """None where the header is missing or no time after 1970."""
    for name, value in headers:
        if name == RAW_TIMESTAMP and value is not None and value.isdigit() and len(value) < 16:
            return int(value) or None
    return None


def first_read(record: ReadRecord) -> Origin:
    """Where the record was read first: the origin in its headers after a retry, else its own coordinates."""
    return origin_of(record.headers) or Origin(
        topic=record.topic, partition=record.partition, offset=record.offset, timestamp=record.timestamp
    )
