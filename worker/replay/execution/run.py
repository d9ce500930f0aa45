"""One process of a replay: reads its share, commits its position, and finds out when the whole replay is done."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aiokafka.errors import KafkaError

from worker.contract.topics import Topics
from worker.replay.execution.believed import believed
from worker.replay.execution.checkpoints import GroupCheckpoints, PartitionProgress
from worker.replay.execution.ordered_writes import OrderedWrites
from worker.replay.execution.source import ReplaySource
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import ReplayPlan, now
from worker.replay.plan.registry import Registry
from worker.streaming.pace import Pace
from worker.streaming.topics.shared_window import Checkpoint
from worker.streaming.topics.window_reader import stretch_in_batches

__all__ = ["Replay", "ReplayError", "ReplayOptions", "ReplayResult", "ReplayState", "since"]

log = logging.getLogger("claimwire.replay")

_LOOK_EVERY_S = 3.0
"""Seconds between looks at the registry and at the commits of the other processes."""


class ReplayError(Exception):
    """The replay cannot go on. What is committed stays, and `--resume` goes on from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """Of one batch: `batch_records`, `batch_bytes` at most. `drain_timeout_s` limits how long a stop or a rebalance
    waits for records in work. `live`: the topics of the installation, whose records may carry tickets.
    """

    live: Topics
    batch_records: int
    batch_bytes: int
    drain_timeout_s: float
    commit_interval_s: float


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """`whole`: no process has anything left to do. `reports`: this process was the one to finish, so it reports."""

    whole: bool
    reports: bool
    counts: ReplayCounts
    """Of the whole replay: all processes and all starts."""
    seconds: float
    """Since the replay was begun."""


@dataclass(frozen=True, slots=True)
class ReplayState:
    """How far a replay is, over all processes. `width`: offsets to read; None for archives, whose end is unknown."""

    done: int
    width: int | None
    counts: ReplayCounts
    done_here: ReplayCounts
    """Counted by this process since its start."""
    paused: bool
    in_flight_bytes: int


