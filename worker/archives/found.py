"""What is found in a file, whatever its form: one article, or one record of a topic, after the other.

The one reader of `extract`, `publish`, `load` and `replay --from-archive`. Lines, tables and crawls are read as
streams; any other file is read whole, as what its content shows it to be.
"""

from __future__ import annotations

import codecs
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson

from worker.archives import csv_rows, parquet, warc
from worker.archives.kinds import ArchiveError, ArchiveKind, kind_of
from worker.archives.lines import lines_of, record_from
from worker.archives.packed import UnpackError, is_packed, unpacked_file
from worker.contract.codec import BrokenRecordError, OwnFields, decoded_json, objects_inside
from worker.contract.documents import mails_in, objects_in, text_article
from worker.contract.texts.no_text import why_no_text
from worker.streaming.record import Record

__all__ = ["STANDARD_INPUT", "Found", "found_in", "whole_file"]

STANDARD_INPUT = Path("-")
MAX_WHOLE_BYTES = 256 * 1024 * 1024
"""Of a file that is read whole: its objects take several times that memory."""


@dataclass(frozen=True, slots=True)
class Found:
    """`content`: a record as it was in a topic, or the value that a record with this one article would have; where
    that is broken, the bytes that are, for the reader to say why. `place` names it inside of the file: `:3`, a line;
    `:3[1]`, the second article of that line. `number` counts from 0, with gaps, and never repeats.
    """

    place: str
    number: int
    content: Record | bytes
    key: bytes | None = None
    """The address of a page of a crawl, which its value has as well."""


def found_in(path: Path, own_fields: OwnFields | None = None) -> Iterator[Found]:
    """All articles and records of a file in their order; STANDARD_INPUT is read to its end. `own_fields`: see codec.

    Raises:
        ArchiveError: the file is no regular file, cannot be read, is damaged, or too large to be read whole; what comes
            before the damage was given out.
    """
    _check_regular(path)
    kind = kind_of(path)
    if kind is ArchiveKind.PARQUET:
        for number, row in enumerate(parquet.rows_of(path)):
            yield Found(f":{number + 1}", number, row if isinstance(row, Record) else parquet.as_json(row))
    elif kind is ArchiveKind.WARC:
        for number, (address, value) in enumerate(warc.articles_of(path)):
            yield Found(f":{number + 1}", number, value, address)
    elif kind is ArchiveKind.CSV:
        for number, (line, value) in enumerate(csv_rows.articles_of(path, own_fields)):
            yield Found(f":{line}", number, value)
    else:
        last = -1
        for found in _parts(path, own_fields, lines=kind is ArchiveKind.LINES):
            last = max(found.number, last + 1)
            yield Found(found.place, last, found.content)


def _check_regular(path: Path) -> None:
    """A FIFO would wait for a writer when it is opened, and a device need not end."""
    if path == STANDARD_INPUT:
        return
    try:
        mode = path.stat().st_mode
    except OSError as missing:
        raise ArchiveError(f"{path}: cannot be read: {missing.strerror or missing}") from None
    if not stat.S_ISREG(mode):
        raise ArchiveError(f"{path}: is no regular file; a FIFO or a device is read from standard input, as `-`")


def _parts(path: Path, own_fields: OwnFields | None, *, lines: bool) -> Iterator[Found]:
    if lines and not _is_printed(path):
        for number, line in lines_of(path):
            bare = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            yield from _of_line(f":{number}", number - 1, bare, own_fields)
        return
    data = whole_file(path)
    values = list(objects_in(data))
    if not values:
        yield from _texts(path, data)
    broken = any(isinstance(decoded, BrokenRecordError) for _, decoded in values)
    written = data.splitlines() if broken and len(values) > 1 else [data]
    for number, (place, decoded) in enumerate(values):
        if isinstance(decoded, BrokenRecordError):
            yield Found(place, number, _broken(written, place))
        else:
            value = _one_value(data, decoded, alone=len(values) == 1)
            record = _record(value)
            if record is not None:
                yield Found(place, number, record)
            else:
                yield from _split(place, number, value, own_fields, array=isinstance(decoded, list))


