"""Whole topics read with one state, by one owner at a time: what follows from all of their records is kept published.

What makes the end right, whatever pauses, dies or comes twice: starting the producer fences out whoever had the turn
before; the outputs of a step and the offsets up to which it read are one transaction; and what holds after a step is a
function of the last record of each key below these offsets. The state is a file beside it. Each transaction carries a
mark, a sum over all outputs that hold after it. So a state, whosever it is and however old, first reads what it has
missed, and if its own sum is then the same, the topics are as they should be and it goes on. One with another sum, or
without a file, reads up to the end and is compared with what the output topics hold: only what differs is written.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import Mapping, Sequence
from functools import partial

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError, OffsetOutOfRangeError

from worker.streaming.access.client_options import client_options
from worker.streaming.backoff import Backoff
from worker.streaming.consume.client import known_position
from worker.streaming.consume.ending import Ending
from worker.streaming.denied import NotAllowedError, what_to_grant
from worker.streaming.outcome import Ok, Output
from worker.streaming.record import Record, names_of
from worker.streaming.stateful.changelog import MissingTopicError
from worker.streaming.stateful.transactions import FencedOutError, NextOffset, TransactionalWriter
from worker.streaming.stateful.whole_follower import OPEN_MARK, WholeFollower, marks_of
from worker.streaming.stateful.whole_state import WholeParts, WholeState
from worker.streaming.topics.window import Bounds, Window, WindowError
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["WholeOwner"]

log = logging.getLogger("claimwire.whole")

_POLL_MS = 500
_TOUCH_S = 60.0
_SIZE_S = 30.0
_PARTITIONS_S = 10.0
_MOST_OUTPUTS = 2000
"""Of one transaction. More are written in several, with the mark taken away before the first."""
_FETCH_BYTES = 16 * 1024 * 1024


class WholeOwner:
    """One turn: `run` until `close`."""

    def __init__(self, parts: WholeParts) -> None:
        self._parts = parts
        self._ending = Ending()
        self._writer: TransactionalWriter | None = None
        self._follower = WholeFollower(parts)
        self._committed: dict[TopicPartition, int] = {}
        self._failing_since: float | None = None
        self._looked: dict[str, float] = {}
        self._is_open = False

    def close(self) -> None:
        """Lets the step under way end, begins no other, and ends `run`. Opening is broken off."""
        self._ending.finish()

    async def run(self) -> None:
        """Raises NotAllowedError, and what else no repeat can mend."""
        backoff = Backoff(0.2, 5.0)
        while not self._ending.reached:
            try:
                await self._ending.unless(self._opened())
                if self._is_open:
                    backoff.reset()
                    await self._work()
            except FencedOutError as newer:
                # the group will say so too; should it not, it is still this worker's turn
                log.warning("%s has another owner (%s): what was begun is left to it", self._parts.group, newer)
            except (KafkaError, WindowError, TimeoutError, OSError, sqlite3.Error) as broken:
                self._failed(broken)
            finally:
                await self._let_go()
            if not self._ending.reached:
                await self._ending.unless(asyncio.sleep(backoff.next_s()))

    async def _opened(self) -> None:
        parts, begun = self._parts, time.monotonic()
        self._is_open = False
        parts.observer.waiting(parts.stage, "what was linked so far is being read")
        writer = self._writer = parts.writer_of()
        await writer.start()  # from here on nobody else can write
        follower = self._follower = WholeFollower(parts)
        end = await follower.open()
        commits = await parts.offsets.commits(parts.group, list(follower.positions))
        self._committed = {partition: commit.offset for partition, commit in commits.items()}
        mark = marks_of(commit.note for commit in commits.values())
        if not await self._is_as_published(mark):
            await follower.catch_up(end)
            await follower.let_go_until(lambda: False)
            await self._mend()
        parts.observer.waiting(parts.stage, None)
        self._is_open = True
        count, _ = await follower.show_size()
        log.info("%s: open with %d claims after %.1fs", parts.group, count, time.monotonic() - begun)

    async def _is_as_published(self, mark: str | None) -> bool:
        """Whether the output topics are what follows from the state, once it has read what was read for the last
        transaction. A state that is new is compared with the topics in any case.
        """
        follower = self._follower
        if mark is None or follower.is_new:
            return False
        if follower.state.mark != mark:
            count = await follower.catch_up(self._committed)
            await follower.let_go_until(lambda: follower.state.mark == mark)
            log.info("%s: %d records were read after those of the file", self._parts.group, count)
        return follower.state.mark == mark

    async def _mend(self) -> None:
        """Makes the output topics what follows from the state, and says that they are."""
        parts, state, writer = self._parts, self._follower.state, self._the_writer
        written = 0
        for topic in parts.outputs:
            there = await self._there(topic)
            differences = await self._follower.in_thread(partial(_listed, state, topic, there))
            if differences and not written:  # should it end in between, the topics are of no state: compared again
                await writer.write_upto([], self._upto(OPEN_MARK, self._committed))
            for start in range(0, len(differences), _MOST_OUTPUTS):
                await writer.write(differences[start : start + _MOST_OUTPUTS], None)
            written += len(differences)
        log.info("%s: %d records differed from what follows from the claims, and were written", parts.group, written)
        await self._commit(state.mark)
        await self._follower.in_thread(state.flush)

    async def _there(self, topic: str) -> dict[bytes, bytes]:
        """By key a hash of the last value, for the keys of an output topic that have one."""
        partitions = await self._parts.offsets.partitions(topic)
        if not partitions:
            raise MissingTopicError(topic)
        first = await self._parts.offsets.beginnings(partitions)
        end = await self._parts.offsets.ends(partitions)
        bounds = {p.partition: Bounds(first[p], max(first[p], end[p])) for p in partitions}
        hashed, there = self._follower.state.hashed, dict[bytes, bytes]()
        async with WindowReader(self._parts.brokers, Window(topic=topic, bounds=bounds)) as reader:
            async for record in reader:
                if record.value is None:
                    there.pop(record.key or b"", None)
                else:
                    there[record.key or b""] = hashed(record.value)
        return there

    async def _work(self) -> None:
        parts, follower = self._parts, self._follower
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
            consumer.assign(list(follower.positions))
            for partition, offset in follower.positions.items():
                consumer.seek(partition, offset)
            while not self._ending.reached and not await self._has_other_partitions():
                fetched = await consumer.getmany(timeout_ms=_POLL_MS, max_records=parts.batch_records)
                records = [Record.of(row) for rows in fetched.values() for row in rows]
                moved = self._moved(consumer)
                if records or moved or await follower.in_thread(lambda: follower.state.has_more):
                    await self._step(records)
                await follower.flush_now_and_then()
                self._mended()
                await self._look(consumer)
        except OffsetOutOfRangeError as gone:
            log.warning("%s: records went before they were read (%s): it is begun anew", parts.group, gone)
        finally:
            await consumer.stop()

    async def _has_other_partitions(self) -> bool:
        """Looked up now and then: partitions that were added are read from their beginning, after opening again."""
        return self._is_due("partitions", _PARTITIONS_S) and await self._follower.has_other_partitions()

    def _moved(self, consumer: AIOKafkaConsumer) -> bool:
        """Notes how far was read, and whether that is further than before: past records, or markers of transactions."""
        moved, positions = False, self._follower.positions
        for partition in positions:
            offset = known_position(consumer, partition)
            if offset is not None and offset > positions[partition]:
                moved = True
                positions[partition] = offset
        return moved

    async def _step(self, records: Sequence[Record]) -> None:
        parts, follower, state = self._parts, self._follower, self._follower.state
        begun = time.monotonic()
        for record in records:
            parts.observer.record_taken(parts.stage, record)
        try:
            if records:
                parts.observer.batch_started(parts.stage, records)
            outputs = await follower.in_thread(partial(state.take, records, dict(follower.positions)))
            if records:
                parts.observer.batch_finished(parts.stage, records, time.monotonic() - begun)
            await self._write(outputs, state.mark)
            await follower.in_thread(state.keep)
        except BaseException:
            for record in records:
                parts.observer.abandoned(parts.stage, record)
            raise
        for record in records:
            parts.observer.settled(parts.stage, record, Ok(()))
        for partition, offset in follower.positions.items():
            parts.observer.committed(parts.stage, partition, offset)

    async def _write(self, outputs: Sequence[Output], mark: str) -> None:
        begun = time.monotonic()
        if len(outputs) > _MOST_OUTPUTS:
            # should it end in between, what is there is compared
            await self._the_writer.write_upto([], self._upto(OPEN_MARK, self._committed))
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
        await self._the_writer.write_upto(outputs, self._upto(mark, self._follower.positions))
        self._committed = dict(self._follower.positions)

    def _upto(self, mark: str, positions: Mapping[TopicPartition, int]) -> list[NextOffset]:
        return [NextOffset(self._parts.group, partition, offset, mark) for partition, offset in positions.items()]

    async def _look(self, consumer: AIOKafkaConsumer) -> None:
        """Now and then: lag, size, and that nothing was missed."""
        parts = self._parts
        if self._is_due("lag", 1.0):
            for partition, position in self._follower.positions.items():
                with contextlib.suppress(IllegalStateError):
                    end = consumer.last_stable_offset(partition)
                    if end is not None and partition.topic == parts.inputs[-1]:
                        parts.observer.lag(parts.stage, partition, max(0, end - position))
        if self._is_due("touch", _TOUCH_S):
            await self._follower.in_thread(self._follower.state.touch)
        if self._is_due("size", _SIZE_S):
            await self._follower.show_size()

    def _is_due(self, what: str, after_s: float) -> bool:
        now = time.monotonic()
        if now - self._looked.get(what, 0.0) < after_s:
            return False
        self._looked[what] = now
        return True

    @property
    def _the_writer(self) -> TransactionalWriter:
        assert self._writer is not None  # noqa: S101 - open while it works
        return self._writer

    async def _let_go(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.stop()
        await self._follower.close()

    def _failed(self, broken: Exception) -> None:
        """Says why it goes on later. Raises NotAllowedError: not even opening is allowed."""
        denied = None if self._is_open else NotAllowedError.of(broken, self._parts.group)
        if denied is not None:
            raise denied from broken
        words = what_to_grant(broken, self._parts.group) or f"{type(broken).__name__}: {broken}"
        if self._failing_since is None:
            self._failing_since = time.monotonic()
            log.warning(
                "%s cannot go on: %s. It is tried again until it can", names_of(self._follower.positions), words
            )
        self._parts.observer.output_failing(self._parts.outputs[-1], self._failing_since, words)

    def _mended(self) -> None:
        if self._failing_since is not None:
            seconds = time.monotonic() - self._failing_since
            self._failing_since = None
            self._parts.observer.output_mended(self._parts.outputs[-1], seconds)


def _listed(state: WholeState, topic: str, there: Mapping[bytes, bytes]) -> list[Output]:
    return list(state.differences(topic, there))
