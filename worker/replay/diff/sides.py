"""The two sides of a comparison: the live claims, or those of a replay, read from topics or from files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import orjson

from worker.archives.kinds import ArchiveError
from worker.archives.lines import lines_of
from worker.archives.output_rows import WHOLE, OutputKind
from worker.archives.parquet import rows_of
from worker.brokers import Brokers
from worker.contract.coordinates import Coordinates, origin_of
from worker.contract.headers.claimwire_headers import claimwire_fields
from worker.contract.topics import Topics
from worker.replay.diff.claim_shape import (
    ForeignEventError,
    claim_event,
    claim_in_file,
    extracted_in_file,
    passed_in_file,
)
from worker.replay.diff.compare import ClaimEvent
from worker.streaming.record import Record
from worker.streaming.topics.window import Selection, Window, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["ExtractedArticle", "FileSide", "PassedRecord", "Side", "TopicSide"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ExtractedArticle:
    """An article that was extracted, or deleted. `raw`: its raw record; None where nothing says which it was."""

    uri: str
    raw: Coordinates | None


@dataclass(frozen=True, slots=True)
class PassedRecord:
    """A raw record that gave no extraction. `key` is the article's uri where the records are keyed by it.

    `reason` is outcome and reason: `dropped.language`, `dead.not_json`, ...
    """

    key: str
    reason: str
    raw: Coordinates


class Side(Protocol):
    """Each method reads from the beginning to the same end, however often it is called.

    A record that is no event of its kind is reported once and left out.

    All raise WindowError, ArchiveError or KafkaError when the side cannot be read.
    """

    name: str

    def articles(self) -> AsyncIterator[ExtractedArticle]:
        """In the order in which they were written."""

    def passed(self) -> AsyncIterator[PassedRecord]:
        """The dropped and the dead records. The live side has none: its dead letters are of all records."""

    def claims(self) -> AsyncIterator[tuple[str, ClaimEvent | None]]:
        """Id and event, those of an id in the order in which they were written; None: the claim was deleted."""


ReportForeign = Callable[[str, str], None]
"""Called with the place of a record that is left out, and with the reason."""
_NOT_A_REPLAYS = "no record that a replay passed by: it lacks our headers, or they are wrong"


def _ignored(place: str, why: str) -> None:
    pass


class _Foreign:
    """Reports each foreign record once, although the sides are read several times."""

    def __init__(self, report: ReportForeign) -> None:
        self._report = report
        self._read: set[OutputKind] = set()

    def found(self, kind: OutputKind, place: str, why: str) -> None:
        if kind not in self._read:
            self._report(place, why)

    def all_found(self, kind: OutputKind) -> None:
        """All records of the kind have been read."""
        self._read.add(kind)


def _passed(key: str, headers: Iterable[tuple[str, bytes]]) -> PassedRecord | None:
    """None where the record was not written by a replay."""
    headers = list(headers)
    fields, origin = claimwire_fields(headers), origin_of(headers)
    if origin is None:
        return None
    return PassedRecord(key, f"{fields.get('outcome', '')}.{fields.get('reason', '')}", origin.coordinates)


def _text(key: bytes | None) -> str:
    return (key or b"").decode("utf-8", "replace")


class TopicSide:
    """Topics, up to their ends at the time when this is made."""

    def __init__(self, name: str, brokers: Brokers, windows: dict[OutputKind, Window], foreign: ReportForeign) -> None:
        self.name, self._brokers, self._windows = name, brokers, windows
        self._foreign = _Foreign(foreign)

    @classmethod
    async def fixed(
        cls, name: str, brokers: Brokers, topics: Topics, foreign: ReportForeign = _ignored, *, passed: bool
    ) -> TopicSide:
        """`passed`: whether `topics.dead` holds the dropped and dead records of this side and of nothing else.

        Raises:
            WindowError: a topic is missing.
        """
        names: dict[OutputKind, str] = {"extracted": topics.extracted, "claims": topics.claims}
        if passed:
            names["passed"] = topics.dead
        windows = {kind: await fix_window(brokers, Selection(topic=topic)) for kind, topic in names.items()}
        return cls(name, brokers, windows, foreign)

    async def _records(self, kind: OutputKind) -> AsyncIterator[Record]:
        window = self._windows.get(kind)
        if window is None:
            return
        async with WindowReader(self._brokers, window) as reader:
            async for record in reader:
                yield record

    async def articles(self) -> AsyncIterator[ExtractedArticle]:
        async for record in self._records("extracted"):
            yield ExtractedArticle(_text(record.key), Coordinates.in_event(record.headers))

    async def passed(self) -> AsyncIterator[PassedRecord]:
        async for record in self._records("passed"):
            passed = _passed(_text(record.key), record.headers)
            if passed is not None:
                yield passed
            else:
                self._foreign.found("passed", str(Coordinates.of(record)), _NOT_A_REPLAYS)
        self._foreign.all_found("passed")

    async def claims(self) -> AsyncIterator[tuple[str, ClaimEvent | None]]:
        async for record in self._records("claims"):
            try:
                event = None if record.value is None else _own(claim_event(record.value), _text(record.key))
            except ForeignEventError as foreign:
                self._foreign.found("claims", str(Coordinates.of(record)), str(foreign))
                continue
            yield _text(record.key), event
        self._foreign.all_found("claims")


class FileSide:
    """The files that a replay wrote, JSON Lines or Parquet."""

    def __init__(self, name: str, folder: Path, foreign: ReportForeign = _ignored) -> None:
        """The files that are in the folder now. Raises ArchiveError: none of them is of a replay."""
        self.name = name
        self._foreign = _Foreign(foreign)
        self._files: dict[OutputKind, list[Path]] = {kind: _files(folder, kind) for kind in WHOLE}
        if not self._files["extracted"] and not self._files["passed"]:
            raise ArchiveError(f"{folder}: no files of a replay in it")

    def _events(self, kind: OutputKind, read: Callable[[bytes], T]) -> Iterator[T]:
        """What `read` makes of each line or row; where it raises ForeignEventError, the line is left out."""
        for path in self._files[kind]:
            for place, line in _from_table(path, kind) if path.suffix == ".parquet" else _from_lines(path):
                try:
                    event = read(line)
                except ForeignEventError as foreign:
                    self._foreign.found(kind, place, str(foreign))
                    continue
                yield event
        self._foreign.all_found(kind)

    async def articles(self) -> AsyncIterator[ExtractedArticle]:
        for uri, raw in self._events("extracted", extracted_in_file):
            yield ExtractedArticle(uri, raw)

    async def passed(self) -> AsyncIterator[PassedRecord]:
        for record in self._events("passed", _passed_in_file):
            yield record

    async def claims(self) -> AsyncIterator[tuple[str, ClaimEvent | None]]:
        for claim in self._events("claims", claim_in_file):
            yield claim


def _passed_in_file(line: bytes) -> PassedRecord:
    passed = _passed(*passed_in_file(line))
    if passed is None:
        raise ForeignEventError(_NOT_A_REPLAYS)
    return passed


def _own(event: ClaimEvent, key: str) -> ClaimEvent:
    """Raises ForeignEventError: the record's key is not that of the claim in it."""
    if event["claim_id"] != key:
        raise ForeignEventError(f"its key {key[:120]!r} is not its claim_id {event['claim_id'][:120]!r}")
    return event


def _files(folder: Path, kind: OutputKind) -> list[Path]:
    return sorted(path for path in folder.glob(f"{kind}-*") if path.suffix != ".part")


def _from_lines(path: Path) -> Iterator[tuple[str, bytes]]:
    for number, line in lines_of(path):
        yield f"{path}: line {number}", line


def _from_table(path: Path, kind: OutputKind) -> Iterator[tuple[str, bytes]]:
    """Each row as its line of JSON would be."""
    for number, row in enumerate(rows_of(path), 1):
        if isinstance(row, Record):
            continue  # a table of records, which no replay writes
        whole = row.get(WHOLE[kind])
        if whole is None:
            key = row.get("claim_id" if kind == "claims" else "article_uri")
            yield f"{path}: row {number}", orjson.dumps({"key": key}, default=str)
        else:
            yield f"{path}: row {number}", str(whole).encode("utf-8", "replace")
