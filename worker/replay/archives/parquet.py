"""Parquet: a record a row, with all that Kafka keeps of it; tables of articles that others wrote are read as well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from worker.replay.archives.kinds import ArchiveError, missing_extra
from worker.streaming.record import Record

__all__ = ["ParquetRecords", "ParquetTable", "rows_of"]

_ROWS = 5000
"""Rows of a group: what is held in memory before it is written."""
_GROUP_BYTES = 32 * 1024 * 1024


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise missing_extra("Parquet") from None
    return pa, pq


class ParquetTable:
    """Writes rows in groups beside the file and puts it in its place when it is whole. `schema`: pyarrow's."""

    def __init__(self, path: Path, columns: dict[str, str]) -> None:
        """`columns`: name to type, `string`, `binary`, `int32`, `int64`, `double`, or `headers`."""
        arrow, parquet = _arrow()
        pair = arrow.struct([("name", arrow.string()), ("value", arrow.binary())])
        named = {"string": arrow.string(), "binary": arrow.binary(), "headers": arrow.list_(pair)}
        named |= {"int32": arrow.int32(), "int64": arrow.int64(), "double": arrow.float64()}
        self._schema = arrow.schema([(name, named[kind]) for name, kind in columns.items()])
        self._arrow = arrow
        self.path, self._beside = path, path.with_name(path.name + ".part")
        self._rows: list[dict[str, Any]] = []
        self._group = 0
        self.bytes = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = parquet.ParquetWriter(self._beside, self._schema, compression="zstd")
        except OSError as refused:
            raise ArchiveError(f"{path}: cannot be written: {refused}") from None

    def write(self, row: dict[str, Any], size: int) -> None:
        self._rows.append(row)
        self._group += size
        self.bytes += size
        if len(self._rows) >= _ROWS or self._group >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, schema=self._schema))
        self._rows, self._group = [], 0

    def close(self) -> None:
        """The file is whole and under its name. Raises ArchiveError."""
        try:
            self._flush()
            self._writer.close()
            with self._beside.open("rb") as written:
                os.fsync(written.fileno())
            self._beside.replace(self.path)
        except OSError as refused:
            raise ArchiveError(f"{self.path}: cannot be written: {refused}") from None

    def abandon(self) -> None:
        self._writer.close()
        self._beside.unlink(missing_ok=True)


class ParquetRecords:
    """Records as rows; `bytes` counts what they hold before compression."""

    def __init__(self, path: Path) -> None:
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


def rows_of(path: Path) -> Iterator[Record | dict[str, Any]]:
    """Records of ours, or rows of a table of others as they are, without what is null in them. Raises ArchiveError."""
    arrow, parquet = _arrow()
    try:
        with parquet.ParquetFile(path) as file:
            ours = {"topic", "partition", "offset", "timestamp", "key", "headers", "value"} <= set(
                file.schema_arrow.names
            )
            for batch in file.iter_batches(batch_size=256):
                for row in batch.to_pylist():
                    yield _record(row) if ours else {name: value for name, value in row.items() if value is not None}
    except (OSError, arrow.ArrowException) as broken:
        raise ArchiveError(f"{path}: cannot be read: {broken}") from None


def _record(row: dict[str, Any]) -> Record:
    headers = tuple((pair["name"], pair["value"]) for pair in row["headers"] or ())
    return Record(row["topic"], row["partition"], row["offset"], row["timestamp"], row["key"], row["value"], headers)


def as_json(row: dict[str, Any]) -> bytes:
    """A foreign row as the JSON of an article; dates become ISO 8601, bytes text."""
    return orjson.dumps(
        row, default=lambda value: value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    )
