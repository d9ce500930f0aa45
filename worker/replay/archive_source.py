"""Archives as the source of a replay: one lane, whose place is the number of records that were read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from worker.replay.archives.reading import read_archives
from worker.replay.registry import Registry
from worker.streaming.record import Record
from worker.streaming.shared_window import Checkpoint
from worker.streaming.window import Stretch

__all__ = ["ArchiveSource"]


class ArchiveSource:
    """Hands out records in the order of the files, up to their end or `stop`. Raises ArchiveError in the reading."""

    def __init__(
        self,
        files: list[Path],
        name: str,
        registry: Registry,
        *,
        given: Callable[[int, Checkpoint | None], None],
        known: Callable[[Checkpoint], bool],
        held: Callable[[], bool],
        wanted: Callable[[Record], bool] | None,
        most: int,
        most_bytes: int,
    ) -> None:
        self._files, self._name, self._registry = files, name, registry
        self._given, self._known, self._held, self._wanted = given, known, held, wanted
        self._most, self._most_bytes = most, most_bytes
        self._stopping = False
        self.ended = False

    def stop(self) -> None:
        self._stopping = True

    async def stretches(self, _max_records: int) -> AsyncIterator[Stretch]:
        """Each fits into one batch: between its records no place could be told."""
        notes = (await self._registry.all()).get(self._name)
        place = notes.place if notes else None
        found = Checkpoint(int(place["position"]), str(place["note"])) if place else None
        checkpoint = found if found is not None and self._known(found) else None
        self._given(0, checkpoint)
        position = checkpoint.position if checkpoint else 0
        records = read_archives(self._files)
        await asyncio.to_thread(_skip, records, position)
        while not self._stopping:
            if self._held():
                await asyncio.sleep(0.01)
                continue
            read, picked = await asyncio.to_thread(self._next, records)
            position += read
            if not read:
                self.ended = True
                yield Stretch(0, [], position, finished=True)
                return
            yield Stretch(0, picked, position, finished=False)

    def _next(self, records: Iterator[Record]) -> tuple[int, list[Record]]:
        """How many records were read, and those of them that are wanted."""
        read, size = 0, 0
        picked: list[Record] = []
        for record in records:
            read += 1
            if self._wanted is None or self._wanted(record):
                picked.append(record)
                size += record.size
            if len(picked) >= self._most or size >= self._most_bytes or read >= 50 * self._most:
                break
        return read, picked

    async def commit(self, due: Mapping[int, Checkpoint]) -> bool:
        for checkpoint in due.values():
            content = {"position": checkpoint.position, "note": checkpoint.note}
            await self._registry.write(self._name, "place", content)
        return True


def _skip(records: Iterator[Record], count: int) -> None:
    for _ in islice(records, count):
        pass
