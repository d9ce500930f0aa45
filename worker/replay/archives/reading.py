"""Records from files: archives of ours with their coordinates, articles of others with the file's name and a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from worker.contract.formats import UnknownShapeError, to_native
from worker.replay.archives import parquet, warc
from worker.replay.archives.kinds import ArchiveError, Kind, kind_of
from worker.replay.archives.lines import lines_of, record_from
from worker.streaming.record import Record

__all__ = ["files_of", "read_archives"]


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files, folders replaced by what they hold, in the order of names. Raises ArchiveError: nothing can be read."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and kind_of(p) is not None)
            if not inside:
                raise ArchiveError(f"{path}: no archive and no article in this folder")
            found += inside
        elif kind_of(path) is None:
            raise ArchiveError(
                f"{path}: its ending names no kind of archive; there are .jsonl, .ndjson and .json (also .gz, .zst), "
                ".parquet, .warc (also .gz), .html, .txt, or a folder"
            )
        elif not path.is_file():
            raise ArchiveError(f"{path}: no such file")
        else:
            found.append(path)
    return found


def read_archives(files: Iterable[Path]) -> Iterator[Record]:
    """All records, file after file. Reading twice gives the same records in the same order.

    An article that comes without coordinates gets the topic `file:NAME`, partition 0 and its number from 0 as the
    offset, no timestamp (-1), and its uri as the key.

    Raises:
        ArchiveError: a file is broken; everything before the break was given out.
    """
    for file in files:
        match kind_of(file):
            case Kind.PARQUET:
                for number, row in enumerate(parquet.rows_of(file)):
                    yield row if isinstance(row, Record) else _article(file, number, parquet.as_json(row))
            case Kind.WARC:
                for number, (address, value) in enumerate(warc.articles_of(file)):
                    yield Record(f"file:{file.name}", 0, number, -1, address, value, ())
            case Kind.PAGE:
                yield _page(file)
            case _:
                yield from _lines(file)


def _lines(file: Path) -> Iterator[Record]:
    if file.suffix.casefold() == ".json":
        whole = _whole(file)
        if whole is not None:
            yield from whole
            return
    for number, line in lines_of(file):
        try:
            record = record_from(line)
        except ArchiveError:
            record = None  # the worker says of broken articles what is wrong with them, here as from Kafka
        yield record or _article(file, number - 1, line)


def _whole(file: Path) -> list[Record] | None:
    """The articles of a file that is one JSON value, an object or an array; None for JSON Lines under that name."""
    data = file.read_bytes()
    try:
        decoded = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if isinstance(decoded, list):
        return [_article(file, number, orjson.dumps(item)) for number, item in enumerate(decoded)]
    return [record_from(data) or _article(file, 0, data)]


def _page(file: Path) -> Record:
    uri = f"file:{file.as_posix()}"  # a folder may hold the same name twice
    article = {"uri": uri, "body": file.read_bytes().decode("utf-8-sig", "replace")}
    return Record(uri, 0, 0, -1, uri.encode(), orjson.dumps(article), ())


def _article(file: Path, number: int, value: bytes) -> Record:
    try:
        uri = to_native(orjson.loads(value)).get("uri")
    except (orjson.JSONDecodeError, UnknownShapeError, AttributeError, TypeError):
        uri = None
    key = uri.encode("utf-8") if isinstance(uri, str) else None
    return Record(f"file:{file.name}", 0, number, -1, key, value, ())
