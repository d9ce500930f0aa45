"""Whole topics read with one state, by one owner at a time: what follows from all of their records is kept published.

What makes the end right, whatever pauses, dies or comes twice: starting the producer fences out whoever had the turn
before; the outputs of a step and the offsets up to which it read are one transaction; and what holds after a step is a
function of the last record of each key below these offsets. The state is a file beside it. Each transaction carries a
mark, which the file has as well, so that a file that missed one is known. Such a file, or a new one, first reads up to
the end, and is then compared with what the output topics hold: only what differs is written.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError, OffsetOutOfRangeError

from worker.brokers import Brokers
from worker.streaming.access.client_options import client_options
from worker.streaming.backoff import Backoff
from worker.streaming.consume.client import known_position
from worker.streaming.denied import NotAllowedError, what_to_grant
from worker.streaming.observer import Observer
from worker.streaming.outcome import Ok, Output
from worker.streaming.record import Record, names_of
from worker.streaming.stateful.changelog import MissingTopicError
from worker.streaming.stateful.transactions import FencedOutError, NextOffset, TransactionalWriter
from worker.streaming.topics.offset_reader import OffsetReader
from worker.streaming.topics.window import Bounds, Window, WindowError
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["Positions", "WholeOwner", "WholeParts", "WholeState"]

log = logging.getLogger("claimwire.whole")

T = TypeVar("T")

Positions = Mapping[tuple[str, int], int]
"""The offset of the next record of each partition."""

_POLL_MS = 500
_STALE_MS = 12 * 3600 * 1000
"""A file that is older is made anew: compaction may have removed tombstones (delete.retention.ms, a day by default)
that it missed.
"""
_TOUCH_S = 60.0
_SIZE_S = 30.0
_SAY_S = 10.0
_PARTITIONS_S = 10.0
_MOST_OUTPUTS = 2000
"""Of one transaction. More are written in several, with the mark taken away before the first."""
_OPEN = "open"
_CAUGHT_UP_RECORDS = 1000
_FETCH_BYTES = 16 * 1024 * 1024


class WholeState(Protocol):
    """The state and what it derives. All methods block, and are called one after the other in one thread."""

    @property
    def mark(self) -> str:
        """Of the last step that it kept; no other state has the same."""

    @property
    def next_mark(self) -> str:
        """The one that the next step will have."""

    @property
    def positions(self) -> Positions: ...

    @property
    def written_ms(self) -> int | None:
        """When it was last known to have missed nothing, in milliseconds since 1970."""

    def clear(self) -> None: ...

    def take(self, records: Sequence[Record], positions: Positions) -> list[Output]:
        """Begins a step: what changes because of some records, and of `positions` having been reached."""

    def keep(self, mark: str) -> None:
        """Ends the step; it is on disk."""

    def drop(self) -> None:
        """Forgets what was not kept."""

    def touch(self) -> None:
        """Nothing has been missed up to now."""

    @property
    def has_more(self) -> bool:
        """Whether a step without records would change something."""

    def differences(self, topic: str, there: Mapping[bytes, bytes]) -> Iterable[Output]:
        """What makes an output topic right that holds `there`: by key a hash of the value, as `hashed` makes it."""

    def hashed(self, value: bytes) -> bytes: ...

    def size(self) -> tuple[int, int]:
        """How many keys it has, and the bytes of its file."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeParts:
    """`inputs` are read, `outputs` are written by nobody else. `threads` has one thread, or the state is not safe."""

    stage: str
    group: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    brokers: Brokers
    writer_of: Callable[[], TransactionalWriter]
    state_of: Callable[[], WholeState]
    offsets: OffsetReader
    observer: Observer
    threads: Executor
    batch_records: int


