"""A record as it was read from a topic."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from worker.contract.headers.cloud_events import Headers

__all__ = ["ConsumedRow", "Record", "age_s", "name_of", "names_of"]

_OVERHEAD_BYTES = 256
"""Memory that a record takes beside its key and its value, roughly."""

_MAX_AGE_S = 10 * 365.25 * 24 * 3600
"""A record that says it is older has no time (-1) or a wrong one (some seconds of 1970)."""


def age_s(timestamp: int, now: float) -> float | None:
    """Seconds from `timestamp` (milliseconds since 1970) until `now` (seconds since 1970); None where it tells no time.

    At least 0, since the clocks of machines differ.
    """
    age = now - timestamp / 1000
    return None if timestamp < 0 or age > _MAX_AGE_S else max(age, 0.0)


class ConsumedRow(Protocol):
    """The attributes that `Record.of` reads of a row from aiokafka's consumer (`aiokafka.ConsumerRecord`)."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Iterable[tuple[str, bytes]] | None


def _all_headers(row: ConsumedRow) -> Headers:
    return list(row.headers or ())


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it was read, with all that a dead letter keeps of it. `timestamp`: milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, row: ConsumedRow, believed: Callable[[ConsumedRow], Headers] = _all_headers) -> Record:
        """The record in a row that aiokafka's consumer returned. `believed`: chooses the headers that it keeps."""
        headers = tuple(believed(row))
        return cls(row.topic, row.partition, row.offset, row.timestamp, row.key, row.value, headers)

    @property
    def size(self) -> int:
        """Bytes that the record takes in memory, roughly: the byte budgets count with it."""
        return len(self.value or b"") + len(self.key or b"") + _OVERHEAD_BYTES

    def __str__(self) -> str:
        key = (self.key or b"").decode("utf-8", "replace")[:120]
        return f"{self.topic}[{self.partition}]@{self.offset} key={key!r}"


def name_of(partition: tuple[str, int]) -> str:
    """A partition as messages and logs name it: topic[number]."""
    topic, number = partition
    return f"{topic}[{number}]"


def names_of(partitions: Iterable[tuple[str, int]]) -> str:
    return ", ".join(map(name_of, sorted(partitions))) or "nothing"
