"""CSV and TSV with a first line that names the columns: an article a row."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

import orjson

from worker.archives.kinds import ArchiveError
from worker.contract.codec import OwnFields
from worker.contract.forms.form import plain_name
from worker.contract.forms.table import COMMON
from worker.contract.topics import LARGEST_RECORD

__all__ = ["articles_of"]

_LOOKED_AT = 64 * 1024
"""Bytes at the beginning by which the charset and the separator are told."""


def articles_of(path: Path, own_fields: OwnFields | None = None) -> Iterator[tuple[int, bytes]]:
    """The line in which each row ends, and the row as the JSON of an article, without its empty cells.

    Read as a stream. UTF-8, or else windows-1252; separated by the one of comma, semicolon, tab and bar that the first
    line has most of.

    Raises:
        ArchiveError: the first line names no column with a text, or the file is broken.
    """
    csv.field_size_limit(LARGEST_RECORD)
    line, last = 0, ""
    try:
        with path.open("rb") as file:
            start = file.read(_LOOKED_AT)
        first = start.splitlines()[0] if start.strip() else b""
        separator = max(",;\t|", key=lambda mark: first.count(mark.encode()))
        with path.open(encoding=_charset(start), newline="") as text:
            rows = csv.reader(text, delimiter=separator)
            names = next(rows, [])
            _check_names(path, names, own_fields)
            for row in rows:
                line = rows.line_num
                last = row[-1] if row else ""
                cells = {name: cell for name, cell in zip(names, row, strict=False) if cell.strip()}
                if cells:
                    yield line, orjson.dumps(cells)
        if "\n" in last and not _ends_with_mark(path):
            raise ArchiveError(f"{path}: broken after line {line}: the file ends inside of quotation marks")
    except (OSError, UnicodeDecodeError, csv.Error) as broken:
        raise ArchiveError(f"{path}: broken after line {line}: {broken}") from None


def _ends_with_mark(path: Path) -> bool:
    """Whether the last thing in the file is a quotation mark, as it is behind a cell of several lines."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 64))
        return file.read().rstrip(b"\x00\r\n\t ,;").endswith(b'"')


def _charset(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        start[: start.rfind(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _check_names(path: Path, names: list[str], own_fields: OwnFields | None) -> None:
    texts = {*COMMON["body"], *(plain_name(own) for own in (own_fields or {}).get("body", ()))}
    if not any(plain_name(name) in texts for name in names):
        shown = ", ".join(name[:30] for name in names[:8]) or "nothing"
        raise ArchiveError(
            f"{path}: the first line names no column with a text (it has {shown}): name it `body`, or map yours with "
            "the setting `fields`"
        )
