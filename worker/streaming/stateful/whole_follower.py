"""A state of whole topics that follows them: opened from its file, brought up to some offsets. It writes nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TypeVar

from aiokafka import TopicPartition

from worker.streaming.stateful.changelog import MissingTopicError
from worker.streaming.stateful.in_thread import in_thread
from worker.streaming.stateful.whole_state import Positions, WholeParts, WholeState
from worker.streaming.topics.window import Bounds, Window, WindowError
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["OPEN_MARK", "WholeFollower", "marks_of"]

log = logging.getLogger("claimwire.whole")

T = TypeVar("T")

OPEN_MARK = "open"
"""What is written takes several transactions, and not all are done."""
_STALE_MS = 12 * 3600 * 1000
"""A file that is older is made anew: compaction may have removed tombstones (delete.retention.ms, a day by default)
that it missed.
"""
_AT_ONCE_RECORDS = 1000
_SAY_S = 10.0
_FLUSH_S = 1.0
"""Steps of so long go to disk together: a page that many of them change is written once."""


class WholeFollower:
    """`open`, then `catch_up` as often as need be, then `close`. One thread at a time touches the state."""

    def __init__(self, parts: WholeParts) -> None:
        self._parts = parts
        self._state: WholeState | None = None
        self._closing = False
        self._flushed = time.monotonic()
        self.positions: dict[TopicPartition, int] = {}
        """The offset of the next record to read, of each partition of the inputs."""
        self.is_new = False
        """Whether it began without a file that can be gone on with."""

    @property
    def state(self) -> WholeState:
        assert self._state is not None  # noqa: S101 - open while it works
        return self._state

    async def in_thread(self, call: Callable[[], T]) -> T:
        return await in_thread(self._parts.threads, call)

    async def open(self) -> dict[TopicPartition, int]:
        """The ends of the inputs as they are now. Raises MissingTopicError, KafkaError, OSError, sqlite3.Error."""
        parts = self._parts
        state = await self.in_thread(self._opened_state)
        known = await parts.offsets.partitions_of(parts.inputs)
        for topic, partitions in known.items():
            if not partitions:
                raise MissingTopicError(topic)
        inputs = [partition for partitions in known.values() for partition in partitions]
        first, end = await parts.offsets.beginnings(inputs), await parts.offsets.ends(inputs)
        if not _is_usable(state, first, end):
            await self.in_thread(state.clear)
        self.is_new = not state.positions
        self.positions = {p: state.positions.get(p, first[p]) for p in inputs}
        return end

    def _opened_state(self) -> WholeState:
        # known at once, so that it is closed though opening was broken off meanwhile
        state = self._state = self._parts.state_of()
        return state

    async def has_other_partitions(self) -> bool:
        """Whether the inputs have others than when it was opened."""
        known = await self._parts.offsets.partitions_of(self._parts.inputs)
        return {partition for partitions in known.values() for partition in partitions} != set(self.positions)

    async def catch_up(self, upto: Mapping[TopicPartition, int], at_once: int = _AT_ONCE_RECORDS) -> int:
        """Reads up to some offsets and derives what holds then. How many records it read; `stop` ends it early, after
        the `at_once` records that are under way.
        """
        said, count = time.monotonic(), 0
        for topic in self._parts.inputs:
            bounds = {
                p.partition: Bounds(self.positions[p], offset)
                for p, offset in upto.items()
                if p.topic == topic and offset > self.positions[p]
            }
            if not bounds:
                continue
            async with WindowReader(self._parts.brokers, Window(topic=topic, bounds=bounds)) as reader:
                async for stretch in reader.stretches(at_once):
                    if self._closing:
                        return count
                    if stretch.lost:
                        raise WindowError(f"{stretch.lost} records of {topic} went before they were read")
                    self.positions[TopicPartition(topic, stretch.partition)] = stretch.position
                    await self.in_thread(partial(self.state.take, stretch.records, dict(self.positions)))
                    await self.in_thread(self.state.keep)
                    await self.flush_now_and_then()
                    count += len(stretch.records)
                    if time.monotonic() - said > _SAY_S:
                        said = time.monotonic()
                        log.info("%s: %d records read so far", self._parts.group, count)
        return count

    async def let_go_until(self, is_enough: Callable[[], bool]) -> None:
        """Steps without records, which let go of what is too old, until that is enough or nothing is left."""
        while not self._closing and not is_enough() and await self.in_thread(lambda: self.state.has_more):
            await self.in_thread(partial(self.state.take, [], dict(self.positions)))
            await self.in_thread(self.state.keep)
            await self.flush_now_and_then()

    async def flush_now_and_then(self) -> None:
        if time.monotonic() - self._flushed >= _FLUSH_S:
            self._flushed = time.monotonic()
            await self.in_thread(self.state.flush)

    async def show_size(self) -> tuple[int, int]:
        count, size = await self.in_thread(self.state.size)
        self._parts.observer.state_size(self._parts.stage, TopicPartition(self._parts.inputs[-1], 0), count, size)
        return count, size

    def stop(self) -> None:
        """Lets the step under way end and begins no other."""
        self._closing = True

    async def close(self) -> None:
        state, self._state = self._state, None
        if state is not None:
            await self.in_thread(partial(_closed, state))


def _is_usable(state: WholeState, first: Positions, end: Positions) -> bool:
    written = state.written_ms
    if written is None or time.time() * 1000 - written > _STALE_MS:
        return False
    # an offset below the first: records are gone that were not read; one beyond the end: the topic is another one
    return all(first.get(p, 0) <= offset <= end.get(p, -1) for p, offset in state.positions.items())


def marks_of(notes: Iterable[str]) -> str | None:
    """The mark of the last transaction; None where there was none, or one was left half way."""
    found = set(notes)
    return found.pop() if len(found) == 1 and OPEN_MARK not in found else None


def _closed(state: WholeState) -> None:
    state.drop()
    state.close()
