"""Parquet: one record a row, with everything that Kafka keeps of it. Tables of articles by others are read as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from worker.archives.kinds import ArchiveError, missing_extra
from worker.archives.whole_file import WholeFile
from worker.streaming.record import Record

__all__ = ["ParquetRecords", "ParquetTable", "rows_of"]

_GROUP_ROWS, _GROUP_BYTES = 5000, 32 * 1024 * 1024
"""Rows, or bytes, that are held in memory before they are written as a group."""


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise missing_extra("Parquet") from None
    return pa, pq


class ParquetTable:
    """Writes rows in groups to a file that appears under its name when it is whole."""

    def __init__(self, path: Path, columns: dict[str, str], *, replace: bool = False) -> None:
        """`columns`: name to type, `string`, `binary`, `int32`, `int64`, `double`, or `headers`.

        Raises ArchiveError: see `WholeFile`.
        """
        arrow, parquet = _arrow()
        pair = arrow.struct([("name", arrow.string()), ("value", arrow.binary())])
        named = {"string": arrow.string(), "binary": arrow.binary(), "headers": arrow.list_(pair)}
        named |= {"int32": arrow.int32(), "int64": arrow.int64(), "double": arrow.float64()}
        self._schema = arrow.schema([(name, named[kind]) for name, kind in columns.items()])
        self._arrow = arrow
        self.path, self._file = path, WholeFile(path, replace=replace)
        self._rows: list[Mapping[str, object]] = []
        self._group = 0
        self.bytes = 0
        self._writer = parquet.ParquetWriter(self._file.stream, self._schema, compression="zstd")

    def write(self, row: Mapping[str, object], size: int) -> None:
        """`size`: bytes that the row counts for. Columns that it lacks are null."""
        self._rows.append(row)
        self._group += size
        self.bytes += size
        if len(self._rows) >= _GROUP_ROWS or self._group >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            try:
                self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
            except OSError as refused:
                raise ArchiveError(f"{self.path}: cannot be written: {refused.strerror or refused}") from None
        self._rows, self._group = [], 0

    def close(self) -> None:
        """Writes the file to disk and gives it its name. Raises ArchiveError; then nothing is left of it."""
        try:
            self._flush()
            self._writer.close()
        except ArchiveError:
            self.abandon()
            raise
        except OSError as refused:
            self.abandon()
            raise ArchiveError(f"{self.path}: cannot be written: {refused.strerror or refused}") from None
        self._file.close()

    def abandon(self) -> None:
        """Deletes what was written; an earlier file of that name stays as it was."""
        with suppress(OSError):
            self._writer.close()
        self._file.abandon()


class ParquetRecords:
    """Writes records as rows; `bytes` counts them before compression."""

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        self._table = ParquetTable(
            path,
            {
                "topic": "string",
                "partition": "int32",
                "offset": "int64",
                "timestamp": "int64",
                "key": "binary",
                "headers": "headers",
                "value": "binary",
            },
            replace=replace,
        )

    @property
    def bytes(self) -> int:
        return self._table.bytes

    def write(self, record: Record) -> None:
        self._table.write(
            {
                "topic": record.topic,
                "partition": record.partition,
                "offset": record.offset,
                "timestamp": record.timestamp,
                "key": record.key,
                "headers": [{"name": name, "value": value} for name, value in record.headers],
                "value": record.value,
            },
            record.size,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self._table.close()
        else:
            self._table.abandon()


def rows_of(path: Path) -> Iterator[Record | dict[str, object]]:
    """Records, from a table that ParquetRecords wrote; from other tables the rows, without their null columns.

    Raises:
        ArchiveError: the file cannot be read.
    """
    arrow, parquet = _arrow()
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            of_records = _FIELDS.keys() <= set(file.schema_arrow.names)
            for batch in file.iter_batches(batch_size=256):
                for number, row in enumerate(batch.to_pylist(), number + 1):  # noqa: B020 - it goes on where it was
                    yield (
                        _record(row, f"{path}: row {number}")
                        if of_records
                        else {name: value for name, value in row.items() if value is not None}
                    )
    except (OSError, UnicodeDecodeError, arrow.ArrowException) as broken:
        raise ArchiveError(f"{path}: cannot be read: {broken}") from None


def _whole_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _bytes_or_null(value: object) -> bool:
    return value is None or isinstance(value, bytes)


def _header_pairs(value: object) -> bool:
    return value is None or (
        isinstance(value, list)
        and all(
            isinstance(pair, dict) and isinstance(pair.get("name"), str) and _bytes_or_null(pair.get("value"))
            for pair in value
        )
    )


_FIELDS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "topic": (lambda value: isinstance(value, str), "a string"),
    "partition": (_whole_number, "a whole number"),
    "offset": (_whole_number, "a whole number"),
    "timestamp": (_whole_number, "a whole number"),
    "key": (_bytes_or_null, "binary or null"),
    "value": (_bytes_or_null, "binary or null"),
    "headers": (_header_pairs, "a list of structs of name (string) and value (binary)"),
}
"""The columns of a record: what is right in them, in code and in words."""


def _record(row: dict[str, Any], where: str) -> Record:
    """Raises ArchiveError: a column has a value of another type than ParquetRecords writes."""
    for column, (is_right, expected) in _FIELDS.items():
        if not is_right(row[column]):
            raise ArchiveError(
                f"{where}: column {column} has {type(row[column]).__name__}: expected {expected}, as in what "
                "`claimwire dump` writes"
            )
    headers = tuple((pair["name"], pair["value"]) for pair in row["headers"] or ())
    return Record(row["topic"], row["partition"], row["offset"], row["timestamp"], row["key"], row["value"], headers)


def as_json(row: Mapping[str, object]) -> bytes:
    """A row of another table as the JSON of an article; dates become ISO 8601, bytes become text."""
    return orjson.dumps(
        row, default=lambda value: value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    )
