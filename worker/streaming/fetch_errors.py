"""What is done when reading fails: go on, begin anew, or stop and say why."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    TopicAuthorizationFailedError,
)

from worker.streaming.backoff import Backoff
from worker.streaming.lanes import name_of
from worker.streaming.observer import Observer
from worker.streaming.offset_loss import OffsetLostError, OnOffsetLost, what_was_lost

__all__ = ["FetchErrors", "NotAllowedError", "RejoinError"]

log = logging.getLogger("claimwire.intake")


class NotAllowedError(Exception):
    """Kafka does not let the worker read."""


class RejoinError(Exception):
    """This membership of the group is of no use any more; a new one is begun. `lost`: others may own its partitions."""

    def __init__(self, why: str, *, lost: bool) -> None:
        super().__init__(why)
        self.lost = lost


class FetchErrors:
    """`renumber` is called before reading goes on at offsets below those that were read: what is in flight is of a log
    that is no more.
    """

    def __init__(
        self,
        group: str,
        stage: str,
        policy: OnOffsetLost,
        observer: Observer,
        renumber: Callable[[TopicPartition], Awaitable[None]],
    ) -> None:
        self._group, self._stage, self._policy = group, stage, policy
        self._observer, self._renumber = observer, renumber
        self._backoff = Backoff(0.2, 5.0)

    def none(self) -> None:
        self._backoff.reset()

    async def handle(self, broken: KafkaError, consumer: AIOKafkaConsumer) -> None:
        """Returns when reading can go on. Raises RejoinError, OffsetLostError, NotAllowedError."""
        match broken:
            case NoOffsetForPartitionError():
                new = [p for p in consumer.assignment() if p in broken.args]
                if new:
                    log.info("Group %s begins at the earliest offset of %s", self._group, ", ".join(map(name_of, new)))
                    await consumer.seek_to_beginning(*new)
            case OffsetOutOfRangeError():
                for partition, wanted in broken.args[0].items():
                    try:
                        await self._lost(consumer, partition, wanted)
                    except KafkaError as moving:  # asked for again: the next fetch meets the same error
                        log.warning("The range of %s is not known yet: %r", name_of(partition), moving)
            case TopicAuthorizationFailedError() | GroupAuthorizationFailedError():
                raise NotAllowedError(
                    f"{type(broken).__name__} {broken}: the worker (group {self._group}) may not read; grant it READ "
                    f"and DESCRIBE on its topics and READ on its groups. It ends, nothing unfinished is committed"
                ) from broken
            case _ if broken.retriable:
                log.warning("Group %s cannot read just now: %r; it tries again", self._group, broken)
                await asyncio.sleep(self._backoff.next_s())
            case _:
                raise RejoinError(f"reading failed: {broken!r}", lost=False) from broken

    async def _lost(self, consumer: AIOKafkaConsumer, partition: TopicPartition, wanted: int) -> None:
        earliest = (await consumer.beginning_offsets([partition]))[partition]
        end = (await consumer.end_offsets([partition]))[partition]
        if earliest <= wanted <= end:
            consumer.seek(partition, wanted)
            return
        self._observer.offset_lost(self._stage, partition, wanted, earliest)
        words = what_was_lost(self._group, partition, wanted, earliest, end, self._policy)
        if self._policy is OnOffsetLost.STOP:
            raise OffsetLostError(words)
        log.error("%s", words)
        if wanted > end:
            await self._renumber(partition)
        consumer.seek(partition, earliest if self._policy is OnOffsetLost.EARLIEST else end)
