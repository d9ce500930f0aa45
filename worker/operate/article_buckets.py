"""Brings the rows of one article together without holding all articles in memory.

Rows are appended to files, each article's always to the same one (the first half of a hash join, as in Grace). A file
holds a share of the articles that fits into memory and is read back as a whole.
"""

from __future__ import annotations

import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import msgspec

from worker.operate.audit_rows import Row

__all__ = ["ArticleBuckets"]

_ROWS = 100_000
"""Records of one file, roughly: they take about 100 MB of memory when they are read back."""
_MAX_FILES = 400
"""Below the 1,024 open files that a process may usually have."""
_LENGTH_BYTES = 4


class ArticleBuckets:
    """`expected`: how many rows will come, roughly. `folder`: where the files go; the system's folder if None."""

    def __init__(self, expected: int, folder: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="claimwire-audit-", dir=folder)
        count = min(max(expected // _ROWS, 1), _MAX_FILES)
        self._paths = [Path(self._folder.name) / str(number) for number in range(count)]
        self._files: list[BinaryIO] = [path.open("wb") for path in self._paths]
        self._encoder = msgspec.msgpack.Encoder()
        self._decoder = msgspec.msgpack.Decoder(Row)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for file in self._files:
            file.close()
        self._folder.cleanup()

    def add(self, row: Row) -> None:
        encoded = self._encoder.encode(row)
        file = self._files[zlib.crc32(row.uri.encode("utf-8", "surrogatepass")) % len(self._files)]
        file.write(len(encoded).to_bytes(_LENGTH_BYTES, "big"))
        file.write(encoded)

    def articles(self) -> Iterator[tuple[str, list[Row]]]:
        """Each article's uri with its rows, in the order in which they were added. No row can be added afterwards."""
        for file, path in zip(self._files, self._paths, strict=True):
            file.close()
            by_uri: defaultdict[str, list[Row]] = defaultdict(list)
            with path.open("rb") as rows:
                while length := rows.read(_LENGTH_BYTES):
                    row: Row = self._decoder.decode(rows.read(int.from_bytes(length, "big")))
                    by_uri[row.uri].append(row)
            path.unlink()
            yield from by_uri.items()
