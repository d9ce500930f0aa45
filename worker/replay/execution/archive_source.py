"""Archives as the source of a replay: one partition, numbered 0, whose position is the number of records read."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Self

from worker.archives.reading import read_archives
from worker.replay.plan.registry import Registry
from worker.streaming.record import Record
from worker.streaming.topics.shared_window import Checkpoint, ShareListener
from worker.streaming.topics.window_reader import Stretch

__all__ = ["ArchiveSource"]

_MAX_READ_PER_STEP = 50
"""Times `max_records`: a filter that picks few records must not keep a step from ending."""


class ArchiveSource:
    """Hands out the records in the order of the files. The position is kept in the replay's registry."""

    def __init__(
        self,
        files: Sequence[Path],
        name: str,
        registry: Registry,
        listener: ShareListener,
        *,
        wanted: Callable[[Record], bool] | None,
        max_records: int,
        max_bytes: int,
    ) -> None:
        """`name` of the replay; `max_records`, `max_bytes`: of one stretch, which must fit into one batch, since only
        its end has a position.
        """
        self._files, self._name, self._registry, self._listener = files, name, registry, listener
        self._wanted, self._max_records, self._max_bytes = wanted, max_records, max_bytes
        self._stopping = False
        self._ended = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop()

    @property
    def ended(self) -> bool:
        return self._ended

    def stop(self) -> None:
        self._stopping = True

    async def stretches(self, _max_records: int, /) -> AsyncIterator[Stretch]:
        """Raises ArchiveError: a file cannot be read."""
        checkpoint = await self._checkpoint()
        self._listener.assigned(0, checkpoint)
        position = checkpoint.position if checkpoint else 0
        records = read_archives(self._files)
        await asyncio.to_thread(_skip, records, position)
        while not self._stopping:
            if self._listener.must_wait():
                await asyncio.sleep(0.01)
                continue
            read, picked = await asyncio.to_thread(self._next, records)
            position += read
            if not read:
                self._ended = True
                yield Stretch(0, [], position, finished=True)
                return
            yield Stretch(0, picked, position, finished=False)

    async def _checkpoint(self) -> Checkpoint | None:
        entry = (await self._registry.all()).get(self._name)
        place = entry.place if entry else None
        checkpoint = Checkpoint(int(place["position"]), str(place["note"])) if place else None
        return checkpoint if checkpoint is not None and self._listener.is_own(checkpoint) else None

    def _next(self, records: Iterator[Record]) -> tuple[int, list[Record]]:
        """The number of records that were read, and those of them that are wanted."""
        read, size = 0, 0
        picked: list[Record] = []
        for record in records:
            read += 1
            if self._wanted is None or self._wanted(record):
                picked.append(record)
                size += record.size
            full = len(picked) >= self._max_records or size >= self._max_bytes
            if full or read >= _MAX_READ_PER_STEP * self._max_records:
                break
        return read, picked

    async def commit(self, due: Mapping[int, Checkpoint], /) -> bool:
        for checkpoint in due.values():
            content = {"position": checkpoint.position, "note": checkpoint.note}
            await self._registry.write(self._name, "place", content)
        return True


def _skip(records: Iterator[Record], count: int) -> None:
    for _ in islice(records, count):
        pass
