"""How far a group is behind the ends of its partitions, asked now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from worker.streaming.lane import Lane
from worker.streaming.observer import Observer

__all__ = ["watch_lag"]

_EVERY_S = 5.0


async def watch_lag(
    stage: str, consumer: AIOKafkaConsumer, lanes: Mapping[TopicPartition, Lane], observer: Observer
) -> None:
    """Tells the observer until cancelled. Without an answer from Kafka nothing is told."""
    while True:
        await asyncio.sleep(_EVERY_S)
        assigned = list(lanes)
        if not assigned:
            continue
        try:
            async with asyncio.timeout(_EVERY_S):
                ends = await consumer.end_offsets(assigned)
                for partition, end in ends.items():
                    lane = lanes.get(partition)
                    if lane is not None:
                        done = lane.tracker.committable
                        observer.lag(stage, partition, max(0, end - (done or await consumer.position(partition))))
        except (KafkaError, TimeoutError):
            continue
