"""The partitions that this member of the group has now: begun when assigned, drained and fenced when revoked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from aiokafka import ConsumerRebalanceListener, TopicPartition

from worker.streaming.lane import Lane
from worker.streaming.observer import Observer

__all__ = ["Lanes", "LanesOwner", "name_of"]

log = logging.getLogger("claimwire.intake")


class LanesOwner(Protocol):
    """What the lanes need of the intake that they belong to."""

    def new_lane(self, partition: TopicPartition, generation: int) -> Lane: ...

    def thrown_out(self) -> bool:
        """Whether the group has already given the partitions away: the new owners are at work."""
        ...

    async def commit(self, lanes: Mapping[TopicPartition, Lane]) -> bool:
        """Commits what is settled; False when that failed. Takes a bounded time and does not raise."""
        ...

    async def drop_queued(self) -> None:
        """Drops outputs that the client still has queued: they must not come after what the next owner publishes."""
        ...


class Lanes(ConsumerRebalanceListener):
    """The client calls `on_partitions_...` from its background task; until they return, the rebalance waits.

    `held` are the lanes now, the same dict for ever.
    """

    def __init__(self, group: str, stage: str, drain_s: float, owner: LanesOwner, observer: Observer) -> None:
        self._group, self._stage, self._drain_s = group, stage, drain_s
        self._owner, self._observer = owner, observer
        self.held: dict[TopicPartition, Lane] = {}
        self._generation = 0

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        partitions = sorted(assigned)
        self._generation += 1
        for partition in partitions:
            self.begin(partition)
        self._observer.assigned(self._stage, partitions, self._generation)
        log.info("Assigned to %s: %s", self._group, _names(partitions))

    def begin(self, partition: TopicPartition) -> None:
        if partition not in self.held:
            self.held[partition] = self._owner.new_lane(partition, self._generation)

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Finish what was begun within the bound, commit it, and let go of the rest: its next owner reads it again."""
        await self.let_go(list(revoked), lost=self._owner.thrown_out(), limit_s=self._drain_s)

    async def let_go(self, partitions: Sequence[TopicPartition], *, lost: bool, limit_s: float) -> None:
        """`lost`: nothing is finished or committed, others have the partitions already."""
        lanes = {p: self.held[p] for p in partitions if p in self.held}
        if not lanes:
            return
        drained, gone = False, 0
        try:
            if not lost:
                gone = sum(lane.cut() for lane in lanes.values())
                drained = await self._drained(list(lanes.values()), limit_s)
                if not await self._owner.commit(lanes):
                    log.warning("%s: the last offsets were not committed, records come again", _names(lanes))
        finally:
            in_the_middle = sum(lane.close() for lane in lanes.values())
            for partition, lane in lanes.items():
                if self.held.get(partition) is lane:
                    del self.held[partition]
            self._observer.revoked(self._stage, sorted(lanes), gone + in_the_middle)
        if not drained:
            why = "the group had given them away" if lost else f"not drained in {limit_s:g}s"
            log.warning("%s: %d records were left in the middle (%s)", _names(lanes), in_the_middle, why)
            await self._owner.drop_queued()

    async def _drained(self, lanes: Sequence[Lane], limit_s: float) -> bool:
        waiting = [asyncio.create_task(lane.drained()) for lane in lanes]
        begun = time.monotonic()
        _, late = await asyncio.wait(waiting, timeout=limit_s)
        for task in late:
            task.cancel()
        log.debug("%d of %d partitions drained in %.1fs", len(lanes) - len(late), len(lanes), time.monotonic() - begun)
        return not late


def name_of(partition: TopicPartition) -> str:
    return f"{partition.topic}[{partition.partition}]"


def _names(partitions: Iterable[TopicPartition]) -> str:
    return ", ".join(map(name_of, sorted(partitions))) or "nothing"