class WholeOwner:
    """One turn: `run` until `close`."""

    def __init__(self, parts: WholeParts) -> None:
        self._parts = parts
        self._closing = False
        self._writer: TransactionalWriter | None = None
        self._state: WholeState | None = None
        self._positions: dict[TopicPartition, int] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._failing_since: float | None = None
        self._looked: dict[str, float] = {}
        self._is_open = False

    def close(self) -> None:
        """Lets the step under way end, begins no other, and ends `run`."""
        self._closing = True

    async def run(self) -> None:
        """Raises NotAllowedError, and what else no repeat can mend."""
        backoff = Backoff(0.2, 5.0)
        while not self._closing:
            try:
                await self._opened()
                backoff.reset()
                await self._work()
            except FencedOutError as newer:
                # the group will say so too; should it not, it is still this worker's turn
                log.warning("%s has another owner (%s): what was begun is left to it", self._parts.group, newer)
            except (KafkaError, WindowError, TimeoutError, OSError, sqlite3.Error) as broken:
                self._failed(broken)
            finally:
                await self._let_go()
            if not self._closing:
                await asyncio.sleep(backoff.next_s())

    async def _in_thread(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._parts.threads, call)

    async def _opened(self) -> None:
        parts, begun = self._parts, time.monotonic()
        self._is_open = False
        parts.observer.waiting(parts.stage, "what was linked so far is being read")
        writer = self._writer = parts.writer_of()
        await writer.start()  # from here on nobody else can write
        state = self._state = await self._in_thread(parts.state_of)
        known = await parts.offsets.partitions_of(parts.inputs)
        for topic, partitions in known.items():
            if not partitions:
                raise MissingTopicError(topic)
        inputs = [partition for partitions in known.values() for partition in partitions]
        first, end = await parts.offsets.beginnings(inputs), await parts.offsets.ends(inputs)
        commits = await parts.offsets.commits(parts.group, inputs)
        if not self._is_usable(state, first, end):
            await self._in_thread(state.clear)
        self._positions = {p: state.positions.get(p, first[p]) for p in inputs}
        self._committed = {partition: commit.offset for partition, commit in commits.items()}
        marks = {commit.note for commit in commits.values()}
        if marks != {state.mark}:
            await self._catch_up(end)
            await self._mend()
        parts.observer.waiting(parts.stage, None)
        self._is_open = True
        count, _ = await self._show_size()
        log.info("%s: open with %d claims after %.1fs", parts.group, count, time.monotonic() - begun)

    def _is_usable(self, state: WholeState, first: Positions, end: Positions) -> bool:
        written = state.written_ms
        if written is None or time.time() * 1000 - written > _STALE_MS:
            return False
        # an offset below the first: records are gone that were not read; one beyond the end: the topic is another one
        return all(first.get(p, 0) <= offset <= end.get(p, -1) for p, offset in state.positions.items())

    async def _catch_up(self, end: Positions) -> None:
        """Reads up to the present end and derives what holds then; nothing is written."""
        state, said, count = self._the_state, time.monotonic(), 0
        for topic in self._parts.inputs:
            bounds = {
                p[1]: Bounds(self._positions[p], max(self._positions[p], offset))
                for p, offset in end.items()
                if p[0] == topic
            }
            async with WindowReader(self._parts.brokers, Window(topic=topic, bounds=bounds)) as reader:
                async for stretch in reader.stretches(_CAUGHT_UP_RECORDS):
                    if self._closing:
                        return
                    self._positions[TopicPartition(topic, stretch.partition)] = stretch.position
                    await self._in_thread(partial(state.take, stretch.records, dict(self._positions)))
                    await self._in_thread(partial(state.keep, state.mark))
                    count += len(stretch.records)
                    if time.monotonic() - said > _SAY_S:
                        said = time.monotonic()
                        log.info("%s: %d records read so far", self._parts.group, count)
        while await self._in_thread(lambda: state.has_more) and not self._closing:
            await self._in_thread(partial(state.take, [], dict(self._positions)))
            await self._in_thread(partial(state.keep, state.mark))

    async def _mend(self) -> None:
        """Makes the output topics what follows from the state, and says that they are."""
        if self._closing:
            return
        parts, state, writer = self._parts, self._the_state, self._the_writer
        written = 0
        for topic in parts.outputs:
            there = await self._there(topic)
            differences = list(await self._in_thread(partial(_listed, state, topic, there)))
            for start in range(0, len(differences), _MOST_OUTPUTS):
                await writer.write(differences[start : start + _MOST_OUTPUTS], None)
            written += len(differences)
        log.info("%s: %d records differed from what follows from the claims, and were written", parts.group, written)
        mark = state.next_mark
        await self._commit(mark)
        await self._in_thread(partial(state.keep, mark))

    async def _there(self, topic: str) -> dict[bytes, bytes]:
        """By key a hash of the last value, for the keys of an output topic that have one."""
        partitions = await self._parts.offsets.partitions(topic)
        if not partitions:
            raise MissingTopicError(topic)
        first = await self._parts.offsets.beginnings(partitions)
        end = await self._parts.offsets.ends(partitions)
        bounds = {p.partition: Bounds(first[p], max(first[p], end[p])) for p in partitions}
        hashed, there = self._the_state.hashed, dict[bytes, bytes]()
        async with WindowReader(self._parts.brokers, Window(topic=topic, bounds=bounds)) as reader:
            async for record in reader:
                if record.value is None:
                    there.pop(record.key or b"", None)
                else:
                    there[record.key or b""] = hashed(record.value)
        return there

    async def _work(self) -> None:
        parts = self._parts
        consumer = AIOKafkaConsumer(
            **client_options(parts.brokers),
            client_id=parts.group,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            fetch_max_bytes=_FETCH_BYTES,
            fetch_max_wait_ms=250,
        )
        try:
            await consumer.start()
            # aiokafka cannot stop a consumer whose tasks have not begun: it raises CancelledError
            await asyncio.sleep(0)
            consumer.assign(list(self._positions))
            for partition, offset in self._positions.items():
                consumer.seek(partition, offset)
            while not self._closing and not await self._has_other_partitions():
                fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=parts.batch_records)
                records = [Record.of(row) for rows in fetched.values() for row in rows]
                moved = self._moved(consumer)
                if records or moved or await self._in_thread(lambda: self._the_state.has_more):
                    await self._step(records)
                self._mended()
                await self._look(consumer)
        except OffsetOutOfRangeError as gone:
            log.warning("%s: records went before they were read (%s): it is begun anew", parts.group, gone)
        finally:
            await consumer.stop()

    async def _has_other_partitions(self) -> bool:
        """Looked up now and then: partitions that were added are read from their beginning, after opening again."""
        if not self._is_due("partitions", _PARTITIONS_S):
            return False
        known = await self._parts.offsets.partitions_of(self._parts.inputs)
        return {partition for partitions in known.values() for partition in partitions} != set(self._positions)

    def _moved(self, consumer: AIOKafkaConsumer) -> bool:
        """Notes how far was read, and whether that is further than before: past records, or markers of transactions."""
        moved = False
        for partition in self._positions:
            offset = known_position(consumer, partition)
            if offset is not None and offset > self._positions[partition]:
                moved = True
                self._positions[partition] = offset
        return moved

    async def _step(self, records: Sequence[Record]) -> None:
        parts, state = self._parts, self._the_state
        begun = time.monotonic()
        for record in records:
            parts.observer.record_taken(parts.stage, record)
        try:
            if records:
                parts.observer.batch_started(parts.stage, records)
            outputs = await self._in_thread(partial(state.take, records, dict(self._positions)))
            if records:
                parts.observer.batch_finished(parts.stage, records, time.monotonic() - begun)
            mark = state.next_mark
            await self._write(outputs, mark)
            await self._in_thread(partial(state.keep, mark))
        except BaseException:
            for record in records:
                parts.observer.abandoned(parts.stage, record)
            raise
        for record in records:
            parts.observer.settled(parts.stage, record, Ok(()))
        for partition, offset in self._positions.items():
            parts.observer.committed(parts.stage, partition, offset)

    async def _write(self, outputs: Sequence[Output], mark: str) -> None:
        begun = time.monotonic()
        if len(outputs) > _MOST_OUTPUTS:
            # should it end in between, what is there is compared
            await self._the_writer.write_upto([], self._upto(_OPEN, self._committed))
            for start in range(0, len(outputs), _MOST_OUTPUTS):
                await self._the_writer.write(outputs[start : start + _MOST_OUTPUTS], None)
            outputs_left: Sequence[Output] = ()
        else:
            outputs_left = outputs
        await self._commit(mark, outputs_left)
        by_topic: dict[str, list[int]] = {}
        for output in outputs:
            by_topic.setdefault(output.topic, []).append(len(output.value or b"") + len(output.key or b""))
        for topic, sizes in by_topic.items():
            self._parts.observer.published(topic, len(sizes), sum(sizes), time.monotonic() - begun)

    async def _commit(self, mark: str, outputs: Sequence[Output] = ()) -> None:
        await self._the_writer.write_upto(outputs, self._upto(mark, self._positions))
        self._committed = dict(self._positions)

    def _upto(self, mark: str, positions: Mapping[TopicPartition, int]) -> list[NextOffset]:
        return [NextOffset(self._parts.group, partition, offset, mark) for partition, offset in positions.items()]

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """Now and then: lag, size, and that nothing was missed."""
        parts = self._parts
        if self._is_due("lag", 1.0):
            for partition, position in self._positions.items():
                with contextlib.suppress(IllegalStateError):
                    end = consumer.last_stable_offset(partition)
                    if end is not None and partition.topic == parts.inputs[-1]:
                        parts.observer.lag(parts.stage, partition, max(0, end - position))
        if self._is_due("touch", _TOUCH_S):
            await self._in_thread(self._the_state.touch)
        if self._is_due("size", _SIZE_S):
            await self._show_size()

    def _is_due(self, what: str, after_s: float) -> bool:
        now = time.monotonic()
        if now - self._looked.get(what, 0.0) < after_s:
            return False
        self._looked[what] = now
        return True

    async def _show_size(self) -> tuple[int, int]:
        count, size = await self._in_thread(self._the_state.size)
        self._parts.observer.state_size(self._parts.stage, TopicPartition(self._parts.inputs[-1], 0), count, size)
        return count, size

    @property
    def _the_state(self) -> WholeState:
        assert self._state is not None  # noqa: S101 - open while it works
        return self._state

    @property
    def _the_writer(self) -> TransactionalWriter:
        assert self._writer is not None  # noqa: S101 - open while it works
        return self._writer

    async def _let_go(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.stop()
        state, self._state = self._state, None
        if state is not None:
            await self._in_thread(partial(_closed, state))

    def _failed(self, broken: Exception) -> None:
        """Says why it goes on later. Raises NotAllowedError: not even opening is allowed."""
        denied = None if self._is_open else NotAllowedError.of(broken, self._parts.group)
        if denied is not None:
            raise denied from broken
        words = what_to_grant(broken, self._parts.group) or f"{type(broken).__name__}: {broken}"
        if self._failing_since is None:
            self._failing_since = time.monotonic()
            log.warning("%s cannot go on: %s. It is tried again until it can", names_of(self._positions), words)
        self._parts.observer.output_failing(self._parts.outputs[-1], self._failing_since, words)

    def _mended(self) -> None:
        if self._failing_since is not None:
            seconds = time.monotonic() - self._failing_since
            self._failing_since = None
            self._parts.observer.output_mended(self._parts.outputs[-1], seconds)


def _listed(state: WholeState, topic: str, there: Mapping[bytes, bytes]) -> list[Output]:
    return list(state.differences(topic, there))


def _closed(state: WholeState) -> None:
    state.drop()
    state.close()
