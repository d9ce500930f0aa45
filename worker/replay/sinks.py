"""Where the outputs of a replay go: topics, or files. Each says of a batch when it is safe: only then its place counts."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import orjson

from worker.contract.topics import Topics
from worker.replay.archives.kinds import ArchiveError
from worker.replay.archives.lines import LinesWriter, lines_of
from worker.replay.archives.parquet import ParquetTable
from worker.streaming.delivery import FencedError
from worker.streaming.outcome import Output
from worker.streaming.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.window import Selection, WindowReader, fix_window

__all__ = ["FileSink", "Sink", "TopicSink"]

Changes = Sequence[tuple[bytes, bytes | None]]
"""Keys of articles and their new states."""
Safe = asyncio.Future[frozenset[int]]
"""Done when a batch's outputs are safe: the places in the batch of records whose outputs were too large for the topic."""


class Sink(Protocol):
    async def put(
        self, lane: int, position: int, made: Sequence[Sequence[Output]], changes: Changes, ours: Callable[[], bool], /
    ) -> Safe:
        """The outputs of one batch, which begins at `position` of `lane`. Batches of a lane come one after the other.

        The states become safe after the outputs: who dies between the two makes the same outputs once more. Once
        `ours` says no, nothing more is written.
        """

    def states(self, lane: int, position: int, /) -> AsyncIterator[tuple[bytes, bytes | None]]:
        """The states of a lane as they were kept at `position`, the last one of each key counts."""

    async def flush(self, lanes: Sequence[int], /) -> None:
        """Makes safe what was put for these lanes, now."""

    async def tick(self) -> None:
        """Makes safe what waits for too long; called now and then."""

    async def stop(self) -> None: ...


class TopicSink:
    """A batch is put when the broker has acknowledged it: so the next one of its lane cannot overtake it."""

    def __init__(self, publisher: Publisher, brokers: str, states: str) -> None:
        self._publisher, self._brokers, self._states = publisher, brokers, states

    async def put(
        self, lane: int, _position: int, made: Sequence[Sequence[Output]], changes: Changes, ours: Callable[[], bool], /
    ) -> Safe:
        delivery = self._publisher.delivery(ours)
        parcels = [await delivery.add(outputs) for outputs in made]
        await delivery.land()
        if changes:
            prefix = b"%d " % lane
            for key, state in changes:
                await delivery.add([Output(self._states, prefix + key, state, [])])
            await delivery.land()
        safe: Safe = asyncio.get_running_loop().create_future()
        safe.set_result(frozenset(i for i, parcel in enumerate(parcels) if parcel.too_large is not None))
        return safe

    async def states(self, lane: int, _position: int, /) -> AsyncIterator[tuple[bytes, bytes | None]]:
        """They may be ahead of the place: then their outputs are published already, as with the worker's own table."""
        prefix = b"%d " % lane
        window = await fix_window(self._brokers, Selection(topic=self._states))
        wanted = partial(_begins, prefix)
        async with WindowReader(self._brokers, window, wanted=wanted) as reader:
            async for record in reader:
                yield (record.key or b"").removeprefix(prefix), record.value

    async def flush(self, _lanes: Sequence[int], /) -> None:
        return

    async def tick(self) -> None:
        return

    async def stop(self) -> None:
        await self._publisher.stop()


def _begins(prefix: bytes, record: Record) -> bool:
    return (record.key or b"").startswith(prefix)


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

    async def put(
        self, lane: int, position: int, made: Sequence[Sequence[Output]], changes: Changes, ours: Callable[[], bool], /
    ) -> Safe:
        if not ours():
            raise FencedError(f"lane {lane} belongs to another process by now")
        safe: Safe = asyncio.get_running_loop().create_future()
        piece = self._pieces.setdefault(lane, _Piece(time.monotonic(), position))
        piece.waiting.append(safe)
        for outputs in made:
            for output in outputs:
                self._write(lane, piece, output)
        for key, state in changes:
            self._file("states", lane, piece).write(_state_line(key, state))
        if piece.bytes >= self._piece_bytes:
            await self.flush([lane])
        return safe

    async def states(self, lane: int, position: int, /) -> AsyncIterator[tuple[bytes, bytes | None]]:
        """Of the pieces before the place: one that begins at it was closed, but not committed."""
        for path in sorted(self._folder.glob(f"states-{lane:05d}-*.jsonl.zst")):
            if int(path.name.removesuffix(".jsonl.zst").rpartition("-")[2]) >= position:
                break
            for _, line in lines_of(path):
                key, state = orjson.loads(line)
                yield base64.b64decode(key), None if state is None else base64.b64decode(state)

    def _write(self, lane: int, piece: _Piece, output: Output) -> None:
        kind = self._kinds[output.topic]
        file = self._file(kind, lane, piece)
        if isinstance(file, ParquetTable):
            file.write(_row(kind, output), len(output.value or b""))
        else:
            file.write(_line(kind, output))

    def _file(self, kind: str, lane: int, piece: _Piece) -> Any:
        file = piece.files.get(kind)
        if file is None:
            path = self._path(kind, lane, piece)
            parquet = path.suffix == ".parquet"
            file = piece.files[kind] = ParquetTable(path, _COLUMNS[kind]) if parquet else LinesWriter(path)
        return file

    def _path(self, kind: str, lane: int, piece: _Piece) -> Path:
        form = "jsonl.zst" if kind == "states" else self._form
        return self._folder / f"{kind}-{lane:05d}-{piece.start:020d}.{form}"

    async def flush(self, lanes: Sequence[int], /) -> None:
        for lane in lanes:
            piece = self._pieces.pop(lane, None)
            if piece is None:
                continue
            try:
                for file in piece.files.values():
                    await asyncio.to_thread(file.close)
                for kind in {*self._kinds.values(), "states"} - piece.files.keys():
                    # of a piece that began here as well, reached further, and was not committed
                    self._path(kind, lane, piece).unlink(missing_ok=True)
            except ArchiveError as broken:
                for safe in piece.waiting:
                    safe.set_exception(broken)
                raise
            for safe in piece.waiting:
                safe.set_result(frozenset())

    async def tick(self) -> None:
        now = time.monotonic()
        await self.flush([lane for lane, piece in self._pieces.items() if now - piece.begun >= self._piece_s])

    async def stop(self) -> None:
        for piece in self._pieces.values():
            for file in piece.files.values():
                file.abandon()


def _state_line(key: bytes, state: bytes | None) -> bytes:
    encoded = [base64.b64encode(key).decode(), None if state is None else base64.b64encode(state).decode()]
    return orjson.dumps(encoded, option=orjson.OPT_APPEND_NEWLINE)


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
        return {"claim_id" if kind == "claims" else "article_uri": row["key"]}  # a deletion: the rest is null
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
