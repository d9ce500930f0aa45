"""Writes the outputs of a replay to files: JSON Lines or Parquet."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import orjson

from worker.archives.kinds import ArchiveError
from worker.archives.lines import LinesWriter, lines_of
from worker.archives.output_rows import COLUMNS, OutputKind, json_line, table_row
from worker.archives.parquet import ParquetTable
from worker.contract.topics import Topics
from worker.replay.execution.sinks import Safe, StateChanges
from worker.streaming.outcome import Output
from worker.streaming.publish.delivery import FencedError

__all__ = ["FileSink"]

_STATES_FORM = "jsonl.zst"


class _OutputFile(Protocol):
    @property
    def bytes(self) -> int: ...
    def write(self, output: Output) -> None: ...
    def close(self) -> None: ...
    def abandon(self) -> None: ...


class _OutputLines:
    def __init__(self, path: Path, kind: OutputKind) -> None:
        self._kind, self._lines = kind, LinesWriter(path, replace=True)
        self.close, self.abandon = self._lines.close, self._lines.abandon

    @property
    def bytes(self) -> int:
        return self._lines.bytes

    def write(self, output: Output) -> None:
        self._lines.write(json_line(self._kind, output))


class _OutputTable:
    def __init__(self, path: Path, kind: OutputKind) -> None:
        self._kind, self._table = kind, ParquetTable(path, COLUMNS[kind], replace=True)
        self.close, self.abandon = self._table.close, self._table.abandon

    @property
    def bytes(self) -> int:
        return self._table.bytes

    def write(self, output: Output) -> None:
        self._table.write(table_row(self._kind, output), len(output.value or b""))


@dataclass(slots=True)
class _Piece:
    """The open files of one partition, one for each kind of output that came, and the batches that wait for them."""

    opened_at: float
    start: int
    files: dict[OutputKind, _OutputFile] = field(default_factory=dict)
    states: LinesWriter | None = None
    waiting: list[Safe] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files.values()) + (self.states.bytes if self.states else 0)

    def all_files(self) -> list[_OutputFile | LinesWriter]:
        return [*self.files.values(), *([self.states] if self.states else [])]


class FileSink:
    """Pieces named `claims-PARTITION-START.jsonl.zst` and so on; each line or row is one event, as in the topic.

    A piece is closed at a size or an age, and is safe from then on. START is the position at which it begins: a replay
    that was killed before its commit starts there again and overwrites the piece. So each record is in one file only,
    however often it was read.
    """

    def __init__(self, folder: Path, topics: Topics, form: str, *, piece_bytes: int, piece_s: float) -> None:
        """`topics` says which output is of which kind; `form` is the ending of the files: jsonl.zst, parquet, ..."""
        self._folder, self._form, self._piece_bytes, self._piece_s = folder, form, piece_bytes, piece_s
        self._kinds: dict[str, OutputKind] = {
            topics.extracted: "extracted",
            topics.claims: "claims",
            topics.dead: "passed",
        }
        self._pieces: dict[int, _Piece] = {}

    async def put(
        self,
        partition: int,
        position: int,
        outputs: Sequence[Sequence[Output]],
        changes: StateChanges,
        is_ours: Callable[[], bool],
        /,
    ) -> Safe:
        if not is_ours():
            raise FencedError(f"partition {partition} belongs to another process by now")
        safe: Safe = asyncio.get_running_loop().create_future()
        piece = self._pieces.setdefault(partition, _Piece(time.monotonic(), position))
        piece.waiting.append(safe)
        for of_record in outputs:
            for output in of_record:
                self._file(self._kinds[output.topic], partition, piece).write(output)
        for key, state in changes:
            self._states_file(partition, piece).write(_state_line(key, state))
        if piece.bytes >= self._piece_bytes:
            await self.flush([partition])
        return safe

    async def states(self, partition: int, position: int, /) -> AsyncIterator[tuple[bytes, bytes | None]]:
        """The states in the pieces that begin below the position: the others were closed, but not committed."""
        for path in sorted(self._folder.glob(f"states-{partition:05d}-*.{_STATES_FORM}")):
            if int(path.name.removesuffix(f".{_STATES_FORM}").rpartition("-")[2]) >= position:
                break
            for _, line in lines_of(path):
                key, state = orjson.loads(line)
                yield base64.b64decode(key), None if state is None else base64.b64decode(state)

    def _file(self, kind: OutputKind, partition: int, piece: _Piece) -> _OutputFile:
        file = piece.files.get(kind)
        if file is None:
            path = self._path(kind, partition, piece, self._form)
            file = _OutputTable(path, kind) if path.suffix == ".parquet" else _OutputLines(path, kind)
            piece.files[kind] = file
        return file

    def _states_file(self, partition: int, piece: _Piece) -> LinesWriter:
        if piece.states is None:
            piece.states = LinesWriter(self._path("states", partition, piece, _STATES_FORM), replace=True)
        return piece.states

    def _path(self, kind: str, partition: int, piece: _Piece, form: str) -> Path:
        return self._folder / f"{kind}-{partition:05d}-{piece.start:020d}.{form}"

    async def flush(self, partitions: Sequence[int], /) -> None:
        for partition in partitions:
            piece = self._pieces.pop(partition, None)
            if piece is None:
                continue
            try:
                for file in piece.all_files():
                    await asyncio.to_thread(file.close)
                self._delete_overtaken(partition, piece)
            except ArchiveError as broken:
                for safe in piece.waiting:
                    safe.set_exception(broken)
                raise
            for safe in piece.waiting:
                safe.set_result(frozenset())

    def _delete_overtaken(self, partition: int, piece: _Piece) -> None:
        """Deletes files of an earlier piece with the same start, which reached further and was not committed."""
        for kind in set(self._kinds.values()) - piece.files.keys():
            self._path(kind, partition, piece, self._form).unlink(missing_ok=True)
        if piece.states is None:
            self._path("states", partition, piece, _STATES_FORM).unlink(missing_ok=True)

    async def tick(self) -> None:
        now = time.monotonic()
        await self.flush([p for p, piece in self._pieces.items() if now - piece.opened_at >= self._piece_s])

    async def stop(self) -> None:
        for piece in self._pieces.values():
            for file in piece.all_files():
                file.abandon()


def _state_line(key: bytes, state: bytes | None) -> bytes:
    encoded = [base64.b64encode(key).decode(), None if state is None else base64.b64encode(state).decode()]
    return orjson.dumps(encoded, option=orjson.OPT_APPEND_NEWLINE)
