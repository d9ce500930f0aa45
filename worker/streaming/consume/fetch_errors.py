"""Decides what to do when a fetch fails: go on, join the group again, or stop with the reason."""

from __future__ import annotations

import asyncio
import logging

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    InconsistentGroupProtocolError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
)

from worker.streaming.backoff import Backoff
from worker.streaming.consume.assignment import Assignment
from worker.streaming.consume.ending import RejoinError
from worker.streaming.consume.offset_loss import OffsetLostError, OnOffsetLost, lost_offset_message
from worker.streaming.consume.options import IntakeOptions
from worker.streaming.denied import NotAllowedError
from worker.streaming.observer import Observer
from worker.streaming.record import name_of, names_of

__all__ = ["FetchErrors", "outlast"]

log = logging.getLogger("claimwire.intake")


async def outlast(broken: KafkaError, group: str, backoff: Backoff) -> None:
    """Waits after an error that may pass.

    Raises:
        RejoinError: only a new membership can go on.
        NotAllowedError: Kafka does not allow the worker to read.
    """
    denied = NotAllowedError.of(broken, group)
    if denied is not None:
        raise denied from broken
    if isinstance(broken, InconsistentGroupProtocolError):
        words = "a program that is no worker has the group; end it, or give it a group of its own"
        raise RejoinError(words, lost=False) from broken
    if not broken.retriable:
        raise RejoinError(f"reading failed: {broken!r}", lost=False) from broken
    log.warning("Group %s cannot read just now: %r; it tries again", group, broken)
    await asyncio.sleep(backoff.next_s())


class FetchErrors:
    """Serves one membership of the group."""

    def __init__(
        self, options: IntakeOptions, consumer: AIOKafkaConsumer, assignment: Assignment, observer: Observer
    ) -> None:
        self._options, self._consumer, self._assignment, self._observer = options, consumer, assignment, observer
        self._backoff = Backoff(0.2, 5.0)

    def succeeded(self) -> None:
        """A fetch succeeded: the next failure waits for a short time again."""
        self._backoff.reset()

    async def handle(self, broken: KafkaError) -> None:
        """Returns when reading can go on.

        Raises:
            RejoinError: only a new membership can go on.
            OffsetLostError: records were lost, and the policy is to stop.
            NotAllowedError: Kafka does not allow the worker to read.
        """
        match broken:
            case NoOffsetForPartitionError():
                await self._begin_at_earliest(broken.args)
            case OffsetOutOfRangeError():
                for key, wanted in broken.args[0].items():
                    try:
                        await self._lost(key, wanted)
                    except KafkaError as moving:  # the next fetch fails in the same way, and it is asked again
                        log.warning("The range of %s is not known yet: %r", name_of(key), moving)
            case _:
                await outlast(broken, self._options.group, self._backoff)

    async def _begin_at_earliest(self, without_offset: tuple[TopicPartition, ...]) -> None:
        """The group has committed no offset for these partitions: it reads them from their first record."""
        new = [key for key in self._consumer.assignment() if key in without_offset]
        if new:
            log.info("Group %s begins at the earliest offset of %s", self._options.group, names_of(new))
            await self._consumer.seek_to_beginning(*new)

    async def _lost(self, key: TopicPartition, wanted: int) -> None:
        earliest = (await self._consumer.beginning_offsets([key]))[key]
        end = (await self._consumer.end_offsets([key]))[key]
        if earliest <= wanted <= end:
            self._consumer.seek(key, wanted)
            return
        policy = self._options.on_offset_lost
        self._observer.offset_lost(self._options.stage, key, wanted, earliest)
        message = lost_offset_message(self._options.group, key, wanted, earliest, end, policy)
        if policy is OnOffsetLost.STOP:
            raise OffsetLostError(message)
        log.error("%s", message)
        if wanted > end:
            await self._assignment.restart(key)  # the log started again: its offsets are lower than those in flight
        self._consumer.seek(key, earliest if policy is OnOffsetLost.EARLIEST else end)
