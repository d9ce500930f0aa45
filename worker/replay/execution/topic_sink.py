"""Writes the outputs of a replay to topics."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from worker.brokers import Brokers
from worker.replay.execution.sinks import Safe, StateChanges
from worker.streaming.outcome import Output
from worker.streaming.publish.publisher import Publisher
from worker.streaming.record import Record
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["TopicSink"]


class TopicSink:
    """`put` returns when the broker has acknowledged the batch, so the next batch of the partition cannot overtake it.

    The states go to the topic `states`, keyed by the partition number, a space and the article's key.
    """

    def __init__(self, publisher: Publisher, brokers: Brokers, states: str) -> None:
        """`publisher` is started, and belongs to the sink from now on."""
        self._publisher, self._brokers, self._states = publisher, brokers, states

    async def put(
        self,
        partition: int,
        _position: int,
        outputs: Sequence[Sequence[Output]],
        changes: StateChanges,
        is_ours: Callable[[], bool],
        /,
    ) -> Safe:
        delivery = self._publisher.delivery(is_ours)
        parcels = [await delivery.add(of_record) for of_record in outputs]
        await delivery.flush()
        if changes:
            prefix = _prefix(partition)
            for key, state in changes:
                await delivery.add([Output(self._states, prefix + key, state, [])])
            await delivery.flush()
        safe: Safe = asyncio.get_running_loop().create_future()
        safe.set_result(frozenset(i for i, parcel in enumerate(parcels) if parcel.too_large is not None))
        return safe

    async def states(self, partition: int, _position: int, /) -> AsyncIterator[tuple[bytes, bytes | None]]:
        """All states of the partition. They may be ahead of the position, and then their outputs are published already:
        the lifecycle gives the same events for an extraction that comes twice.
        """
        prefix = _prefix(partition)
        window = await fix_window(self._brokers, Selection(topic=self._states))
        async with WindowReader(self._brokers, window, wanted=partial(_has_prefix, prefix)) as reader:
            async for record in reader:
                yield (record.key or b"").removeprefix(prefix), record.value

    async def flush(self, _partitions: Sequence[int], /) -> None:
        """Nothing to do: every batch is safe when `put` returns."""

    async def tick(self) -> None:
        """Nothing to do, as in `flush`."""

    async def stop(self) -> None:
        await self._publisher.stop()


def _prefix(partition: int) -> bytes:
    return b"%d " % partition


def _has_prefix(prefix: bytes, record: Record) -> bool:
    return (record.key or b"").startswith(prefix)
