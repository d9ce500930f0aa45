"""Commits, for each assigned partition, the offset below which every record is settled, and what is begun above it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from aiokafka.structs import OffsetAndMetadata

from worker.streaming.consume.partition import AssignedPartition
from worker.streaming.observer import Observer
from worker.streaming.publish.refusals import why_refused

__all__ = ["Committer"]

log = logging.getLogger("claimwire.intake")

_LIMIT_S = 5.0
"""A commit that takes longer is left to the next one, so that a rebalance or a stop does not wait for it."""
_OFFSETS = "__consumer_offsets"
"""Where Kafka keeps what is committed: in a topic, which can be short of copies, or without a leader, like others."""


class Committer:
    """Commits with the consumer of one membership."""

    def __init__(self, stage: str, consumer: AIOKafkaConsumer, observer: Observer) -> None:
        self._stage, self._consumer, self._observer = stage, consumer, observer
        self._under_way = asyncio.Lock()
        self._waiting: asyncio.Task[bool] | None = None
        self._refused_since: float | None = None

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
                done = await self._commit(partitions)
        except (CommitFailedError, IllegalStateError) as stale:
            log.info("Offsets not committed, the partitions are moving (%s)", type(stale).__name__)
            return False
        except (KafkaError, TimeoutError) as refused:
            log.warning("Offsets not committed: %s %s; the next commit holds them", type(refused).__name__, refused)
            self._refused(refused)
            return False
        self.close()
        return done

    def _refused(self, error: BaseException) -> None:
        """One failure alone is a coordinator that moves: it is no reason to be not ready."""
        now = time.monotonic()
        if self._refused_since is None:
            self._refused_since = now
        elif now - self._refused_since >= _LIMIT_S:
            self._observer.output_failing(_OFFSETS, self._refused_since, why_refused(error, _OFFSETS))

    def close(self) -> None:
        """Nothing fails any more: a commit was taken, or there will be none by this one."""
        if self._refused_since is not None:
            self._observer.output_mended(_OFFSETS, time.monotonic() - self._refused_since)
            self._refused_since = None

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
