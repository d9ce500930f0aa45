"""Commits, for each assigned partition, the offset below which every record is settled, and what is begun above it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata

from worker.streaming.consume.partition import AssignedPartition
from worker.streaming.observer import Observer

__all__ = ["Committer"]

log = logging.getLogger("claimwire.intake")

_LIMIT_S = 5.0
"""A commit that takes longer is left to the next one, so that a rebalance or a stop does not wait for it."""


class Committer:
    """Commits with the consumer of one membership."""

    def __init__(self, stage: str, consumer: AIOKafkaConsumer, observer: Observer) -> None:
        self._stage, self._consumer, self._observer = stage, consumer, observer
        self._under_way = asyncio.Lock()
        self._waiting: asyncio.Task[bool] | None = None

    async def commit_regularly(self, partitions: Mapping[TopicPartition, AssignedPartition], interval_s: float) -> None:
        """Runs until cancelled. When a commit fails, the next one makes up for it."""
        while True:
            await asyncio.sleep(interval_s)
            await self.commit(partitions)

    async def commit(self, partitions: Mapping[TopicPartition, AssignedPartition]) -> bool:
        """Takes at most 5 seconds and does not raise.

        Returns False when an offset is left uncommitted: if the worker ends now, its records are read again.
        """
        try:
            async with asyncio.timeout(_LIMIT_S), self._under_way:
                return await self._commit(partitions)
        except (CommitFailedError, IllegalStateError) as stale:
            log.info("Offsets not committed, the partitions are moving (%s)", type(stale).__name__)
            return False
        except (KafkaError, TimeoutError) as refused:
            log.warning("Offsets not committed: %s %s; the next commit holds them", type(refused).__name__, refused)
            return False

    async def _commit(self, partitions: Mapping[TopicPartition, AssignedPartition]) -> bool:
        self._waiting = None  # who comes from now on may have something that this one does not hold
        due = {}
        for key, partition in partitions.items():
            progress = partition.progress
            if not partition.fenced and progress is not None and progress != (partition.committed, partition.noted):
                due[key] = OffsetAndMetadata(*progress)
        if due:
            await self._consumer.commit(due)
        for key, (offset, note) in due.items():
            if key in partitions:  # a partition that was released meanwhile is not in the mapping any more
                partitions[key].committed, partitions[key].noted = offset, note
            self._observer.committed(self._stage, key, offset)
        return True

    async def commit_now(self, partitions: Mapping[TopicPartition, AssignedPartition]) -> None:
        """Returns when a commit that began after the call is done, or has failed. Those who call meanwhile share it."""
        if self._waiting is None or self._waiting.done():
            self._waiting = asyncio.create_task(self.commit(partitions))
        await asyncio.shield(self._waiting)
