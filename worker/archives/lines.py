"""JSON Lines, plain, gzip or zstd: one record a line, with everything that Kafka keeps of it.

Bytes that are UTF-8 are written as text, others as {"base64": ...}, null as null. A line of another form is an article,
in any form that the worker reads.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Protocol, Self, cast

import orjson
import zstandard

from worker.archives.kinds import ArchiveError
from worker.archives.whole_file import WholeFile
from worker.contract.topics import LARGEST_RECORD
from worker.streaming.record import Record

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["LinesWriter", "lines_of", "record_from", "record_line"]

_MAX_LINE_BYTES = 7 * LARGEST_RECORD
"""The longest line that `record_line` can write: JSON makes six bytes of a control character, and names come to it."""

_MAX_RATIO, _RATIO_FROM_BYTES = 10_000, 64 * 1024 * 1024
"""Bytes that one byte of a compressed file may become, from so many bytes on; there may also be no more lines than
compressed bytes. News compresses to a third or a tenth. The same article in every line comes to about six bytes a line
(its offset and its time differ), so to less than a thousandth: that is still read. Blank lines come to a thousandth
of a byte, ten gigabytes of one letter in zstd to 330 KB.
"""

_GZIP_WINDOW = zlib.MAX_WBITS + 16
"""As zlib asks for gzip's frame around its bytes."""

_ZSTD_READ_BYTES = 1024
"""Bytes that are decompressed at once. Four of them can become 128 KiB, so these at most 32 MiB."""

_FIELDS = {"topic", "partition", "offset", "timestamp", "key", "headers", "value"}


def record_line(record: Record) -> bytes:
    """One line, newline included."""
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
    """The record in a line; None for JSON of another form.

    Raises:
        ArchiveError: the line is not JSON, or a record with something wrong in it.
    """
    try:
        decoded = orjson.loads(line)
    except orjson.JSONDecodeError as broken:
        raise ArchiveError(f"not JSON: {broken.msg} (character {broken.pos})") from None
    if not isinstance(decoded, dict) or decoded.keys() != _FIELDS:
        return None
    try:
        if not isinstance(decoded["topic"], str):
            raise TypeError(f"topic {decoded['topic']!r}: expected text")  # noqa: TRY301 - beside what else may be wrong
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


def _from_json(value: object) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8")
    if not isinstance(value, dict):
        raise TypeError(f"{value!r}: expected text, null or an object with base64")
    return base64.b64decode(value["base64"], validate=True)


class _ZstdFile(io.RawIOBase):
    """Reads frames one after the other. zstandard's own reader does not notice that the last frame is cut off."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._input = b""
        self._output = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        target = memoryview(buffer)
        while not self._output:
            self._input = self._input or self.file.read(_ZSTD_READ_BYTES)
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
        given = min(len(target), len(self._output))
        target[:given] = self._output[:given]
        self._output = self._output[given:]
        return given

    def close(self) -> None:
        self.file.close()
        super().close()


@contextmanager
def _unpacked(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """The content, decompressed by the file's ending, and the file itself, whose position says how much was read."""
    if path.suffix.casefold() == ".zst":
        with _ZstdFile(path) as frames:
            yield cast("IO[bytes]", io.BufferedReader(frames)), frames.file
        return
    with path.open("rb") as file:
        yield (cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if path.suffix.casefold() == ".gz" else file), file


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number, from 1, and bytes of each line that is not blank.

    Raises:
        ArchiveError: the file cannot be read, is cut off or damaged, has a line that is longer than any record, or is
            much larger than it seems (`_MAX_RATIO`); all lines before that were given out.
    """
    number = unpacked = 0
    check_at = _RATIO_FROM_BYTES
    try:
        with _unpacked(path) as (stream, file):
            while line := stream.readline(_MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > _MAX_LINE_BYTES:
                    raise ArchiveError(f"{path}: line {number} is longer than {_MAX_LINE_BYTES:,} bytes: no record is")
                unpacked += len(line)
                if unpacked > check_at:
                    _check_ratio(path, number, unpacked, file.tell())
                    check_at = unpacked + _RATIO_FROM_BYTES // 8
                if line.strip():
                    yield number, line.rstrip(b"\r\n")
    except (OSError, EOFError, zstandard.ZstdError, zlib.error) as broken:
        raise ArchiveError(f"{path}: broken after line {number}: {broken}") from None


def _check_ratio(path: Path, number: int, unpacked: int, packed: int) -> None:
    if unpacked > _MAX_RATIO * packed or number > packed:
        raise ArchiveError(
            f"{path}: {packed:,} bytes became {unpacked:,} in {number:,} lines: it may be made to take for ever; "
            "if you trust it, decompress it and name the plain file"
        )


class _ByteStream(Protocol):
    def write(self, data: bytes, /) -> object: ...
    def close(self) -> object: ...


class _Gzip:
    """Equal records, equal bytes. A `gzip.GzipFile` that could not write complains once more when it goes."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw, self._packing = raw, zlib.compressobj(9, wbits=_GZIP_WINDOW)

    def write(self, data: bytes, /) -> None:
        self._raw.write(self._packing.compress(data))

    def close(self) -> None:
        self._raw.write(self._packing.flush())


class LinesWriter:
    """Writes lines to a file that appears under its name when it is whole."""

    def __init__(self, path: Path, *, replace: bool = False) -> None:
        """Raises ArchiveError: see `WholeFile`."""
        self.path, self._file = path, WholeFile(path, replace=replace)
        self.bytes = 0
        raw = self._file.stream
        self._stream: _ByteStream = raw
        if path.suffix.casefold() == ".gz":
            self._stream = _Gzip(raw)
        elif path.suffix.casefold() == ".zst":
            self._stream = zstandard.ZstdCompressor(level=6).stream_writer(raw, closefd=False)

    def write(self, line: bytes) -> None:
        """Raises ArchiveError: the disk refuses."""
        try:
            self._stream.write(line)
        except OSError as refused:
            raise ArchiveError(f"{self.path}: cannot be written: {refused.strerror or refused}") from None
        self.bytes += len(line)

    def close(self) -> None:
        """Writes the file to disk and gives it its name. Raises ArchiveError; then nothing is left of it."""
        if self._stream is not self._file.stream:
            try:
                self._stream.close()
            except OSError as refused:
                self._file.abandon()
                raise ArchiveError(f"{self.path}: cannot be written: {refused.strerror or refused}") from None
        self._file.close()

    def abandon(self) -> None:
        """Deletes what was written; an earlier file of that name stays as it was."""
        if self._stream is not self._file.stream:
            with suppress(OSError):
                self._stream.close()
        self._file.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()
