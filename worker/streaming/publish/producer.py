"""The Kafka producer behind a publisher, replaced by a new one after a refusal.

A batch that the broker refuses for good leaves a gap in the sequence numbers of an idempotent producer: the broker then
refuses everything after it as out of order. Only a producer with a new id can go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner

from worker.streaming.outcome import Output
from worker.streaming.publish.queueing import queued

__all__ = ["RenewableProducer"]

log = logging.getLogger("claimwire.publisher")


class RenewableProducer:
    """Sends with the current producer. `generation` counts producers; `replace` takes the one that failed."""

    def __init__(self, options: dict[str, object], timeout_s: float) -> None:
        self._options, self._timeout_s = options, timeout_s
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()
        self._stopping: set[asyncio.Task[None]] = set()
        self._partition_of = DefaultPartitioner()
        self.generation = 0
        self.stopped = False

    async def start(self) -> None:
        """Raises KafkaError, TimeoutError when no broker answers."""
        await self._current()

    async def _current(self) -> AIOKafkaProducer:
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

    async def send(self, output: Output) -> asyncio.Future[object]:
        """Puts the output into the producer's queue; the future gets the broker's answer.

        Raises:
            KafkaError, TimeoutError: the output was not queued.
        """
        async with asyncio.timeout(self._timeout_s):
            producer = await self._current()
            future: asyncio.Future[object] = await queued(producer, output)
        future.add_done_callback(_retrieve_exception)
        return future

    async def send_alone(self, output: Output) -> asyncio.Future[object]:
        """The same, in a batch that holds nothing else: the broker's answer is then about this record."""
        async with asyncio.timeout(self._timeout_s):
            producer = await self._current()
            partitions = sorted(await producer.partitions_for(output.topic))
            batch = producer.create_batch()
            batch.append(timestamp=None, key=output.key, value=output.value, headers=output.headers)
            batch.close()
            partition = output.partition
            if partition is None:
                partition = self._partition_of(output.key, partitions, partitions)
            future: asyncio.Future[object] = await producer.send_batch(batch, output.topic, partition=partition)
        future.add_done_callback(_retrieve_exception)
        return future

    async def replace(self, generation: int) -> None:
        """Starts a new producer unless that `generation` is replaced already. Raises KafkaError, TimeoutError."""
        async with self._lock:
            if generation != self.generation or self._producer is None:
                return
            new = await self._started()
            old, self._producer = self._producer, new
            self.generation += 1
        self._stop_in_background(old)

    async def abort(self) -> None:
        """Drops what is queued and not yet sent; the next `send` starts a new producer.

        For a partition that was taken away: an output queued here must not arrive after those of the next owner.
        """
        async with self._lock:
            old, self._producer = self._producer, None
            if old is None:
                return
            self.generation += 1
            await _abort(old)

    async def stop(self) -> None:
        """Sends what is queued, within the time limit."""
        async with self._lock:
            self.stopped = True
            old, self._producer = self._producer, None
        if old is not None:
            await self._stop(old)
        if self._stopping:
            await asyncio.wait(self._stopping, timeout=self._timeout_s)

    async def _stop(self, producer: AIOKafkaProducer) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                await producer.stop()
        except (TimeoutError, KafkaError) as late:
            log.warning("A producer did not stop in time (%s): its queue is dropped", type(late).__name__)
            await _abort(producer)

    def _stop_in_background(self, producer: AIOKafkaProducer) -> None:
        task = asyncio.create_task(self._stop(producer))
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)


def _retrieve_exception(future: asyncio.Future[object]) -> None:
    if not future.cancelled():
        future.exception()  # otherwise asyncio complains when nobody waits for it any more


async def _abort(producer: AIOKafkaProducer) -> None:
    """Stops a producer without sending its queue. aiokafka has no call for that: its parts are stopped one by one."""
    sender, accumulator = producer._sender, producer._message_accumulator  # noqa: SLF001
    producer._closed = True  # noqa: SLF001
    sending = sender.sender_task
    if sending is not None:
        sending.cancel()
    await producer.client.close()  # fails the requests under way, for which the sender waits
    if sending is not None:
        await asyncio.wait([sending], timeout=2)
    accumulator.fail_all(KafkaError("dropped: its partition has another owner"))
    with contextlib.suppress(KafkaError):
        await producer.client.close()
