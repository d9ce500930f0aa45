"""The kinds of archives, told apart by a file's name, and the error of reading or writing one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

__all__ = ["ENDINGS", "ArchiveError", "ArchiveKind", "kind_of", "missing_extra"]


class ArchiveError(Exception):
    """An archive cannot be read or written. The message says which file, where in it, and why."""


class ArchiveKind(StrEnum):
    LINES = "JSON Lines"
    PARQUET = "Parquet"
    WARC = "WARC"
    CSV = "CSV"
    PAGE = "a page, a text, a feed or a message"


_ENDINGS = {
    ".jsonl": ArchiveKind.LINES,
    ".ndjson": ArchiveKind.LINES,
    ".json": ArchiveKind.LINES,
    ".parquet": ArchiveKind.PARQUET,
    ".warc": ArchiveKind.WARC,
    ".csv": ArchiveKind.CSV,
    ".tsv": ArchiveKind.CSV,
    ".html": ArchiveKind.PAGE,
    ".htm": ArchiveKind.PAGE,
    ".xhtml": ArchiveKind.PAGE,
    ".txt": ArchiveKind.PAGE,
    ".xml": ArchiveKind.PAGE,
    ".rss": ArchiveKind.PAGE,
    ".atom": ArchiveKind.PAGE,
    ".nitf": ArchiveKind.PAGE,
    ".eml": ArchiveKind.PAGE,
}
_COMPRESSED = {
    ArchiveKind.LINES: (".gz", ".zst"),
    ArchiveKind.PAGE: (".gz", ".zst"),
    ArchiveKind.WARC: (".gz",),
}
ENDINGS = (
    ".jsonl, .ndjson, .json, .html, .xhtml, .txt, .xml, .rss, .atom, .nitf and .eml (all also .gz, .zst), .csv, .tsv, "
    ".parquet, .warc (also .gz)"
)
"""What is read, in words."""


def kind_of(path: Path) -> ArchiveKind | None:
    """None for an unknown ending. `.gz` and `.zst` follow the ending of the compressed file: `raw.jsonl.zst`."""
    name = path.name.casefold()
    stem, dot, last = name.rpartition(".")
    if dot and f".{last}" in (".gz", ".zst"):
        inner = _ENDINGS.get(Path(stem).suffix)
        return inner if inner is not None and f".{last}" in _COMPRESSED.get(inner, ()) else None
    return _ENDINGS.get(Path(name).suffix)


def missing_extra(what: str) -> ArchiveError:
    return ArchiveError(f"{what} needs packages that are not installed: pip install 'claimwire[archives]'")
