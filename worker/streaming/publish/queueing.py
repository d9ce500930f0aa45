"""A record into the queue of a producer, also one with neither key nor value: Kafka takes it, aiokafka's `send` does
not.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiokafka import AIOKafkaProducer

from worker.streaming.outcome import Output

__all__ = ["queued"]


async def queued(producer: AIOKafkaProducer, output: Output, timestamp_ms: int | None = None) -> asyncio.Future[Any]:
    """The future of the broker's answer. `timestamp_ms`: since 1970; None: the time now. Raises as `producer.send`."""
    if output.key is not None or output.value is not None:
        future: asyncio.Future[Any] = await producer.send(
            output.topic,
            value=output.value,
            key=output.key,
            headers=output.headers,
            partition=output.partition,
            timestamp_ms=timestamp_ms,
        )
        return future
    batch = producer.create_batch()
    batch.append(timestamp=timestamp_ms, key=None, value=None, headers=output.headers)
    batch.close()
    partition = output.partition
    if partition is None:
        partition = min(await producer.partitions_for(output.topic))
    alone: asyncio.Future[Any] = await producer.send_batch(batch, output.topic, partition=partition)
    return alone
