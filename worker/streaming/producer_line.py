"""The Kafka producer behind a publisher, and its replacement by a new one when the broker will not go on with it.

A batch that the broker refuses for good leaves a hole in the sequence of an idempotent producer: everything after it
is refused as out of order, for ever. Only a producer with a new id can go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner

from worker.streaming.outcome import Output

__all__ = ["ProducerLine"]

log = logging.getLogger("claimwire.publisher")


class ProducerLine:
    """Sends with the present producer. `number` tells which that is; whoever has a failure names the number it had."""

    def __init__(self, options: dict[str, Any], timeout_s: float) -> None:
        self._options, self._timeout_s = options, timeout_s
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()
        self._leaving: set[asyncio.Task[None]] = set()
        self._partition_of = DefaultPartitioner()
        self.number = 0
        self.stopped = False

    async def start(self) -> None:
        """Raises KafkaError, TimeoutError when no broker answers."""
        await self._present()

    async def _present(self) -> AIOKafkaProducer:
        if self._producer is not None:
            return self._producer
        async with self._lock:
            if self.stopped:
                raise KafkaError("the producer is stopped")
            if self._producer is None:
                self._producer = await self._started()
            return self._producer

    async def _started(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            **self._options, request_timeout_ms=int(self._timeout_s * 1000), partitioner=self._partition_of
        )
        try:
            async with asyncio.timeout(self._timeout_s):
                await producer.start()
        except BaseException:
            await producer.stop()
            raise
        return producer

    async def send(self, output: Output) -> asyncio.Future[Any]:
        """Puts it into the producer's queue; the future ends with the broker's answer.

        Raises:
            KafkaError, TimeoutError: it was not queued.
        """
        async with asyncio.timeout(self._timeout_s):
            producer = await self._present()
            future: asyncio.Future[Any] = await producer.send(
                output.topic,
                value=output.value,
                key=output.key,
                headers=output.headers,
                partition=output.partition,
            )
        future.add_done_callback(_looked_at)
        return future

    async def send_alone(self, output: Output) -> asyncio.Future[Any]:
        """The same, in a batch that holds nothing else: what the broker says then is said of this record."""
        async with asyncio.timeout(self._timeout_s):
            producer = await self._present()
            partitions = sorted(await producer.partitions_for(output.topic))
            batch = producer.create_batch()
            batch.append(timestamp=None, key=output.key, value=output.value, headers=output.headers)
            batch.close()
            partition = output.partition
            if partition is None:
                partition = self._partition_of(output.key, partitions, partitions)
            future: asyncio.Future[Any] = await producer.send_batch(batch, output.topic, partition=partition)
        future.add_done_callback(_looked_at)
        return future

    async def replace(self, number: int) -> None:
        """A new producer, unless somebody has replaced number `number` already. Raises KafkaError, TimeoutError."""
        async with self._lock:
            if number != self.number or self._producer is None:
                return
            new = await self._started()
            old, self._producer = self._producer, new
            self.number += 1
        self._let_go(self._stop(old))

    async def cut(self) -> None:
        """Drops what is queued and not yet sent; the next `send` begins with a new producer.

        For a partition that was taken away: what its next owner publishes must not be overtaken by leftovers.
        """
        async with self._lock:
            old, self._producer = self._producer, None
            if old is None:
                return
            self.number += 1
            await _cut(old)

    async def stop(self) -> None:
        """Sends what is queued, within the time limit."""
        async with self._lock:
            self.stopped = True
            old, self._producer = self._producer, None
        if old is not None:
            await self._stop(old)
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=self._timeout_s)

    async def _stop(self, producer: AIOKafkaProducer) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                await producer.stop()
        except (TimeoutError, KafkaError) as late:
            log.warning("A producer did not end in order (%s): what it had queued is dropped", type(late).__name__)
            await _cut(producer)

    def _let_go(self, ending: Any) -> None:
        task = asyncio.create_task(ending)
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


def _looked_at(future: asyncio.Future[Any]) -> None:
    if not future.cancelled():
        future.exception()  # whoever waited for it may be gone by now


async def _cut(producer: AIOKafkaProducer) -> None:
    """The client has no way to end a producer without sending what it has queued: so its parts are ended one by one."""
    sender, accumulator = producer._sender, producer._message_accumulator  # noqa: SLF001
    producer._closed = True  # noqa: SLF001
    sending = sender.sender_task
    if sending is not None:
        sending.cancel()
    await producer.client.close()  # fails the requests under way, which the sender waits for
    if sending is not None:
        await asyncio.wait([sending], timeout=2)
    accumulator.fail_all(KafkaError("dropped: its partition has another owner"))
    with contextlib.suppress(KafkaError):
        await producer.client.close()
