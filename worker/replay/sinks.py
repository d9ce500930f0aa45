"""Where the outputs of a replay go: topics, or files. Each says of a batch when it is safe: only then its place counts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import orjson

from worker.contract.topics import Topics
from worker.replay.archives.kinds import ArchiveError
from worker.replay.archives.lines import LinesWriter
from worker.replay.archives.parquet import ParquetTable
from worker.streaming.outcome import Output
from worker.streaming.publisher import OutputTooLargeError, Publisher, Record

__all__ = ["FileSink", "Sink", "TopicSink"]

Outputs = Sequence[tuple[Record, Sequence[Output]]]
Safe = asyncio.Future[frozenset[int]]
"""Done when a batch's outputs are safe: the places in the batch of records whose outputs were too large for the topic."""


class Sink(Protocol):
    async def put(self, lane: int, position: int, outputs: Outputs, /) -> Safe:
        """The outputs of one batch, which begins at `position` of `lane`. Batches of a lane come one after the other."""

    async def flush(self, lanes: Sequence[int], /) -> None:
        """Makes safe what was put for these lanes, now."""

    async def stop(self) -> None: ...


class TopicSink:
    """A batch is put when the broker has acknowledged it: so the next one of its lane cannot overtake it."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher

    async def put(self, _lane: int, _position: int, outputs: Outputs, /) -> Safe:
        large: set[int] = set()
        pending = []
        for index, (_, each) in enumerate(outputs):
            try:
                pending.append((index, await self._publisher.enqueue(each)))
            except OutputTooLargeError:
                large.add(index)
        for index, futures in pending:
            try:
                await self._publisher.acknowledged(futures)
            except OutputTooLargeError:
                large.add(index)
        safe: Safe = asyncio.get_running_loop().create_future()
        safe.set_result(frozenset(large))
        return safe

    async def flush(self, _lanes: Sequence[int], /) -> None:
        return

    async def stop(self) -> None:
        await self._publisher.stop()


@dataclass(slots=True)
class _Piece:
    """A stretch of one lane in files: one for each kind of output that came."""

    begun: float
    start: int
    files: dict[str, Any] = field(default_factory=dict)
    waiting: list[Safe] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files.values())


class FileSink:
    """JSON Lines or Parquet: `claims-LANE-START.jsonl.zst` and so on, a claim a line as in the topic.

    A piece is closed at a size or an age; closed, it is safe. Its name says where it begins: a replay that was killed
    before it could commit begins there again and overwrites it. So a record is in one file, however often it was begun.
    """

    def __init__(self, folder: Path, topics: Topics, form: str, *, piece_bytes: int, piece_s: float) -> None:
        self._folder, self._form, self._piece_bytes, self._piece_s = folder, form, piece_bytes, piece_s
        self._kinds = {topics.extracted: "extracted", topics.claims: "claims", topics.dead: "passed"}
        self._pieces: dict[int, _Piece] = {}

    async def put(self, lane: int, position: int, outputs: Outputs, /) -> Safe:
        safe: Safe = asyncio.get_running_loop().create_future()
        piece = self._pieces.setdefault(lane, _Piece(time.monotonic(), position))
        piece.waiting.append(safe)
        for _, each in outputs:
            for output in each:
                self._write(lane, piece, output)
        if piece.bytes >= self._piece_bytes or time.monotonic() - piece.begun >= self._piece_s:
            await self.flush([lane])
        return safe

    def _write(self, lane: int, piece: _Piece, output: Output) -> None:
        kind = self._kinds[output.topic]
        file = piece.files.get(kind)
        if file is None:
            path = self._path(kind, lane, piece)
            columns = _COLUMNS[kind]
            file = piece.files[kind] = ParquetTable(path, columns) if self._form == "parquet" else LinesWriter(path)
        if isinstance(file, ParquetTable):
            file.write(_row(kind, output), len(output.value or b""))
        else:
            file.write(_line(kind, output))

    def _path(self, kind: str, lane: int, piece: _Piece) -> Path:
        return self._folder / f"{kind}-{lane:05d}-{piece.start:020d}.{self._form}"

    async def flush(self, lanes: Sequence[int], /) -> None:
        for lane in lanes:
            piece = self._pieces.pop(lane, None)
            if piece is None:
                continue
            try:
                for file in piece.files.values():
                    await asyncio.to_thread(file.close)
                for kind in set(self._kinds.values()) - piece.files.keys():
                    # of a piece that began here as well, reached further, and was not committed
                    self._path(kind, lane, piece).unlink(missing_ok=True)
            except ArchiveError as broken:
                for safe in piece.waiting:
                    safe.set_exception(broken)
                raise
            for safe in piece.waiting:
                safe.set_result(frozenset())

    async def stop(self) -> None:
        for piece in self._pieces.values():
            for file in piece.files.values():
                file.abandon()


def _line(kind: str, output: Output) -> bytes:
    if kind == "passed" or output.value is None:
        headers = {name: value.decode("utf-8", "replace") for name, value in output.headers}
        key = None if output.key is None else output.key.decode("utf-8", "replace")
        return orjson.dumps({"key": key, "headers": headers}, option=orjson.OPT_APPEND_NEWLINE)
    return output.value + b"\n"


_COLUMNS = {
    "claims": {
        "claim_id": "string",
        "article_uri": "string",
        "article_version": "string",
        "publisher": "string",
        "published_at": "string",
        "status": "string",
        "voice": "string",
        "source": "string",
        "act": "string",
        "polarity": "string",
        "certainty": "string",
        "content": "string",
        "confidence": "double",
        "check_worthiness": "double",
        "claim": "string",
    },
    "extracted": {
        "article_uri": "string",
        "article_version": "string",
        "claims_count": "int32",
        "extraction": "string",
    },
    "passed": {"key": "string", "reason": "string", "passed": "string"},
}


def _row(kind: str, output: Output) -> dict[str, Any]:
    """The columns by which one selects, and the whole beside them as JSON."""
    if kind == "passed" or output.value is None:
        headers = dict(output.headers)
        row = {"key": None if output.key is None else output.key.decode("utf-8", "replace")}
        whole = _line(kind, output).decode()
        if kind == "passed":
            reason = headers.get("claimwire_reason", b"").decode("utf-8", "replace")
            return row | {"reason": reason, "passed": whole}
        return {"article_uri": row["key"], "extraction": None}
    event = orjson.loads(output.value)
    article = event["article"]
    row = {"article_uri": article["uri"], "article_version": article["version"]}
    if kind == "extracted":
        return row | {"claims_count": event["claims_count"], "extraction": output.value.decode()}
    chain = event["attribution"]
    row |= {
        name: event[name]
        for name in ("claim_id", "status", "voice", "act", "polarity", "confidence", "check_worthiness")
    }
    return row | {
        "publisher": article["publisher"],
        "published_at": article["published_at"],
        "source": chain[-1]["source"]["name"] if chain else None,
        "certainty": event["modality"]["certainty"],
        "content": event["content"]["text"],
        "claim": output.value.decode(),
    }