def _texts(path: Path, data: bytes) -> Iterator[Found]:
    """The articles of a file that is a text, a page, an e-mail or a box of them. Raises ArchiveError: it is none."""
    if not data.strip():
        yield Found("", 0, b"")
        return
    if why := why_no_text(data):
        raise ArchiveError(f"{path}: {why}")
    mails = mails_in(data)
    for number, mail in enumerate(mails):
        place = f"[{number}]" if len(mails) > 1 else ""
        name = _address(path, data) if len(mails) == 1 else f"file:{path.as_posix()}{place}"
        yield Found(place, number, orjson.dumps(text_article(mail, name)))


def _is_printed(path: Path) -> bool:
    """Whether a file named as JSON is one value, or several that are printed over several lines each.

    A large file is none: it is read line by line.
    """
    size = path.stat().st_size
    start = next((line for _, line in lines_of(path)), b"").removeprefix(codecs.BOM_UTF8).strip()
    if start[:1] == b"[" and size > MAX_WHOLE_BYTES and ".json" in path.suffixes:
        raise ArchiveError(
            f"{path}: larger than {MAX_WHOLE_BYTES:,} bytes, and an array is read whole: write an article a line"
        )
    return size <= MAX_WHOLE_BYTES and (start[:1] == b"[" or start == b"{" or is_packed(start))


def _of_line(place: str, number: int, line: bytes, own_fields: OwnFields | None) -> Iterator[Found]:
    try:
        record = record_from(line)
    except ArchiveError:
        record = None  # it is no record: as an article it gets the error that one from Kafka would get
    if record is not None:
        yield Found(place, number, record)
    else:
        yield from _split(place, number, line, own_fields, array=line.startswith(b"["))


def _split(place: str, number: int, value: bytes, own_fields: OwnFields | None, *, array: bool) -> Iterator[Found]:
    """Each article of a value with several; any other value as it is."""
    try:
        objects = objects_inside(value, own_fields)
    except BrokenRecordError:
        objects = []
    if len(objects) > 1 or (array and objects and isinstance(objects[0], dict)):
        for index, item in enumerate(objects):
            yield Found(f"{place}[{index}]", number + index, orjson.dumps(item))
    else:
        yield Found(place, number, value)


def _record(value: bytes) -> Record | None:
    try:
        return record_from(value)
    except ArchiveError:
        return None


def _one_value(data: bytes, decoded: object, *, alone: bool) -> bytes:
    """The bytes of a value: as they stand where the file is this one value of JSON, else written again."""
    if alone and data.lstrip()[:1] in (b"{", b"["):
        return data
    return orjson.dumps(decoded)


def _broken(written: list[bytes], place: str) -> bytes:
    """What stands at the place, of the lines of the file, or of the file as the only one of them."""
    line = written[int(place[1:]) - 1] if place else written[0]
    if not place:
        return line
    try:
        decoded_json(line)
    except BrokenRecordError:
        return line
    return b"{" + line  # a line that is whole by itself, of a value that is not


def whole_file(path: Path) -> bytes:
    """The bytes of a file, unpacked, without a byte order mark.

    Raises:
        ArchiveError: the file cannot be read, is damaged, or too large to be read whole.
    """
    try:
        if path == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MAX_WHOLE_BYTES + 1)
        else:
            with path.open("rb") as file:
                data = file.read(MAX_WHOLE_BYTES + 1)
    except OSError as broken:
        raise ArchiveError(f"{path}: cannot be read: {broken.strerror or broken}") from None
    if len(data) > MAX_WHOLE_BYTES:
        raise ArchiveError(
            f"{path}: larger than {MAX_WHOLE_BYTES:,} bytes, and it is read whole: split it, or write an article a "
            "line into a .jsonl file"
        )
    try:
        return unpacked_file(data, MAX_WHOLE_BYTES).removeprefix(codecs.BOM_UTF8)
    except UnpackError as broken:
        raise ArchiveError(f"{path}: {broken}") from None


def _address(path: Path, data: bytes) -> str:
    """What a page calls its own address; else the file's name. A folder may hold the same name twice."""
    from worker.extraction.text.page.own_address import own_address  # noqa: PLC0415 - loaded only for pages

    if path == STANDARD_INPUT:
        return own_address(data) or "stdin:"
    return own_address(data) or f"file:{path.as_posix()}"