class Replay:
    """Listens to its source. `run` returns when the whole window is done, or after `stop`."""

    def __init__(
        self,
        plan: ReplayPlan,
        registry: Registry,
        writes: OrderedWrites,
        checkpoints: GroupCheckpoints,
        pace: Pace,
        options: ReplayOptions,
    ) -> None:
        self.plan, self._registry, self._writes, self._checkpoints = plan, registry, writes, checkpoints
        self._pace, self._options = pace, options
        self._process_id = uuid.uuid4().hex[:12]
        self._source: ReplaySource | None = None
        self._stopping = False
        self._paused = False
        self._whole = False
        self._committed: dict[int, PartitionProgress] = {}
        """Of partitions that are not open here, as last seen."""
        self._done_before = ReplayCounts()
        """Counted by this process in partitions that it has closed since."""

    # the source's listener

    def is_own(self, checkpoint: Checkpoint) -> bool:
        return ReplayCounts.from_note(checkpoint.note, self.plan.id) is not None

    def assigned(self, partition: int, checkpoint: Checkpoint | None) -> None:
        counts = ReplayCounts.from_note(checkpoint.note, self.plan.id) if checkpoint else None
        start = self.plan.window.bounds[partition].start if self.plan.window else 0
        position = checkpoint.position if checkpoint and counts else start
        committed = checkpoint.position if checkpoint else None
        self._writes.begin(partition, position, counts or ReplayCounts(), committed)

    async def revoked(self, partitions: Sequence[int]) -> None:
        await self._writes.drain(partitions, self._options.drain_timeout_s)
        await self._commit(partitions)
        self._close(partitions)

    def must_wait(self) -> bool:
        return self._paused or self._writes.full or self._pace.wait_s > 0

    def stop(self) -> None:
        """Records in work are finished and their position is committed; then `run` returns."""
        self._stopping = True
        if self._source is not None:
            self._source.stop()

    async def run(self, source: ReplaySource) -> ReplayResult:
        """Raises ReplayError, WindowError, ArchiveError, PublishError, KafkaError."""
        self._source = source
        committing = asyncio.create_task(self._commit_at_intervals())
        watching = asyncio.create_task(self._watch_the_whole())
        watching.add_done_callback(lambda _: source.stop())  # the whole replay is done, or something has failed
        try:
            await self._take_all(source)
            if watching.done():
                watching.result()
        finally:
            committing.cancel()
            watching.cancel()
            await asyncio.gather(committing, watching, return_exceptions=True)
            partitions = self._writes.partitions
            await self._writes.drain(partitions, self._options.drain_timeout_s)
            try:
                await self._commit(partitions)
            except KafkaError as refused:
                log.warning("The last position was not committed (%r): its records will be read again", refused)
        if self._writes.failure is not None:
            raise self._writes.failure
        return await self._result(source)

    async def _take_all(self, source: ReplaySource) -> None:
        records, size = self._options.batch_records, self._options.batch_bytes
        # with a rate the stretches are small: `must_wait` is asked between them only
        max_records = 4 * records if self._pace.rate is None else records
        async for stretch in source.stretches(max_records):
            for batch in stretch_in_batches(stretch, records, size):
                self._pace.take(len(batch.records))
                self._writes.take(replace(batch, records=believed(batch.records, self._options.live)))
            if self._stopping or self._writes.failure is not None:
                return

    async def _result(self, source: ReplaySource) -> ReplayResult:
        counts = (await self.state()).counts
        whole = self._whole or (source.ended and not self._stopping)
        reports = False
        if whole:
            await self._registry.write(self.plan.name, "finished", {"by": self._process_id, "at": now()})
            entry = (await self._registry.all()).get(self.plan.name)
            reports = entry is not None and entry.finished_by == self._process_id
        self._close(self._writes.partitions)
        return ReplayResult(whole, reports, counts, since(self.plan.created_at))

    def _close(self, partitions: Sequence[int]) -> None:
        progress = self._writes.progress()
        self._committed |= {p: progress[p] for p in partitions if p in progress}
        self._done_before.add(self._writes.close(partitions))

    async def _commit_at_intervals(self) -> None:
        interval = self._options.commit_interval_s
        while True:
            await asyncio.sleep(interval)
            try:
                await self._writes.tick()
                await self._commit(self._writes.partitions)
            except KafkaError as refused:
                log.warning("The position was not committed: %r; tried again in %gs", refused, interval)

    async def _commit(self, partitions: Sequence[int]) -> None:
        moved = self._writes.uncommitted(partitions)
        due = {p: Checkpoint(progress.position, progress.counts.note(self.plan.id)) for p, progress in moved.items()}
        if due and self._source is not None and await self._source.commit(due):
            self._writes.mark_committed({p: checkpoint.position for p, checkpoint in due.items()})

    async def _watch_the_whole(self) -> None:
        """Follows the registry and the other processes. Returns when all partitions are done, or a write has failed.

        Raises:
            ReplayError: the replay was deleted.
        """
        looked = 0.0
        while self._writes.failure is None:
            await asyncio.sleep(0.1)
            if time.monotonic() - looked >= _LOOK_EVERY_S:
                await self._read_registry()
                self._committed |= await self._checkpoints.read()
                looked = time.monotonic()
            if not self._share_is_done():
                continue
            await self._commit(self._writes.partitions)
            self._committed |= await self._checkpoints.read()
            if self._all_is_committed():
                self._whole = True
                return
            await asyncio.sleep(1.0)

    async def _read_registry(self) -> None:
        entry = (await self._registry.all()).get(self.plan.name)
        if entry is None:
            raise ReplayError(f"the replay {self.plan.name} was deleted meanwhile")
        if entry.paused != self._paused:
            log.info("The replay %s %s", self.plan.name, "pauses" if entry.paused else "goes on")
        self._paused = entry.paused

    def _share_is_done(self) -> bool:
        """True if this process has done its partitions of a topic; archives end by themselves."""
        window = self.plan.window
        return window is not None and all(
            progress.position >= window.bounds[partition].end for partition, progress in self._writes.progress().items()
        )

    def _all_is_committed(self) -> bool:
        window = self.plan.window
        if window is None:
            return False
        committed: dict[int, int | None] = {p: progress.position for p, progress in self._committed.items()}
        committed |= self._writes.committed()
        return all((committed.get(p) or bounds.start) >= bounds.end for p, bounds in window.bounds.items())

    async def state(self) -> ReplayState:
        """As known here: of the other processes, as of some seconds ago."""
        window = self.plan.window
        counts, done = ReplayCounts(), 0
        for partition, progress in (self._committed | self._writes.progress()).items():
            counts.add(progress.counts)
            done += progress.position - (window.bounds[partition].start if window else 0)
        here = self._done_before.copy()
        here.add(self._writes.done_here())
        width = window.width if window else None
        return ReplayState(done, width, counts, here, self._paused, self._writes.in_flight_bytes)


def since(stamp: str) -> float:
    """Seconds since an ISO 8601 time."""
    return (datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds()
