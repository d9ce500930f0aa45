"""One process of a replay: reads its share, keeps its place, and knows when the whole is done."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from aiokafka.errors import KafkaError

from worker.replay.counts import Counts
from worker.replay.lanes import Lanes
from worker.replay.pace import Pace
from worker.replay.plan import Plan, now
from worker.replay.registry import Registry
from worker.streaming.shared_window import Checkpoint, read_checkpoints
from worker.streaming.window import Stretch, in_batches

__all__ = ["Ended", "Replay", "ReplayError", "Source", "State", "overall", "since"]

log = logging.getLogger("claimwire.replay")

_ASK_S = 3.0
"""Seconds between looks at what the other processes and the registry say."""


class ReplayError(Exception):
    """The replay cannot go on; what is committed stays, and a resume goes on from there."""


class Source(Protocol):
    def stretches(self, max_records: int) -> AsyncIterator[Stretch]: ...
    async def commit(self, due: Mapping[int, Checkpoint]) -> bool: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ended:
    """`whole`: nothing is left, in no process. `reports`: this process was the last, it is the one to report."""

    whole: bool
    reports: bool
    counts: Counts
    """Of the whole replay, all processes and all starts of it."""
    seconds: float
    """Since the replay was begun."""


@dataclass(frozen=True, slots=True)
class State:
    """How far a replay is, over all processes. `width` None: not known before the end (archives)."""

    done: int
    width: int | None
    counts: Counts
    mine: Counts
    """What this process has done since it was started."""
    paused: bool
    in_flight: int


async def overall(brokers: str, group: str, plan: Plan) -> tuple[dict[int, int], Counts]:
    """Positions by partition and the counts of a replay of a topic, as committed by whoever takes part."""
    window = plan.window
    if window is None:
        raise ValueError("a replay of archives has no group")
    positions, counts = {p: b.start for p, b in window.bounds.items()}, Counts()
    for partition, checkpoint in (await read_checkpoints(brokers, group, window.topic)).items():
        found = Counts.from_note(checkpoint.note, plan.id)
        if found is not None and partition in positions:
            positions[partition] = checkpoint.position
            counts.add(found)
    return positions, counts


class Replay:
    """`run` returns when the whole window is done, or after `stop`; what is under way is finished first."""

    def __init__(
        self,
        plan: Plan,
        registry: Registry,
        lanes: Lanes,
        *,
        brokers: str,
        group: str,
        pace: Pace,
        batch_records: int,
        batch_bytes: int,
        drain_timeout_s: float,
        commit_interval_s: float,
    ) -> None:
        self.plan, self._registry, self._lanes = plan, registry, lanes
        self._brokers, self._group, self._pace = brokers, group, pace
        self._batch_records, self._batch_bytes = batch_records, batch_bytes
        self._drain_timeout_s, self._commit_interval_s = drain_timeout_s, commit_interval_s
        self._me = uuid.uuid4().hex[:12]
        self._source: Source | None = None
        self._stopping = False
        self._paused = False
        self._whole = False
        self._others: dict[int, tuple[int, Counts]] = {}
        self._began: dict[int, Counts] = {}
        self._mine = Counts()

    # what the source asks

    def known(self, checkpoint: Checkpoint) -> bool:
        return Counts.from_note(checkpoint.note, self.plan.id) is not None

    def given(self, lane: int, checkpoint: Checkpoint | None) -> None:
        counts = checkpoint and Counts.from_note(checkpoint.note, self.plan.id)
        start = self.plan.window.bounds[lane].start if self.plan.window else 0
        position = checkpoint.position if checkpoint and counts else start
        counts = counts or Counts()
        self._began[lane] = counts.copy()
        self._lanes.begin(lane, position, counts, checkpoint.position if checkpoint else None)

    async def taken(self, lanes: Sequence[int]) -> None:
        await self._lanes.drain(lanes, self._drain_timeout_s)
        await self._commit(lanes)
        self._let_go(lanes)

    def held(self) -> bool:
        return self._paused or self._lanes.full or self._pace.wait_s > 0

    def stop(self) -> None:
        """What is under way is finished and its place kept."""
        self._stopping = True
        if self._source is not None:
            self._source.stop()

    async def run(self, source: Source) -> Ended:
        """Raises ReplayError, WindowError, ArchiveError, PublishError, KafkaError."""
        self._source = source
        committing = asyncio.create_task(self._commit_now_and_then())
        looking = asyncio.create_task(self._look_around())
        looking.add_done_callback(lambda _: source.stop())  # all is done, or something has failed
        try:
            # small steps: whether it goes on is asked between them
            most = 4 * self._batch_records if self._pace.rate is None else self._batch_records
            async for stretch in source.stretches(most):
                for batch in in_batches(stretch, self._batch_records, self._batch_bytes):
                    self._pace.take(len(batch.records))
                    self._lanes.take(batch)
                if self._stopping or self._lanes.failure is not None:
                    break
            if looking.done():
                looking.result()
        finally:
            committing.cancel()
            looking.cancel()
            await asyncio.gather(committing, looking, return_exceptions=True)
            numbers = list(self._lanes.by_number)
            await self._lanes.drain(numbers, self._drain_timeout_s)
            try:
                await self._commit(numbers)
            except KafkaError as refused:
                log.warning("The last place was not kept (%r): its records will be done again", refused)
        if self._lanes.failure is not None:
            raise self._lanes.failure
        return await self._ended(source)

    async def _ended(self, source: Source) -> Ended:
        counts = (await self.state()).counts
        whole = self._whole or (bool(getattr(source, "ended", False)) and not self._stopping)
        reports = False
        if whole:
            await self._registry.write(self.plan.name, "finished", {"by": self._me, "at": now()})
            notes = (await self._registry.all()).get(self.plan.name)
            reports = notes is not None and notes.finished_by == self._me
        self._let_go(list(self._lanes.by_number))
        return Ended(whole, reports, counts, since(self.plan.created_at))

    def _let_go(self, lanes: Sequence[int]) -> None:
        for number in lanes:
            lane = self._lanes.by_number.get(number)
            if lane is not None:
                self._mine.add(_less(lane.counts, self._began.pop(number, Counts())))
                self._others[number] = (lane.position, lane.counts.copy())
        self._lanes.close(lanes)

    async def _commit_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(self._commit_interval_s)
            try:
                await self._lanes.tick()
                await self._commit(list(self._lanes.by_number))
            except KafkaError as refused:
                log.warning("The place was not kept: %r; tried again in %gs", refused, self._commit_interval_s)

    async def _commit(self, numbers: Sequence[int]) -> None:
        due, lanes = {}, []
        for number in numbers:
            lane = self._lanes.by_number.get(number)
            if lane is not None and lane.position != lane.committed:
                due[number] = Checkpoint(lane.position, lane.counts.note(self.plan.id))
                lanes.append(lane)
        if due and self._source is not None and await self._source.commit(due):
            for lane in lanes:
                lane.committed = due[lane.number].position

    async def _look_around(self) -> None:
        """Whether somebody asks for a pause, and whether all is done."""
        asked = 0.0
        while self._lanes.failure is None:
            await asyncio.sleep(0.1)
            if time.monotonic() - asked >= _ASK_S:
                notes = (await self._registry.all()).get(self.plan.name)
                if notes is None:
                    raise ReplayError(f"the replay {self.plan.name} was deleted meanwhile")
                if notes.paused != self._paused:
                    log.info("The replay %s %s", self.plan.name, "pauses" if notes.paused else "goes on")
                self._paused = notes.paused
                if self.plan.window is not None:
                    await self._ask_the_others()
                asked = time.monotonic()
            window = self.plan.window
            if window is None or not self._mine_done():
                continue
            await self._commit(list(self._lanes.by_number))
            await self._ask_the_others()
            lanes = self._lanes.by_number
            positions = {p: self._others.get(p, (b.start, None))[0] for p, b in window.bounds.items()}
            positions |= {n: lane.committed or window.bounds[n].start for n, lane in lanes.items()}
            if all(positions[p] >= b.end for p, b in window.bounds.items()):
                self._whole = True
                return
            await asyncio.sleep(1.0)

    def _mine_done(self) -> bool:
        window = self.plan.window
        return window is not None and all(
            lane.position >= window.bounds[number].end for number, lane in self._lanes.by_number.items()
        )

    async def _ask_the_others(self) -> None:
        if self.plan.window is None:
            return
        found = await read_checkpoints(self._brokers, self._group, self.plan.window.topic)
        for partition, checkpoint in found.items():
            counts = Counts.from_note(checkpoint.note, self.plan.id)
            if counts is not None:
                self._others[partition] = (checkpoint.position, counts)

    async def state(self) -> State:
        """As known here; of what others do, as of some seconds ago."""
        window = self.plan.window
        mine = self._mine.copy()
        counts, done = Counts(), 0
        lanes = self._lanes.by_number
        for number in set(self._others) | set(lanes):
            lane = lanes.get(number)
            position, at = (lane.position, lane.counts) if lane else self._others[number]
            if lane:
                mine.add(_less(lane.counts, self._began.get(number, Counts())))
            counts.add(at)
            done += position - (window.bounds[number].start if window else 0)
        return State(done, window.width if window else None, counts, mine, self._paused, self._lanes.budget.in_flight)


def _less(counts: Counts, before: Counts) -> Counts:
    left: dict[str, Any] = counts.as_dict()
    for name, value in before.as_dict().items():
        if name == "reasons":
            left[name] = {k: v - value.get(k, 0) for k, v in left[name].items()}
        else:
            left[name] -= value
    return Counts.from_dict(left)


def since(stamp: str) -> float:
    """Seconds since an ISO 8601 time."""
    return (datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds()
