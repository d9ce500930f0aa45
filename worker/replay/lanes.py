"""The way of a replay's records: batches of a lane are worked on side by side, written in order, counted when safe."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from worker.contract.dead_letter import DeadReason
from worker.contract.topics import Topics
from worker.replay.counts import Counts
from worker.replay.outputs import outputs_of, settled
from worker.replay.plan import Target
from worker.replay.sinks import Safe, Sink
from worker.streaming.budget import ByteBudget
from worker.streaming.outcome import Dead, Outcome
from worker.streaming.publisher import Publisher, Record
from worker.streaming.window import Stretch

__all__ = ["Lane", "Lanes"]

Work = Callable[[Sequence[Record]], Awaitable[list[Outcome]]]


@dataclass(slots=True)
class _Batch:
    records: list[Record]
    begins: int
    position: int
    outcomes: asyncio.Future[list[Outcome]]
    lost: int = 0
    counts: Counts = field(default_factory=Counts)
    safe: bool = False


@dataclass(slots=True)
class Lane:
    """One partition, or the archives: everything below `position` is safe and counted in `counts`."""

    number: int
    position: int
    counts: Counts
    committed: int | None
    taken: int = 0
    """Up to here records were taken in."""
    waiting: deque[_Batch] = field(default_factory=deque)
    written: deque[_Batch] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    writer: asyncio.Task[None] | None = None


class Lanes:
    """All lanes of this process. `failure` is set when one of them cannot go on."""

    def __init__(
        self,
        work: Work,
        sink: Sink,
        letters: Publisher,
        topics: Topics,
        target: Target,
        *,
        in_flight_bytes: int,
        most_batches: int,
    ) -> None:
        self._work, self._sink, self._letters, self._topics, self._target = work, sink, letters, topics, target
        self.budget = ByteBudget(in_flight_bytes)
        self._most_batches = most_batches
        self._at_work = 0
        self.by_number: dict[int, Lane] = {}
        self.failure: Exception | None = None
        self.moved = asyncio.Event()
        """Set when a lane's place has moved, or one has failed."""

    @property
    def full(self) -> bool:
        return self.budget.full or self._at_work >= self._most_batches

    def begin(self, number: int, position: int, counts: Counts, committed: int | None) -> None:
        lane = self.by_number[number] = Lane(number, position, counts, committed, position)
        lane.idle.set()
        lane.writer = asyncio.create_task(self._write_in_order(lane))

    def take(self, stretch: Stretch) -> None:
        """One batch. Its records may be none: then only the place moves, in its turn."""
        lane = self.by_number.get(stretch.partition)
        if lane is None:
            return  # it went to another process while it was fetched
        outcomes: asyncio.Future[list[Outcome]]
        if stretch.records:
            outcomes = asyncio.ensure_future(self._outcomes(stretch.records))
        else:
            outcomes = asyncio.get_running_loop().create_future()
            outcomes.set_result([])
        for record in stretch.records:
            self.budget.take(record.size)
        lane.waiting.append(_Batch(stretch.records, lane.taken, stretch.position, outcomes, stretch.lost))
        lane.taken = stretch.position
        lane.idle.clear()
        lane.arrived.set()

    async def _outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        self._at_work += 1
        try:
            return await self._work(records)
        finally:
            self._at_work -= 1

    async def _write_in_order(self, lane: Lane) -> None:
        try:
            while True:
                while not lane.waiting:
                    lane.idle.set()
                    lane.arrived.clear()
                    await lane.arrived.wait()
                batch = lane.waiting[0]
                await self._write(lane, batch, await batch.outcomes)
                lane.waiting.popleft()
                for record in batch.records:
                    self.budget.give(record.size)
        except asyncio.CancelledError:
            raise
        except Exception as broken:  # noqa: BLE001 - whoever runs the replay raises it
            self._fail(broken)

    async def _write(self, lane: Lane, batch: _Batch, outcomes: list[Outcome]) -> None:
        outputs = [
            outputs_of(record, outcome, self._topics, self._target, self._letters)
            for record, outcome in zip(batch.records, outcomes, strict=True)
        ]
        lane.written.append(batch)
        safe = await self._sink.put(lane.number, batch.begins, list(zip(batch.records, outputs, strict=True)))
        large = safe.result() if safe.done() and not safe.exception() else frozenset()
        for index in large:
            outcomes[index] = Dead(DeadReason.OUTPUT_TOO_LARGE, "an output of it is larger than the topic takes")
            outputs[index] = outputs_of(
                batch.records[index], outcomes[index], self._topics, self._target, self._letters
            )
        if large:
            safe = await self._sink.put(
                lane.number, batch.begins, [(batch.records[index], outputs[index]) for index in sorted(large)]
            )
        batch.counts = settled(batch.records, outcomes, outputs, self._topics.claims)
        batch.counts.lost = batch.lost
        safe.add_done_callback(lambda done: self._safe(lane, batch, done))

    def _safe(self, lane: Lane, batch: _Batch, done: Safe) -> None:
        if done.cancelled():
            return
        broken = done.exception()
        if broken is not None:
            self._fail(broken if isinstance(broken, Exception) else RuntimeError(str(broken)))
            return
        batch.safe = True
        while lane.written and lane.written[0].safe:
            first = lane.written.popleft()
            lane.counts.add(first.counts)
            lane.position = first.position
        self.moved.set()

    def _fail(self, broken: Exception) -> None:
        self.failure = self.failure or broken
        self.moved.set()

    async def drain(self, numbers: Sequence[int], limit_s: float) -> None:
        """Finishes what was taken in, within the limit; what is not finished is forgotten and done again later."""
        lanes = [self.by_number[n] for n in numbers if n in self.by_number]
        if lanes and self.failure is None:
            await asyncio.wait([asyncio.create_task(lane.idle.wait()) for lane in lanes], timeout=limit_s)
        await self._sink.flush([lane.number for lane in lanes])
        await asyncio.sleep(0)  # what is safe now says so

    def close(self, numbers: Sequence[int]) -> None:
        """Fences the lanes: a late result of theirs is neither written nor counted."""
        for number in numbers:
            lane = self.by_number.pop(number, None)
            if lane is None:
                continue
            if lane.writer is not None:
                lane.writer.cancel()
            for batch in lane.waiting:
                for record in batch.records:
                    self.budget.give(record.size)
            lane.written.clear()
