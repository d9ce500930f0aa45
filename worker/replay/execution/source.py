"""The interface of what a replay reads from: a topic (SharedWindowReader) or archives (ArchiveSource)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Protocol, Self

from worker.streaming.topics.shared_window import Checkpoint
from worker.streaming.topics.window_reader import Stretch

__all__ = ["ReplaySource"]


class ReplaySource(Protocol):
    """Hands out records by partition, in the order of their positions. Archives are one partition, numbered 0."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *_: object) -> None: ...

    @property
    def ended(self) -> bool:
        """True once everything was handed out. A source that other processes share never ends by itself."""

    def stretches(self, max_records: int, /) -> AsyncIterator[Stretch]:
        """The records from the last commit on, until the end or `stop`.

        Raises:
            WindowError, ArchiveError, KafkaError: the source cannot be read.
        """

    async def commit(self, due: Mapping[int, Checkpoint], /) -> bool:
        """Keeps positions and notes for the next start. False: some were not kept; commit them again later.

        Raises:
            KafkaError: the broker refuses.
        """

    def stop(self) -> None:
        """Lets `stretches` end after the stretch that is handed out now."""
