"""Outputs handed to a producer as whole batches: one by one, a third of the worker's own work was handing them over."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from worker.streaming.outcome import Output
from worker.streaming.publish.queueing import queued

__all__ = ["Sending"]

_BATCHED_BYTES = 64 * 1024
"""A larger output goes alone, so that the producer says whether it is too large."""


class Sending:
    """Outputs under way with one producer. Those of a partition keep their order; `offsets` waits for the answers."""

    def __init__(self, producer: AIOKafkaProducer) -> None:
        self._producer = producer
        self._answers: list[asyncio.Future[Any]] = []
        self._places: dict[int, tuple[int, int]] = {}
        """By the number of an output: its answer, and its place behind the offset that the answer has."""

    async def send(self, outputs: Sequence[Output]) -> None:
        """Raises KafkaError: not all were taken; wait for `ended` all the same."""
        together: dict[tuple[str, int], list[int]] = {}
        for number, output in enumerate(outputs):
            if output.partition is None:
                await self._send_alone(number, output)
            else:
                together.setdefault((output.topic, output.partition), []).append(number)
        for (topic, partition), numbers in together.items():
            await self._send_together(topic, partition, numbers, outputs)

    async def _send_alone(self, number: int, output: Output) -> None:
        sent = await queued(self._producer, output)
        self._places[number] = len(self._answers), 0
        self._answers.append(sent)

    async def _send_together(
        self, topic: str, partition: int, numbers: Iterable[int], outputs: Sequence[Output]
    ) -> None:
        batch = None
        for number in numbers:
            output = outputs[number]
            alone = len(output.value or b"") + len(output.key or b"") > _BATCHED_BYTES
            if batch is not None and (alone or not self._appended(batch, number, output)):
                await self._send_batch(batch, topic, partition)
                batch = None
            if alone:
                await self._send_alone(number, output)
            elif batch is None:
                batch = self._producer.create_batch()
                self._appended(batch, number, output)  # the first one always fits
        if batch is not None:
            await self._send_batch(batch, topic, partition)

    def _appended(self, batch: Any, number: int, output: Output) -> bool:
        """Whether the batch had room for the output. The batch is the next one to be sent."""
        place = batch.record_count()
        if batch.append(timestamp=None, key=output.key, value=output.value, headers=output.headers) is None:
            return False
        self._places[number] = len(self._answers), place
        return True

    async def _send_batch(self, batch: Any, topic: str, partition: int) -> None:
        batch.close()
        self._answers.append(await self._producer.send_batch(batch, topic, partition=partition))

    async def ended(self) -> list[int | BaseException]:
        """Of each output that was taken, in their order: its offset, or why it has none. Waits for all of them."""
        # also after an error: each answer must be seen by somebody
        ends = await asyncio.gather(*self._answers, return_exceptions=True)
        return [
            end if isinstance(end := ends[answer], BaseException) else int(end.offset) + place
            for _, (answer, place) in sorted(self._places.items())
            if answer < len(ends)  # else its batch was not taken
        ]
