"""The way of a replay's records: batches of a lane are worked on side by side, written in order, counted when safe."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from worker.contract.topics import Topics
from worker.replay.counts import Counts
from worker.replay.outputs import Made, counted, made_of, too_large
from worker.replay.plan import Target
from worker.replay.sinks import Safe, Sink
from worker.replay.states import States
from worker.streaming.budget import ByteBudget
from worker.streaming.delivery import FencedError
from worker.streaming.outcome import Outcome, Retry
from worker.streaming.record import Record
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
    last: bool = False
    """The end of the lane: nothing comes after it that would make it safe."""
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
    open: bool = True

    def is_open(self) -> bool:
        return self.open


class Lanes:
    """All lanes of this process. `failure` is set when one of them cannot go on."""

    def __init__(
        self,
        work: Work,
        sink: Sink,
        states: States,
        topics: Topics,
        target: Target,
        *,
        in_flight_bytes: int,
        most_batches: int,
        attempts: int,
    ) -> None:
        self._work, self._sink, self._topics, self._target = work, sink, topics, target
        self.budget = ByteBudget(in_flight_bytes)
        self._most_batches = most_batches
        self._at_work = 0
        self.by_number: dict[int, Lane] = {}
        self._states, self._attempts = states, attempts
        self.failure: Exception | None = None

    @property
    def full(self) -> bool:
        return self.budget.full or self._at_work >= self._most_batches

    def begin(self, number: int, position: int, counts: Counts, committed: int | None) -> None:
        lane = self.by_number[number] = Lane(number, position, counts, committed, position)
        lane.idle.set()
        # begun from nothing, all is made anew: what an earlier try has kept does not matter
        anew = committed is None or self._target is Target.IN_PLACE
        states = None if anew else self._sink.states(number, position)
        lane.writer = asyncio.create_task(self._write_in_order(lane, states))

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
        lane.waiting.append(
            _Batch(stretch.records, lane.taken, stretch.position, outcomes, stretch.lost, stretch.finished)
        )
        lane.taken = stretch.position
        lane.idle.clear()
        lane.arrived.set()

    async def _outcomes(self, records: Sequence[Record]) -> list[Outcome]:
        """What may pass by itself is tried again at once: a replay has nobody behind it that waits."""
        self._at_work += 1
        try:
            outcomes = list(await self._work(records))
            for _ in range(1, self._attempts):
                again = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Retry)]
                if not again:
                    break
                for i, outcome in zip(again, await self._work([records[i] for i in again]), strict=True):
                    outcomes[i] = outcome
            return outcomes
        finally:
            self._at_work -= 1

    async def _write_in_order(self, lane: Lane, states: AsyncIterator[tuple[bytes, bytes | None]] | None) -> None:
        try:
            if states is not None:
                async for change in states:
                    self._states.put(lane.number, [change])
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
        except FencedError:
            return  # the lane is closed
        except Exception as broken:  # noqa: BLE001 - whoever runs the replay raises it
            self._fail(broken)

    async def _write(self, lane: Lane, batch: _Batch, outcomes: list[Outcome]) -> None:
        changed: dict[bytes, bytes | None] = {}

        def state_of(key: bytes) -> bytes | None:
            return changed[key] if key in changed else self._states.get(lane.number, key)

        made: list[Made] = []
        for record, outcome in zip(batch.records, outcomes, strict=True):
            one = made_of(record, outcome, state_of, self._topics, self._target)
            if one.state is not None:
                changed[one.state[0]] = one.state[1]
            made.append(one)
        lane.written.append(batch)
        outputs = [one.outputs for one in made]
        safe = await self._sink.put(lane.number, batch.begins, outputs, list(changed.items()), lane.is_open)
        large = safe.result() if safe.done() and not safe.exception() else frozenset()
        for index in large:
            made[index] = too_large(batch.records[index], made[index], self._topics)
        if large:
            letters = [made[index].outputs for index in sorted(large)]
            safe = await self._sink.put(lane.number, batch.begins, letters, [], lane.is_open)
        self._states.put(lane.number, changed.items())
        batch.counts = counted(batch.records, made)
        batch.counts.lost = batch.lost
        safe.add_done_callback(lambda done: self._safe(lane, batch, done))
        if batch.last:
            await self._sink.flush([lane.number])

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

    def _fail(self, broken: Exception) -> None:
        self.failure = self.failure or broken

    async def tick(self) -> None:
        """Called now and then: nothing waits for ever to become safe."""
        await self._sink.tick()

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
            lane.open = False
            self._states.forget(number)
            if lane.writer is not None:
                lane.writer.cancel()
            for batch in lane.waiting:
                for record in batch.records:
                    self.budget.give(record.size)
            lane.written.clear()
