"""One membership of the consumer group, from joining to leaving: fetches records and hands them to their partitions."""

from __future__ import annotations

import asyncio
import time

from aiokafka.errors import KafkaError

from worker.streaming.consume.assignment import Assignment
from worker.streaming.consume.client import (
    fetch_patiently,
    join_for_membership,
    known_position,
    leave,
    missing_topic,
    new_consumer,
)
from worker.streaming.consume.dispatch.batches import due_batches
from worker.streaming.consume.ending import Ending, RejoinError, end_after_standstill
from worker.streaming.consume.fetch_errors import FetchErrors
from worker.streaming.consume.lag import watch_lag
from worker.streaming.consume.options import IntakeOptions
from worker.streaming.consume.partition import PartitionParts
from worker.streaming.consume.pauses import PauseReasons
from worker.streaming.consume.strangers import Strangers
from worker.streaming.observer import Pause
from worker.streaming.publish.publisher import Publisher
from worker.streaming.record import Record

__all__ = ["Membership"]

_FETCHED_BATCHES = 8
"""A fetch hands out at most so many full batches, so that the pause reasons are looked at often enough."""
_POLL_MS = 200
_IDLE_POLL_MS = 1000
"""Records end a poll at once, and each poll wakes the worker, also where nothing happens for hours."""


class Membership:
    """Runs once, from inside the event loop. `ending` ends it from outside.

    `first`: the intake was no member of the group before. Then a Kafka that does not answer is an error; later it is
    an outage that passes.
    """

    def __init__(
        self, options: IntakeOptions, parts: PartitionParts, pauses: PauseReasons, publisher: Publisher, *, first: bool
    ) -> None:
        self._options, self._parts, self._pauses, self._publisher = options, parts, pauses, publisher
        self._first = first
        self._waiting: str | None = None
        self._strangers = Strangers(options.group)
        self.ending = Ending()
        self._consumer, self._count = new_consumer(options)
        self._assignment = Assignment(options, parts, self.ending, self._consumer, publisher.discard_queued)
        self._errors = FetchErrors(options, self._consumer, self._assignment, parts.observer)

    async def run(self) -> None:
        """Returns when `ending` was asked to finish.

        Raises:
            RejoinError: a new membership can go on.
            KafkaError, OffsetLostError, NotAllowedError, PublishError: none can. So does what the work raised.
        """
        background: list[asyncio.Task[None]] = []
        lost = False
        try:
            await join_for_membership(
                self._consumer, self._options, self._assignment, self._report, self.ending, first=self._first
            )
            self._parts.standstill.reset()
            background = self._start_background()
            await self._consume()
        except RejoinError as again:
            lost = again.lost
            raise
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            # after a failure there is nothing to wait for: what cannot be published now stays unpublished
            limit_s = 0.0 if self.ending.failed else self._options.drain_timeout_s
            await self._assignment.release_all(lost=lost, limit_s=limit_s)
            self._assignment.committer.close()
            await leave(self._consumer, self._options.group, self._options.session_timeout_s)

    def _start_background(self) -> list[asyncio.Task[None]]:
        options, partitions = self._options, self._assignment.partitions
        return [
            asyncio.create_task(self._assignment.committer.commit_regularly(partitions, options.commit_interval_s)),
            asyncio.create_task(end_after_standstill(self._parts.standstill, options.session_timeout_s, self.ending)),
            asyncio.create_task(self._strangers.watch(self._consumer)),
            asyncio.create_task(watch_lag(options.stage, self._consumer, partitions, self._parts.observer)),
        ]

    async def _consume(self) -> None:
        max_records = self._options.batch_records * _FETCHED_BATCHES
        believed = self._options.believed.of_record
        while not self.ending.reached:
            self._pause_or_resume()
            self._report_waiting()
            self._count.check()
            poll = self._consumer.getmany(timeout_ms=_POLL_MS if self._busy else _IDLE_POLL_MS, max_records=max_records)
            try:
                fetched = await self.ending.unless(poll)
            except KafkaError as broken:
                await self._errors.handle(broken)
            else:
                self._errors.succeeded()
                for key, rows in (fetched or {}).items():
                    partition = self._assignment.partitions.get(key)
                    if partition is None:
                        continue  # revoked during the fetch: its next owner reads these records again
                    taken = [Record.of(row, believed) for row in rows]
                    for records, due in due_batches(taken, self._options, time.time()):
                        partition.take(records, due)
                self._pass_over_what_holds_no_record()
                fetch_patiently(self._consumer, idle=not fetched and not self._busy)
        self.ending.check()

    def _pass_over_what_holds_no_record(self) -> None:
        for key, partition in list(self._assignment.partitions.items()):
            if partition.takes and partition.tracker.idle:
                position = known_position(self._consumer, key)
                if position is not None:
                    partition.tracker.pass_over(position)

    @property
    def _busy(self) -> bool:
        """What is looked at between two polls changes only while records are in work, or it is paused."""
        return self._parts.budget.in_flight > 0 or self._pauses.any

    def _report_waiting(self) -> None:
        topic = self._options.topic
        missing = None if self._consumer.partitions_for_topic(topic) else missing_topic(topic)
        reason = missing or self._parts.doubled.reason or self._strangers.reason
        self._report(reason)

    def _report(self, reason: str | None) -> None:
        if reason != self._waiting:
            self._waiting = reason
            self._parts.observer.waiting(self._options.stage, reason)

    def _pause_or_resume(self) -> None:
        """Pauses or resumes the consumer according to the current pause reasons."""
        now = time.monotonic()
        budget, failing_since = self._parts.budget, self._publisher.failing_since
        full = f"{budget.in_flight} bytes in flight" if budget.full else None
        failing = None if failing_since is None else f"outputs fail since {now - failing_since:.0f}s"
        self._pauses.set(Pause.BUDGET, now, full)
        self._pauses.set(Pause.OUTPUT_FAILING, now, failing)
        self._pauses.set(Pause.BREAKER, now, self._parts.hold.pause_reason)
        assigned = self._consumer.assignment()
        if self._pauses.any:
            self._consumer.pause(*assigned)
        else:
            self._consumer.resume(*assigned)
