"""JSON Lines, plain, gzip or zstd: a record a line, with all that Kafka keeps of it, so that loading gives it back.

Bytes that are UTF-8 stand as text, others as {"base64": ...}; null is null. A line that is no record of ours is taken
for an article in any form that the worker reads.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

import orjson
import zstandard

from worker.replay.archives.kinds import ArchiveError
from worker.streaming.record import Record

__all__ = ["LinesWriter", "lines_of", "record_from", "record_line"]

_FIELDS = {"topic", "partition", "offset", "timestamp", "key", "headers", "value"}


def record_line(record: Record) -> bytes:
    """One line, its end included."""
    return orjson.dumps(
        {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "timestamp": record.timestamp,
            "key": _to_json(record.key),
            "headers": [[name, _to_json(value)] for name, value in record.headers],
            "value": _to_json(record.value),
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )


def record_from(line: bytes) -> Record | None:
    """The record of a line; None where it is JSON of another form.

    Raises:
        ArchiveError: it is no JSON, or a record with something wrong in it.
    """
    try:
        decoded = orjson.loads(line)
    except orjson.JSONDecodeError as broken:
        raise ArchiveError(f"not JSON: {broken.msg} (character {broken.pos})") from None
    if not isinstance(decoded, dict) or decoded.keys() != _FIELDS:
        return None
    try:
        return Record(
            decoded["topic"],
            int(decoded["partition"]),
            int(decoded["offset"]),
            int(decoded["timestamp"]),
            _from_json(decoded["key"]),
            _from_json(decoded["value"]),
            tuple((str(name), _from_json(value)) for name, value in decoded["headers"]),  # type: ignore[misc]
        )
    except (TypeError, ValueError, KeyError, binascii.Error) as wrong:
        raise ArchiveError(f"a record with something wrong in it: {wrong}") from None


def _to_json(data: bytes | None) -> str | dict[str, str] | None:
    if data is None:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def _from_json(value: Any) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8")
    return base64.b64decode(value["base64"], validate=True)


class _ZstdFile(io.RawIOBase):
    """Frames one behind the other; zstandard's own reader takes a frame that is cut off for a whole one."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._input = b""
        self._output = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._output:
            self._input = self._input or self._file.read(16 * 1024)
            if not self._input:
                if self._begun:
                    raise EOFError("cut off in the middle of a frame")
                return 0
            self._begun = True
            self._output = memoryview(self._frame.decompress(self._input))
            self._input = b""
            if self._frame.eof:
                self._input, self._begun = self._frame.unused_data, False
                self._frame = zstandard.ZstdDecompressor().decompressobj()
        given = min(len(buffer), len(self._output))
        buffer[:given] = self._output[:given]
        self._output = self._output[given:]
        return given

    def close(self) -> None:
        self._file.close()
        super().close()


def opened(path: Path) -> IO[bytes]:
    """The file for reading, whatever compresses it. Raises ArchiveError."""
    try:
        if path.suffix.casefold() == ".gz":
            return cast("IO[bytes]", gzip.open(path, "rb"))
        if path.suffix.casefold() == ".zst":
            return cast("IO[bytes]", io.BufferedReader(_ZstdFile(path)))
        return path.open("rb")
    except OSError as broken:
        raise ArchiveError(f"{path}: cannot be read: {broken.strerror or broken}") from None


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number, from 1, and bytes of each line that is not blank. Raises ArchiveError where the file is cut off or bent."""
    number = 0
    try:
        with opened(path) as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield number, line.rstrip(b"\r\n")
    except (OSError, EOFError, zstandard.ZstdError) as broken:
        raise ArchiveError(f"{path}: broken after line {number}: {broken}") from None


class LinesWriter:
    """Writes lines beside the file and puts it in its place when it is whole; an old one stays until then."""

    def __init__(self, path: Path) -> None:
        self.path, self._beside = path, path.with_name(path.name + ".part")
        self.bytes = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._raw = self._beside.open("wb")
        except OSError as refused:
            raise ArchiveError(f"{path}: cannot be written: {refused.strerror or refused}") from None
        self._stream: Any = self._raw
        if path.suffix.casefold() == ".gz":
            self._stream = gzip.GzipFile(fileobj=self._raw, mode="wb", mtime=0)  # equal records, equal bytes
        elif path.suffix.casefold() == ".zst":
            self._stream = zstandard.ZstdCompressor(level=6).stream_writer(self._raw, closefd=False)

    def write(self, line: bytes) -> None:
        self._stream.write(line)
        self.bytes += len(line)

    def close(self) -> None:
        """The file is whole, on disk, and under its name. Raises ArchiveError."""
        try:
            if self._stream is not self._raw:
                self._stream.close()
            self._raw.flush()
            os.fsync(self._raw.fileno())
            self._raw.close()
            self._beside.replace(self.path)
        except OSError as refused:
            raise ArchiveError(f"{self.path}: cannot be written: {refused.strerror or refused}") from None

    def abandon(self) -> None:
        """What was written is gone; the file of that name, if there was one, is as before."""
        self._raw.close()
        self._beside.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()
