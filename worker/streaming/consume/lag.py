"""Asks Kafka at intervals how far the group is behind the ends of its partitions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from worker.streaming.consume.partition import AssignedPartition
from worker.streaming.observer import Observer

__all__ = ["watch_lag"]

_EVERY_S = 5.0


async def watch_lag(
    stage: str, consumer: AIOKafkaConsumer, partitions: Mapping[TopicPartition, AssignedPartition], observer: Observer
) -> None:
    """Reports the lag of each partition to the observer, until cancelled; nothing while Kafka does not answer."""
    while True:
        await asyncio.sleep(_EVERY_S)
        assigned = list(partitions)
        if not assigned:
            continue
        try:
            async with asyncio.timeout(_EVERY_S):
                ends = await consumer.end_offsets(assigned)
                for key, end in ends.items():
                    partition = partitions.get(key)
                    if partition is not None:
                        next_offset = partition.tracker.committable or await consumer.position(key)
                        observer.lag(stage, key, max(0, end - next_offset))
        except (KafkaError, TimeoutError):
            continue
