"""Reads records from files. Records of other files than archives get the file's name and a number as coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from worker.archives.found import Found, found_in
from worker.archives.kinds import ENDINGS, ArchiveError, kind_of
from worker.contract.codec import fields_in
from worker.streaming.record import Record

__all__ = ["files_of", "read_archives"]


def files_of(paths: Iterable[Path], *, any_name: bool = False) -> list[Path]:
    """The files, and for a folder the files in it by name. `any_name`: a file that is named may have any ending.

    Raises:
        ArchiveError: a file or folder does not exist, or holds nothing that can be read.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and kind_of(p) is not None)
            if not inside:
                raise ArchiveError(f"{path}: no archive and no article in this folder")
            files += inside
        elif kind_of(path) is None and not any_name:
            raise ArchiveError(f"{path}: its ending names no kind of archive; there are {ENDINGS}, or a folder")
        elif not path.is_file():
            raise ArchiveError(
                f"{path}: is a device, a FIFO or a socket; only regular files are read"
                if path.exists()
                else f"{path}: no such file"
            )
        else:
            files.append(path)
    return files


def read_archives(files: Iterable[Path]) -> Iterator[Record]:
    """All records, file after file. Reading twice gives the same records in the same order.

    An article that comes without coordinates gets the topic `file:NAME`, partition 0 and its number from 0 as the
    offset, no timestamp (-1), and its uri as the key.

    Raises:
        ArchiveError: a file is damaged; all records before that were given out.
    """
    for file in files:
        for found in found_in(file):
            yield found.content if isinstance(found.content, Record) else _article(file, found, found.content)


def _article(file: Path, found: Found, value: bytes) -> Record:
    key = found.key
    if key is None:
        uri = fields_in(value).get("uri")
        key = uri.encode("utf-8", "replace") if isinstance(uri, str) else None
    return Record(f"file:{file.name}", 0, found.number, -1, key, value, ())
