"""Batches of a partition are extracted side by side, written in order, and counted when they are safe."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from worker.contract.topics import Topics
from worker.replay.execution.article_states import ArticleStates
from worker.replay.execution.checkpoints import PartitionProgress
from worker.replay.execution.outputs import RecordOutputs, count_outcomes, oversized_outputs, record_outputs
from worker.replay.execution.sinks import Safe, Sink
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import Target
from worker.streaming.byte_budget import ByteBudget
from worker.streaming.outcome import Outcome, Retry
from worker.streaming.publish.delivery import FencedError
from worker.streaming.record import Record
from worker.streaming.topics.window_reader import Stretch

__all__ = ["Extract", "OrderedWrites", "WriteLimits"]

Extract = Callable[[Sequence[Record]], Awaitable[Sequence[Outcome]]]
"""Extracts a batch of records: one outcome for each, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLimits:
    """`in_flight_bytes`: of records between reading and writing. `max_batches`: extracted side by side, in all
    partitions. `attempts`: of a record whose outcome is a retry, before it counts as dead.
    """

    in_flight_bytes: int
    max_batches: int
    attempts: int


@dataclass(slots=True)
class _Batch:
    records: list[Record]
    start: int
    position: int
    outcomes: asyncio.Future[list[Outcome]]
    lost: int = 0
    last: bool = False
    """The last batch of its partition: no later one would make it safe."""
    counts: ReplayCounts = field(default_factory=ReplayCounts)
    safe: bool = False


@dataclass(slots=True)
class _PartitionWrites:
    """The batches of one partition on their way to the sink. Everything below `position` is safe and counted."""

    partition: int
    position: int
    counts: ReplayCounts
    counts_at_begin: ReplayCounts
    committed: int | None
    taken: int
    """The position up to which records were taken in."""
    waiting: deque[_Batch] = field(default_factory=deque)
    written: deque[_Batch] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    writer: asyncio.Task[None] | None = None
    open: bool = True

    def is_open(self) -> bool:
        return self.open

    def confirm(self, batch: _Batch) -> None:
        """Marks a batch as safe, and moves the position over all batches that are safe without a gap."""
        batch.safe = True
        while self.written and self.written[0].safe:
            first = self.written.popleft()
            self.counts.add(first.counts)
            self.position = first.position


