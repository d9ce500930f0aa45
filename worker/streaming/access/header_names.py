r"""Reads records whose headers have names that are no UTF-8, which Kafka takes from any client.

aiokafka reads such a batch with an exception, at each fetch anew: one record would end the reading of its partition for
good, in the worker and in every command. Here the name gets escapes for the bytes that are no UTF-8, as `\xff`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

__all__ = ["install"]

_BEFORE_LENGTH, _BEFORE_BATCH = 8, 12
"""Bytes of a batch (magic 2) before its length, and before what the length counts: its first offset is before both."""


class _Name(bytearray):
    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return super().decode(encoding, "backslashreplace")


class _Escaping(bytearray):
    """The bytes of a batch. aiokafka cuts names out of it, and decodes them; of keys and values it makes bytes."""

    def __getitem__(self, at: Any) -> Any:
        cut = super().__getitem__(at)
        return _Name(cut) if isinstance(at, slice) else cut


class _Batch:
    """A batch as aiokafka reads it; from the first name on that is no UTF-8, `again` reads it."""

    def __init__(self, batch: Any, again: Callable[[], Iterator[Any]]) -> None:
        self._batch, self._again = batch, again

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __next__(self) -> Any:
        """The first record of a control batch, which aiokafka takes alone."""
        return next(self._batch)

    def __iter__(self) -> Iterator[Any]:
        read = 0
        try:
            for record in self._batch:
                yield record
                read += 1
        except UnicodeDecodeError:
            yield from islice(self._again(), read, None)


class _Records:
    """The batches of one partition in a fetch, in place of aiokafka's own class."""

    def __init__(self, data: bytes) -> None:
        self._data, self._records, self._count = data, MemoryRecords(data), 0

    def size_in_bytes(self) -> int:
        return int(self._records.size_in_bytes())

    def has_next(self) -> bool:
        return bool(self._records.has_next())

    def next_batch(self) -> _Batch | None:
        batch = self._records.next_batch()
        self._count += 1
        return None if batch is None else _Batch(batch, partial(_escaped, self._data, self._count - 1))


def _escaped(data: bytes, number: int) -> Iterator[Any]:
    """The records of a batch, counted from 0, by the part of aiokafka that is written in Python."""
    start = 0
    for _ in range(number):
        start = _end(data, start)
    batch = _DefaultRecordBatchPy(data[start : _end(data, start)])
    records: Iterator[Any] = iter(batch)  # decompresses it
    batch._buffer = _Escaping(batch._buffer)  # noqa: SLF001 - see the module: there is no other way in
    return records


def _end(data: bytes, start: int) -> int:
    length = int.from_bytes(data[start + _BEFORE_LENGTH : start + _BEFORE_BATCH], "big")
    return start + _BEFORE_BATCH + length


def install() -> None:
    """Once for the process; again, it changes nothing."""
    fetcher.MemoryRecords = _Records
