"""A batch of records of one partition, and how the records of a fetch become batches that are due together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import groupby

from worker.streaming.byte_budget import in_batches
from worker.streaming.consume.options import IntakeOptions
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record
from worker.streaming.settle.retries import due_ms

__all__ = ["Batch", "due_batches"]


class Batch:
    """Records that are worked on together, not before `due` (seconds since 1970; 0.0: at once).

    `alone`: once all before it is settled, while nothing else is worked on. `begin` is awaited before the work, and
    `came_back` behind it, before something else is worked on.
    """

    def __init__(
        self,
        records: Sequence[Record],
        due: float,
        is_first: Callable[[Batch], bool],
        begin: Callable[[Batch], Awaitable[None]],
        came_back: Callable[[Batch], Awaitable[None]],
        *,
        alone: bool = False,
    ) -> None:
        self.records, self.due, self.alone = records, due, alone
        self._is_first, self._begin, self._came_back = is_first, begin, came_back
        self.outcomes: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        self.working: asyncio.Task[None] | None = None
        self.result_size = 0
        """Bytes of the outcomes while they wait to be published."""

    @property
    def begun(self) -> bool:
        """It is under way, or was decided without any work."""
        return self.working is not None or self.outcomes.done()

    @property
    def first(self) -> bool:
        """No earlier batch of the partition is pending. Such a batch may always start, or the partition would
        deadlock.
        """
        return self._is_first(self)

    async def begin(self) -> None:
        """Writes down that the work begins."""
        await self._begin(self)

    async def came_back(self) -> None:
        """Writes down that the work has ended, where it was on a suspect."""
        await self._came_back(self)

    def cancel(self) -> None:
        self.outcomes.cancel()
        if self.working is not None:
            self.working.cancel()


def due_batches(
    records: Sequence[Record], options: IntakeOptions, now_s: float
) -> Iterator[tuple[list[Record], float]]:
    """Splits the records of a fetch into batches, in order, each with the time before which it must not be started.

    Where records are held back, neighbours that are due in the same second go together. Times are in seconds since
    1970; 0.0: at once.
    """
    retries = options.outcome_topics.retries

    def due(record: Record) -> float:
        if not options.holds_back or retries is None:
            return 0.0
        return float(-(-due_ms(record, retries.max_wait_s, int(now_s * 1000)) // 1000))

    for due_s, together in groupby(records, key=due):
        for batch in in_batches(together, options.batch_records, options.batch_bytes):
            yield batch, due_s
