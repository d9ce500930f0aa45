"""Consumes a topic so that no record is lost: every record read ends in one outcome that the broker acknowledged.

The way of a record through the files of this room and its neighbours:

    membership.py   fetches it and counts it against the byte budget; pauses.py says when it must not
    dispatch/       batches.py puts it into a batch of its partition, perhaps one that is due later (a retry);
                    dispatcher.py starts the work on the batch (the process pool) when there is room for it, and
                    attempts.py has it written down before; turns.py: what no worker came back from is done alone
    partition.py    waits for the outcomes of its batches in their order; breaker_hold.py may hold them back
    settle/         turns the outcome into outputs, publish/ sends them until the broker acknowledged them
    commits.py      commits the offset below which all records are settled (offset_tracker.py)

A rebalance is handled in assignment.py, an error of a fetch in fetch_errors.py, a process that did not run for a while
in standstill.py; observer.py lists the events that metrics, health and tests receive.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from worker.streaming.byte_budget import ByteBudget
from worker.streaming.consume.breaker_hold import BreakerHold
from worker.streaming.consume.dispatch.dispatcher import Dispatcher, Work
from worker.streaming.consume.dispatch.turns import Turns
from worker.streaming.consume.doubled_instance import DoubledInstance
from worker.streaming.consume.membership import Membership
from worker.streaming.consume.options import IntakeOptions
from worker.streaming.consume.partition import PartitionParts
from worker.streaming.consume.pauses import PauseReasons
from worker.streaming.consume.rejoin import keep_joined
from worker.streaming.observer import SILENT, Observer
from worker.streaming.publish.publisher import Publisher
from worker.streaming.settle.settler import Settler
from worker.streaming.standstill import StandstillClock, running_time

__all__ = ["Intake"]

log = logging.getLogger("claimwire.intake")


class Intake:
    """`run` consumes until `stop`, through as many memberships of the group as it takes. `now` is the clock, in
    seconds, that notices when the process did not run; `turns` are shared with what else the worker works on.
    """

    def __init__(
        self,
        options: IntakeOptions,
        work: Work,
        publisher: Publisher,
        observer: Observer = SILENT,
        now: Callable[[], float] = running_time,
        turns: Turns | None = None,
    ) -> None:
        self._options, self._publisher = options, publisher
        self._pauses = PauseReasons(options.stage, observer)
        self._stopping = asyncio.Event()
        self._membership: Membership | None = None
        results = ByteBudget(options.in_flight_bytes)
        hold = BreakerHold(options.topic, options.breaker)
        self._parts = PartitionParts(
            stage=options.stage,
            dispatcher=Dispatcher(
                options.stage,
                work,
                parallel=options.parallel,
                results=results,
                observer=observer,
                turns=turns or Turns(),
            ),
            budget=ByteBudget(options.in_flight_bytes),
            settler=Settler(options.stage, publisher, observer, options.outcome_topics, counted=hold.count),
            hold=hold,
            standstill=StandstillClock(options.session_timeout_s, now),
            doubled=DoubledInstance(options.group, options.instance_id),
            observer=observer,
        )

    @property
    def paused(self) -> bool:
        """It fetches nothing at the moment; the observer was called with the reasons."""
        return self._pauses.any

    async def run(self) -> None:
        """Returns after `stop`.

        Raises:
            OffsetLostError, NotAllowedError, KafkaError, PublishError: it cannot go on; nothing is committed beyond
                what was settled. So does what the work raised.
        """
        await keep_joined(self._options.group, self._stopping, self._member)

    async def _member(self, first: bool) -> None:  # noqa: FBT001 - as keep_joined calls it
        self._membership = Membership(self._options, self._parts, self._pauses, self._publisher, first=first)
        await self._membership.run()

    async def stop(self) -> None:
        """Asks `run` to end; it drains, commits and leaves the group first."""
        self._stopping.set()
        if self._membership is not None:
            self._membership.ending.finish()
