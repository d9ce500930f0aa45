"""The interface of what a replay writes to: topics (TopicSink) or files (FileSink)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from worker.streaming.outcome import Output

__all__ = ["Safe", "Sink", "StateChanges"]

StateChanges = Sequence[tuple[bytes, bytes | None]]
"""Keys of articles and their new states; None: the article has no state any more."""

Safe = asyncio.Future[frozenset[int]]
"""Done when the outputs of a batch are durable. Its result: the indexes in the batch of those records that had an
output too large for the topic."""


class Sink(Protocol):
    """Writes batches of outputs. A position may be committed only when the batches below it are safe."""

    async def put(
        self,
        partition: int,
        position: int,
        outputs: Sequence[Sequence[Output]],
        changes: StateChanges,
        is_ours: Callable[[], bool],
        /,
    ) -> Safe:
        """Takes the outputs of one batch, by record, and the changes of its articles' states.

        The batch begins at `position`; the batches of a partition come in order.

        The states become durable after the outputs, so a process that dies between the two repeats the same outputs.
        `is_ours` is asked before each write: when it returns False the partition belongs to another process.

        Raises:
            FencedError: `is_ours` returned False; nothing more was written.
            PublishError, ArchiveError: the broker or the disk refuses.
        """

    def states(self, partition: int, position: int, /) -> AsyncIterator[tuple[bytes, bytes | None]]:
        """The article states kept for a partition up to `position`; of several for one key the last counts."""

    async def flush(self, partitions: Sequence[int], /) -> None:
        """Makes the batches of these partitions safe now."""

    async def tick(self) -> None:
        """Makes safe the batches that have waited for too long. Called at each commit interval."""

    async def stop(self) -> None:
        """Releases files and connections. What is not safe yet is lost."""
