"""One worker at a time does what cannot be shared: the member of a group that is given the partitions of a topic.

The group says whose turn it is; that nobody else writes is up to the fence of the one who works, not to the group.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from worker.streaming.backoff import Backoff
from worker.streaming.consume.client import is_expelled, join_for_membership, leave, new_consumer
from worker.streaming.consume.doubled_instance import DoubledInstance
from worker.streaming.consume.ending import Ending, RejoinError, end_after_standstill
from worker.streaming.consume.fetch_errors import outlast
from worker.streaming.consume.options import ConsumerOptions
from worker.streaming.consume.rejoin import keep_joined
from worker.streaming.observer import Observer
from worker.streaming.standstill import StandstillClock
from worker.streaming.stateful.turn_assignor import TurnAssignor

__all__ = ["Turn", "Working"]

log = logging.getLogger("claimwire.turn")

_POLL_MS = 2000
_HAS_TURN = 2**62
"""Fresher than any file: a standby's may have been written later than that of the one who has the turn."""


class Working(Protocol):
    """What is done while it is this worker's turn, or while it is another's."""

    async def run(self) -> None:
        """Until `close`, or raises what no repeat can mend."""

    def close(self) -> None: ...


class Turn(ConsumerRebalanceListener):
    """`run` is a member of the group until `stop`, and works while it has the topic's partitions."""

    def __init__(
        self,
        options: ConsumerOptions,
        observer: Observer,
        work: Callable[[], Working],
        freshness: Callable[[], int],
        standby: Callable[[], Working] | None = None,
    ) -> None:
        """`work` makes what is done in one turn, `standby` what is done between turns, one never beside the other;
        `freshness`: see TurnAssignor. Whoever has the turn keeps it while it is in the group.
        """
        self._freshness = freshness
        self._options, self._observer, self._make, self._make_standby = options, observer, work, standby
        self._first = TopicPartition(options.topic, 0)
        self._working: Working | None = None
        self._is_turn = False
        self._task: asyncio.Task[None] | None = None
        self._consumer: AIOKafkaConsumer | None = None
        self._standstill = StandstillClock(options.session_timeout_s)
        self._backoff = Backoff(0.2, 5.0)
        self._stopping = asyncio.Event()
        self._ending: Ending | None = None
        self._doubled = DoubledInstance(options.group, options.instance_id)
        self._generation = 0

    @property
    def is_here(self) -> bool:
        """Whether it is this worker's turn."""
        return self._working is not None and self._is_turn

    async def run(self) -> None:
        """Raises NotAllowedError, KafkaError, or what the work ended with."""
        await keep_joined(self._options.group, self._stopping, self._membership)

    async def stop(self) -> None:
        self._stopping.set()
        if self._ending is not None:
            self._ending.finish()

    async def _membership(self, first: bool) -> None:  # noqa: FBT001 - as keep_joined calls it
        options = self._options
        ending = self._ending = Ending()
        consumer, _ = new_consumer(options, TurnAssignor(lambda: _HAS_TURN if self.is_here else self._freshness()))
        self._consumer = consumer
        standing: asyncio.Task[None] | None = None
        try:
            await join_for_membership(consumer, options, self, self._report, ending, first=first)
            self._standstill.reset()
            standing = asyncio.create_task(end_after_standstill(self._standstill, options.session_timeout_s, ending))
            await self._stay(consumer, ending)
        finally:
            if standing is not None:
                standing.cancel()
            await self._end()
            await leave(consumer, options.group, options.session_timeout_s)

    async def _stay(self, consumer: AIOKafkaConsumer, ending: Ending) -> None:
        """Reads nothing: a member that does not poll would be put out of the group."""
        while not ending.reached:
            consumer.pause(*consumer.assignment())
            try:
                await ending.unless(consumer.getmany(timeout_ms=_POLL_MS))
            except OffsetOutOfRangeError:
                continue  # nothing is read: where the partitions begin is all the same
            except KafkaError as broken:
                await outlast(broken, self._options.group, self._backoff)
            else:
                self._backoff.reset()
        ending.check()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Whose turn it is shows at the next assignment; until then nobody else works."""
        if self._consumer is not None and is_expelled(self._consumer):
            self._doubled.expelled()

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        partitions, consumer = sorted(assigned), self._consumer
        assert consumer is not None  # noqa: S101 - called by the consumer
        for partition in partitions:
            consumer.pause(partition)
            consumer.seek(partition, 0)  # no position is looked up for it: nothing is read here
        self._generation += 1
        is_turn = self._first in partitions
        if is_turn is not self._is_turn:
            await self._end()
        if self._working is None:
            self._begin(is_turn=is_turn)
        followed = consumer.partitions_for_topic(self._options.topic) or set() if self.is_here else set()
        self._observer.assigned(
            self._options.stage, [TopicPartition(self._options.topic, p) for p in sorted(followed)], self._generation
        )
        self._report(self._doubled.reason)

    def _begin(self, *, is_turn: bool) -> None:
        make = self._make if is_turn else self._make_standby
        if make is None:
            return
        log.info("%s: it is this worker's turn" if is_turn else "%s: it is another's turn", self._options.group)
        self._is_turn = is_turn
        self._working = make()
        self._task = asyncio.create_task(self._working.run())
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A turn that ends though nobody ended it must not pass in silence: nobody else would get it."""
        if self._ending is None:
            return
        if not task.cancelled() and (broken := task.exception()) is not None:
            self._ending.fail(broken)
        elif task is self._task:
            self._ending.fail(RejoinError("the work of the turn has ended by itself", lost=False))

    async def _end(self) -> None:
        working, task, self._working, self._task = self._working, self._task, None, None
        was_turn, self._is_turn = self._is_turn, False
        if working is None or task is None:
            return
        working.close()
        _, late = await asyncio.wait([task], timeout=self._options.drain_timeout_s)
        for each in late:
            each.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if self._consumer is not None and was_turn:
            followed = sorted(self._consumer.partitions_for_topic(self._options.topic) or ())
            partitions = [TopicPartition(self._options.topic, p) for p in followed]
            self._observer.revoked(self._options.stage, partitions, 0)

    def _report(self, reason: str | None) -> None:
        self._observer.waiting(self._options.stage, reason)
