"""Which kind of archive a file is, by its name, and the errors of reading and writing one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

__all__ = ["ArchiveError", "Kind", "kind_of", "missing_extra"]


class ArchiveError(Exception):
    """An archive cannot be read or written: says which file, where in it, and why."""


class Kind(StrEnum):
    LINES = "JSON Lines"
    PARQUET = "Parquet"
    WARC = "WARC"
    PAGE = "a page or text"


_ENDINGS = {
    ".jsonl": Kind.LINES,
    ".ndjson": Kind.LINES,
    ".json": Kind.LINES,
    ".parquet": Kind.PARQUET,
    ".warc": Kind.WARC,
    ".html": Kind.PAGE,
    ".htm": Kind.PAGE,
    ".txt": Kind.PAGE,
}
_COMPRESSED = {Kind.LINES: (".gz", ".zst"), Kind.WARC: (".gz",)}


def kind_of(path: Path) -> Kind | None:
    """None for a name that no kind has. `.gz` and `.zst` stand behind the ending of what they compress."""
    name = path.name.casefold()
    stem, dot, last = name.rpartition(".")
    if dot and f".{last}" in (".gz", ".zst"):
        inner = _ENDINGS.get(Path(stem).suffix)
        return inner if inner is not None and f".{last}" in _COMPRESSED.get(inner, ()) else None
    return _ENDINGS.get(Path(name).suffix)


def missing_extra(what: str) -> ArchiveError:
    return ArchiveError(f"{what} needs packages that are not installed: pip install 'claimwire[archives]'")