class OrderedWrites:
    """The partitions of this process. `failure` is set when one of them cannot go on."""

    def __init__(
        self,
        extract: Extract,
        sink: Sink,
        states: ArticleStates,
        topics: Topics,
        target: Target,
        limits: WriteLimits,
    ) -> None:
        self._extract, self._sink, self._topics, self._target = extract, sink, topics, target
        self._states, self._limits = states, limits
        self._budget = ByteBudget(limits.in_flight_bytes)
        self._extracting = 0
        self._open: dict[int, _PartitionWrites] = {}
        self.failure: Exception | None = None

    @property
    def full(self) -> bool:
        return self._budget.full or self._extracting >= self._limits.max_batches

    @property
    def in_flight_bytes(self) -> int:
        return self._budget.in_flight

    @property
    def partitions(self) -> list[int]:
        return list(self._open)

    def progress(self) -> dict[int, PartitionProgress]:
        """Position and counts of what is safe, by open partition, whether committed or not."""
        return {p: PartitionProgress(writes.position, writes.counts.copy()) for p, writes in self._open.items()}

    def uncommitted(self, partitions: Sequence[int]) -> dict[int, PartitionProgress]:
        """The progress of those partitions that moved since their last commit."""
        moved = [w for p in partitions if (w := self._open.get(p)) is not None and w.position != w.committed]
        return {w.partition: PartitionProgress(w.position, w.counts.copy()) for w in moved}

    def mark_committed(self, positions: Mapping[int, int]) -> None:
        for partition, position in positions.items():
            if partition in self._open:
                self._open[partition].committed = position

    def committed(self) -> dict[int, int | None]:
        """The last commit of each open partition; None where this replay never committed."""
        return {partition: writes.committed for partition, writes in self._open.items()}

    def done_here(self) -> ReplayCounts:
        """Counts of the open partitions since `begin`."""
        counts = ReplayCounts()
        for writes in self._open.values():
            counts.add(writes.counts.since(writes.counts_at_begin))
        return counts

    def begin(self, partition: int, position: int, counts: ReplayCounts, committed: int | None) -> None:
        """Opens a partition at a position. `committed` None: this replay has not committed it yet."""
        writes = self._open[partition] = _PartitionWrites(
            partition, position, counts, counts.copy(), committed, taken=position
        )
        writes.idle.set()
        # without a commit every record is read again, so states kept by an earlier try must not be used
        from_scratch = committed is None or self._target is Target.IN_PLACE
        states = None if from_scratch else self._sink.states(partition, position)
        writes.writer = asyncio.create_task(self._write_in_order(writes, states))

    def take(self, stretch: Stretch) -> None:
        """Takes in one batch. It may have no records: then only the position moves, after the batches before it.

        Ignored when the partition is not open: it went to another process after it was fetched.
        """
        writes = self._open.get(stretch.partition)
        if writes is None:
            return
        outcomes: asyncio.Future[list[Outcome]]
        if stretch.records:
            outcomes = asyncio.ensure_future(self._outcomes(stretch.records))
        else:
            outcomes = asyncio.get_running_loop().create_future()
            outcomes.set_result([])
        for record in stretch.records:
            self._budget.take(record.size)
        writes.waiting.append(
            _Batch(stretch.records, writes.taken, stretch.position, outcomes, stretch.lost, stretch.finished)
        )
        writes.taken = stretch.position
        writes.idle.clear()
        writes.arrived.set()

    async def _outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        """Tries retries again at once: a replay delays no live article by it, and has no retry topic."""
        self._extracting += 1
        try:
            outcomes = list(await self._extract(records))
            for _ in range(1, self._limits.attempts):
                again = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Retry)]
                if not again:
                    break
                for i, outcome in zip(again, await self._extract([records[i] for i in again]), strict=True):
                    outcomes[i] = outcome
            return outcomes
        finally:
            self._extracting -= 1

    async def _write_in_order(
        self, writes: _PartitionWrites, states: AsyncIterator[tuple[bytes, bytes | None]] | None
    ) -> None:
        try:
            if states is not None:
                async for change in states:
                    self._states.put(writes.partition, [change])
            while True:
                while not writes.waiting:
                    writes.idle.set()
                    writes.arrived.clear()
                    await writes.arrived.wait()
                batch = writes.waiting[0]
                await self._write(writes, batch, await batch.outcomes)
                writes.waiting.popleft()
                self._give_back(batch)
        except asyncio.CancelledError:
            raise
        except FencedError:
            return  # the partition was closed
        except Exception as broken:  # noqa: BLE001 - Replay.run raises it
            self._fail(broken)

    async def _write(self, writes: _PartitionWrites, batch: _Batch, outcomes: list[Outcome]) -> None:
        changed: dict[bytes, bytes | None] = {}

        def state_of(key: bytes) -> bytes | None:
            return changed[key] if key in changed else self._states.get(writes.partition, key)

        results: list[RecordOutputs] = []
        for record, outcome in zip(batch.records, outcomes, strict=True):
            result = record_outputs(record, outcome, state_of, self._topics, self._target)
            if result.state is not None:
                changed[result.state[0]] = result.state[1]
            results.append(result)
        writes.written.append(batch)
        safe = await self._put(writes, batch, results, changed)
        self._states.put(writes.partition, changed.items())
        batch.counts = count_outcomes(batch.records, results)
        batch.counts.lost = batch.lost
        safe.add_done_callback(lambda done: self._confirm(writes, batch, done))
        if batch.last:
            await self._sink.flush([writes.partition])

    async def _put(
        self, writes: _PartitionWrites, batch: _Batch, results: list[RecordOutputs], changed: dict[bytes, bytes | None]
    ) -> Safe:
        """Puts a batch; for records whose outputs were too large it puts dead letters, and replaces their `results`."""
        outputs = [result.outputs for result in results]
        safe = await self._sink.put(writes.partition, batch.start, outputs, list(changed.items()), writes.is_open)
        too_large = safe.result() if safe.done() and not safe.exception() else frozenset()
        if not too_large:
            return safe
        for index in too_large:
            results[index] = oversized_outputs(batch.records[index], results[index], self._topics)
        letters = [results[index].outputs for index in sorted(too_large)]
        return await self._sink.put(writes.partition, batch.start, letters, [], writes.is_open)

    def _confirm(self, writes: _PartitionWrites, batch: _Batch, done: Safe) -> None:
        if done.cancelled():
            return
        broken = done.exception()
        if broken is None:
            writes.confirm(batch)
        else:
            self._fail(broken if isinstance(broken, Exception) else RuntimeError(str(broken)))

    def _fail(self, broken: Exception) -> None:
        self.failure = self.failure or broken

    def _give_back(self, batch: _Batch) -> None:
        for record in batch.records:
            self._budget.give(record.size)

    async def tick(self) -> None:
        """Called at each commit interval, so that no batch waits for ever to become safe."""
        await self._sink.tick()

    async def drain(self, partitions: Sequence[int], limit_s: float) -> None:
        """Finishes what was taken in, within the limit. What is not finished is read again by a later start."""
        draining = [self._open[p] for p in partitions if p in self._open]
        if draining and self.failure is None:
            tasks = [asyncio.create_task(writes.idle.wait()) for writes in draining]
            _, late = await asyncio.wait(tasks, timeout=limit_s)
            for task in late:
                task.cancel()
        await self._sink.flush([writes.partition for writes in draining])
        await asyncio.sleep(0)  # lets the callbacks of batches that became safe run

    def close(self, partitions: Sequence[int]) -> ReplayCounts:
        """Closes partitions. Results that arrive later are neither written nor counted.

        Returns their counts since `begin`.
        """
        done_here = ReplayCounts()
        for partition in partitions:
            writes = self._open.pop(partition, None)
            if writes is None:
                continue
            done_here.add(writes.counts.since(writes.counts_at_begin))
            writes.open = False
            self._states.forget(partition)
            if writes.writer is not None:
                writes.writer.cancel()
            for batch in writes.waiting:
                self._give_back(batch)
            writes.written.clear()
        return done_here
