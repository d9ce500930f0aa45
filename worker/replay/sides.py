"""The two sides of a comparison: what is live, and what a replay wrote, in topics or in files."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import orjson

from worker.contract.topics import Topics
from worker.replay.archives.kinds import ArchiveError
from worker.replay.archives.lines import lines_of
from worker.replay.archives.parquet import rows_of
from worker.streaming.record import Record
from worker.streaming.window import Selection, Window, WindowReader, fix_window

__all__ = ["Article", "FileSide", "Passed", "Side", "TopicSide"]

_SOURCE = re.compile(r"/(?P<topic>.+)/(?P<partition>\d+)/(?P<offset>\d+)")


@dataclass(frozen=True, slots=True)
class Article:
    """An article that was extracted, or deleted. The place is that of the raw record, None where it is not told."""

    uri: str
    topic: str | None
    partition: int | None
    offset: int | None


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that gave no extraction, and its place; `key` is the article's uri where the records are keyed by it."""

    key: str
    reason: str
    topic: str
    partition: int
    offset: int


def _passed(key: str | None, headers: Mapping[str, str]) -> Passed:
    told = {name.removeprefix("claimwire_"): value for name, value in headers.items()}
    reason = f"{told.get('outcome', '')}.{told.get('reason', '')}"
    return Passed(key or "", reason, told["topic"], int(told["partition"]), int(told["offset"]))


class Side(Protocol):
    """Each method reads from the beginning to the same end, however often it is called."""

    name: str

    def articles(self) -> AsyncIterator[Article]: ...
    def passed(self) -> AsyncIterator[Passed]: ...
    def claims(self) -> AsyncIterator[tuple[str, dict[str, Any] | None]]:
        """Id and event, in the order in which they were written; None: the claim's record is gone altogether."""


class TopicSide:
    """Topics as they stand when this is made."""

    def __init__(self, name: str, brokers: str, windows: dict[str, Window]) -> None:
        self.name, self._brokers, self._windows = name, brokers, windows

    @classmethod
    async def fixed(cls, name: str, brokers: str, topics: Topics, *, passed: bool) -> TopicSide:
        """Raises WindowError: a topic is missing."""
        names = {"extracted": topics.extracted, "claims": topics.claims}
        if passed:
            names["passed"] = topics.dead
        return cls(name, brokers, {kind: await fix_window(brokers, Selection(topic=t)) for kind, t in names.items()})

    async def _records(self, kind: str) -> AsyncIterator[Record]:
        window = self._windows.get(kind)
        if window is None:
            return
        async with WindowReader(self._brokers, window) as reader:
            async for record in reader:
                yield record

    async def articles(self) -> AsyncIterator[Article]:
        async for record in self._records("extracted"):
            source = next((value for key, value in record.headers if key == "ce_source"), b"") or b""
            found = _SOURCE.fullmatch(source.decode("utf-8", "replace"))
            uri = (record.key or b"").decode("utf-8", "replace")
            if found:
                yield Article(uri, found["topic"], int(found["partition"]), int(found["offset"]))
            else:
                yield Article(uri, None, None, None)

    async def passed(self) -> AsyncIterator[Passed]:
        async for record in self._records("passed"):
            headers = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
            yield _passed((record.key or b"").decode("utf-8", "replace"), headers)

    async def claims(self) -> AsyncIterator[tuple[str, dict[str, Any] | None]]:
        async for record in self._records("claims"):
            claim_id = (record.key or b"").decode("utf-8", "replace")
            yield claim_id, None if record.value is None else orjson.loads(record.value)


class FileSide:
    """The files of a replay, JSON Lines or Parquet."""

    def __init__(self, name: str, folder: Path) -> None:
        """Raises ArchiveError: there is nothing of a replay in the folder."""
        self.name, self._folder = name, folder
        if not any(folder.glob("extracted-*")) and not any(folder.glob("passed-*")):
            raise ArchiveError(f"{folder}: no files of a replay in it")

    def _events(self, kind: str) -> Iterator[dict[str, Any]]:
        columns = {"claims": "claim", "extracted": "extraction", "passed": "passed"}
        for path in sorted(self._folder.glob(f"{kind}-*")):
            if path.suffix == ".part":
                continue
            if path.suffix == ".parquet":
                for row in rows_of(path):
                    if isinstance(row, dict) and columns[kind] in row:
                        yield orjson.loads(row[columns[kind]])
                    elif isinstance(row, dict):
                        yield {"key": row["claim_id" if kind == "claims" else "article_uri"]}
            else:
                for _, line in lines_of(path):
                    yield orjson.loads(line)

    async def articles(self) -> AsyncIterator[Article]:
        for event in self._events("extracted"):
            if "article" in event:
                made = event["provenance"]
                yield Article(event["article"]["uri"], made["topic"], made["partition"], made["offset"])
            else:
                yield Article(event["key"], None, None, None)

    async def passed(self) -> AsyncIterator[Passed]:
        for event in self._events("passed"):
            yield _passed(event["key"], event["headers"])

    async def claims(self) -> AsyncIterator[tuple[str, dict[str, Any] | None]]:
        for event in self._events("claims"):
            if "claim_id" in event:
                yield event["claim_id"], event
            else:
                yield event["key"], None  # a deletion
