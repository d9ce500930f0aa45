"""Commits, for each lane, the offset below which everything is settled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from worker.streaming.lane import Lane
from worker.streaming.observer import Observer

__all__ = ["Committer"]

log = logging.getLogger("claimwire.intake")

_LIMIT_S = 5.0
"""A commit that takes longer is left to the next one: a rebalance or a shutdown must not hang on it."""


class Committer:
    def __init__(self, stage: str, consumer: AIOKafkaConsumer, observer: Observer, interval_s: float) -> None:
        self._stage, self._consumer, self._observer, self._interval_s = stage, consumer, observer, interval_s

    async def now_and_then(self, lanes: Mapping[TopicPartition, Lane]) -> None:
        """Until cancelled. A commit that fails is made up for by the next."""
        while True:
            await asyncio.sleep(self._interval_s)
            await self.commit(lanes)

    async def commit(self, lanes: Mapping[TopicPartition, Lane]) -> bool:
        """False when something is left uncommitted: its records come again if the worker ends now."""
        due = {}
        for partition, lane in lanes.items():
            offset = lane.tracker.committable
            if lane.open and offset is not None and offset != lane.committed:
                due[partition] = offset
        if not due:
            return True
        try:
            async with asyncio.timeout(_LIMIT_S):
                await self._consumer.commit(due)
        except (CommitFailedError, IllegalStateError) as stale:
            log.info("Offsets not committed, the partitions are moving (%s)", type(stale).__name__)
            return False
        except (KafkaError, TimeoutError) as refused:
            log.warning("Offsets not committed: %s %s; the next commit holds them", type(refused).__name__, refused)
            return False
        for partition, offset in due.items():
            # a lane that was closed meanwhile is not in `lanes` any more
            if partition in lanes:
                lanes[partition].committed = offset
            self._observer.committed(self._stage, partition, offset)
        return True
