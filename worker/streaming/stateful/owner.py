"""One partition of a topic whose records change states: its fence, its states, and its batches one after the other.

What makes the end right, whatever pauses, dies or comes twice: a batch's outputs, states and next offset are one
transaction, so the states are always those that follow from the records below the committed offset. Opening the
partition fences out whoever had it before, and only then reads states and offset. Any failure opens it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from worker.contract.reasons import DeadReason
from worker.streaming.backoff import Backoff
from worker.streaming.consume.ending import Ending
from worker.streaming.denied import NotAllowedError, what_to_grant
from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.publish.partitioning import kept_in
from worker.streaming.publish.refusals import is_too_large, why_refused
from worker.streaming.record import Record, name_of
from worker.streaming.settle.dead_letter import Completeness
from worker.streaming.stateful.changelog import (
    LAYOUT_KEY,
    LAYOUT_NOTE,
    LOG_HEADER,
    Changelog,
    ChangelogError,
    ChangelogReader,
    Layout,
)
from worker.streaming.stateful.in_thread import in_thread
from worker.streaming.stateful.newest_again import newest_again
from worker.streaming.stateful.state_file import Change, StateFile
from worker.streaming.stateful.transactions import FencedOutError, NextOffset, Writer

__all__ = ["Committed", "Decide", "OwnerParts", "PartitionOwner", "StateLostError"]

log = logging.getLogger("claimwire.owner")

Decide = Callable[[Record, bytes | None], tuple[Outcome, bytes | None]]
"""Of a record and the state of its key: the outcome, and the state after it. Pure; called in a thread."""

_IDLE_S = 5.0
_SWEEP_S = 30.0
_UNUSED_S = 5.0
_SWEEP_KEYS = 1000


class _AgainError(Exception):
    """The partition is opened again at once."""


class StateLostError(Exception):
    """The states do not fit what was read: going on would leave false claims asserted. Says what to do."""

    @classmethod
    def moved(cls, changelog_topic: str, made_for: int, now: int) -> StateLostError:
        return cls(
            f"{changelog_topic} was made for {made_for} partitions and there are {now} now: keys have moved and their "
            f"states have not. Set state_partitions = {made_for} to keep the old layout; added partitions then stay "
            f"empty. The worker ends, nothing was written"
        )

    @classmethod
    def misplaced(cls, partition: TopicPartition, made_for: int) -> StateLostError:
        return cls(
            f"{name_of(partition)} has records, but the states are those of {made_for} partitions: this one was added "
            f"later, and what is there came past the worker. Write these articles to the raw topic again and delete "
            f"the records of the partition. The worker ends, nothing was written"
        )

    @classmethod
    def gone(cls, partition: TopicPartition, group: str, committed: int | None, changelog: str) -> StateLostError:
        """`changelog`: its name, and what is wrong with it."""
        return cls(
            f"the states of {name_of(partition)} are gone: group {group} has read up to offset {committed}, but "
            f"{changelog}. Going on would leave claims asserted that no article makes any more. Restore the topic, or "
            f"set on_state_lost = rebuild: the states are then built again from {partition.topic}, and `claimwire "
            f"audit --repair` retracts what nothing supports. The worker ends, nothing was written"
        )


@dataclass(frozen=True, slots=True)
class Committed:
    """What the group has committed for a partition: the next offset (None: nothing) and the metadata beside it."""

    offset: int | None
    metadata: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerParts:
    """What all owners of a worker share."""

    stage: str
    group: str
    decide: Decide
    writer_of: Callable[[TopicPartition], Writer]
    file_of: Callable[[TopicPartition], StateFile]
    changelog_of: Callable[[TopicPartition], ChangelogReader]
    changelog_topic: str
    keyed_topic: str
    """A topic of outputs whose keys stay in the partitions that they had when the states were made."""
    committed: Callable[[TopicPartition], Awaitable[Committed]]
    bounds: Callable[[TopicPartition], Awaitable[tuple[int, int]]]
    """First offset and end of the input's partition."""
    record_at: Callable[[TopicPartition, int], Awaitable[Record | None]]
    """The record of the input at an offset; None when it is gone."""
    layout: Callable[[], Awaitable[Layout]]
    """What the topics are like now, with a new `log_id`."""
    dead_letter: Callable[[Record, Dead, Completeness], Output]
    drop_note: Callable[[Record, Drop], Output]
    on_lost: str
    """`stop` or `rebuild`, when the states are gone though records were read."""
    keep_ms: int
    """States of keys that were not seen for so long are dropped; 0: never."""
    batch_records: int
    observer: Observer
    threads: Executor


@dataclass(slots=True)
class _Batch:
    outcomes: list[Outcome] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    changes: dict[bytes, Change] = field(default_factory=dict)


class PartitionOwner:
    """Lives from an assignment to the next revocation. `take` gives it records, `run` works on them until `close`."""

    def __init__(
        self,
        partition: TopicPartition,
        parts: OwnerParts,
        begin_at: Callable[[TopicPartition, int], None],
    ) -> None:
        """`begin_at` is called whenever reading shall go on at another offset: after opening, and after a failure."""
        self.partition, self._parts, self._begin_at = partition, parts, begin_at
        self.next_offset: int | None = None
        """Offset of the next record to be taken; None while the partition is not open."""
        self.committed: int | None = None
        self.is_unused = False
        """The partition was added after the states were made, and has none."""
        self.queued_bytes = 0
        self._queue: deque[Record] = deque()
        self._arrived = asyncio.Event()
        self._ending = Ending()
        self._free = asyncio.Event()
        self._free.set()
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self._writer: Writer | None = None
        self._file: StateFile | None = None
        self._layout: Layout | None = None
        self._failing_since: float | None = None
        self._refused = False
        """Its last write failed: only one that does not says that it is mended."""
        self._swept = time.monotonic()
        self._singly_upto = -1
        self._too_large: dict[int, tuple[int, str]] = {}

    @property
    def is_open(self) -> bool:
        return self.next_offset is not None and not self._ending.reached

    @property
    def is_closing(self) -> bool:
        return self._ending.reached

    @property
    def waiting(self) -> int:
        """Records taken and not settled yet."""
        return len(self._queue)

    def take(self, records: Sequence[Record]) -> None:
        """Those below the next offset are left out: they are of a fetch from before a failure."""
        for record in records:
            if self.next_offset is None or record.offset < self.next_offset:
                continue
            self.next_offset = record.offset + 1
            self._queue.append(record)
            self.queued_bytes += record.size
            self._parts.observer.record_taken(self._parts.stage, record)
        if self._queue:
            self._arrived.set()

    def pass_over(self, position: int) -> None:
        """`position` is the offset of the next record to fetch, looked up when all that was fetched was given to
        `take`: what is below it and was not taken holds no record, but markers of transactions.
        """
        if self.next_offset is not None and not self._queue and position > self.next_offset:
            self.next_offset = position
            self._arrived.set()

    async def run(self) -> None:
        """Until `close`. Raises StateLostError and what else no repeat can mend."""
        backoff = Backoff(0.2, 5.0)
        while not self._ending.reached:
            try:
                await self._ending.unless(self._opened())
                if self.is_open:
                    if not self._refused:
                        backoff.reset()
                    await self._work()
            except _AgainError:
                continue
            except FencedOutError as newer:
                # the group will say so too; should it not, the partition is still ours and is opened again
                log.warning("%s has another owner (%s): what was begun is left to it", name_of(self.partition), newer)
            except (KafkaError, ChangelogError, TimeoutError, OSError) as broken:
                self._failed(broken)
            finally:
                await self._let_go()
            if not self.is_closing:
                await self._ending.unless(asyncio.sleep(backoff.next_s()))

    def close(self) -> None:
        """Lets the batch under way end, begins no other, and ends `run`. Opening the partition is broken off: it may
        take as long as reading its states takes, and nobody needs them here any more.
        """
        self._ending.finish()
        self._free.set()
        self._arrived.set()

    async def hold(self) -> None:
        """Begins no further batch until `go_on`; returns when the one under way has ended."""
        self._free.clear()
        await self._at_rest.wait()

    def go_on(self) -> None:
        self._free.set()

    async def _opened(self) -> None:
        parts, begun = self._parts, time.monotonic()
        await self._stay_unused()
        self._writer = parts.writer_of(self.partition)
        await self._writer.start()  # from here on nobody else can write
        file = await in_thread(parts.threads, self._opened_file)
        # before the copy, whose mark can only be written while nobody else has started: so the two fit each other
        committed = await parts.committed(self.partition)
        start, end = await parts.bounds(self.partition)
        changelog = await parts.changelog_of(self.partition).copy(self._writer, file)
        offset = await self._begin(changelog, committed, start, end)
        count, size = await in_thread(parts.threads, file.size)
        parts.observer.state_size(parts.stage, self.partition, count, size)
        log.info(
            "%s: open at offset %d with the states of %d keys (%d read) after %.1fs",
            name_of(self.partition),
            offset,
            count,
            changelog.read,
            time.monotonic() - begun,
        )
        self.committed = committed.offset
        self.next_offset = offset
        self._begin_at(self.partition, offset)
        if not self._refused:
            self._mended()

    def _opened_file(self) -> StateFile:
        # known at once, so that it is closed though opening was broken off meanwhile
        file = self._file = self._parts.file_of(self.partition)
        return file

    async def _stay_unused(self) -> None:
        """Returns at once where the partition has states; one that was added later has none and must stay empty.

        Raises:
            StateLostError: it has records.
        """
        while not self._ending.reached:
            layout = await self._parts.layout()
            self.is_unused = self.partition.partition >= layout.partitions
            if not self.is_unused:
                return
            start, end = await self._parts.bounds(self.partition)
            if end > start:
                raise StateLostError.misplaced(self.partition, layout.partitions)
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._arrived.wait(), _UNUSED_S)
        raise _AgainError

    async def _begin(self, changelog: Changelog, committed: Committed, start: int, end: int) -> int:
        """The offset to go on at, once states, offset and topics fit each other. Raises StateLostError."""
        parts, known, empty = self._parts, changelog.layout, changelog.empty
        now = await parts.layout()
        where = name_of(self.partition)
        if known is not None and known.partitions != now.partitions:
            raise StateLostError.moved(parts.changelog_topic, known.partitions, now.partitions)
        read_before = committed.offset is not None and committed.offset > start
        expected = committed.metadata.partition("log=")[2].split(";")[0] or None
        other = expected is not None and (known is None or known.log_id != expected)
        if read_before and (other or (known is None and empty)):
            if parts.on_lost != "rebuild":
                what = "is empty" if empty else "is another log"
                raise StateLostError.gone(
                    self.partition, parts.group, committed.offset, f"{parts.changelog_topic} {what}"
                )
            log.error("The states of %s are gone: they are built again from offset %d", where, start)
            committed = Committed(None, "")
        offset = start if committed.offset is None else committed.offset
        if not start <= offset <= end:
            offset = await self._beyond(offset, start, end)
        if known is None:
            known = now
            output = Output(parts.changelog_topic, LAYOUT_KEY, known.encode(), [], self.partition.partition)
            assert self._writer is not None and self._file is not None  # noqa: PT018, S101 - set by the caller
            (at,) = await self._writer.write([output], None)
            notes = {LAYOUT_NOTE: known.encode().decode()}
            await in_thread(parts.threads, self._file.apply, {}, at + 1, notes)
        self._layout = known
        return offset

    async def _beyond(self, wanted: int, start: int, end: int) -> int:
        self._parts.observer.offset_lost(self._parts.stage, self.partition, wanted, start)
        if wanted < start:
            # compaction and retention may take what is superseded: the youngest extraction of each article is there
            log.warning("%s: offset %d is gone, reading goes on at %d", name_of(self.partition), wanted, start)
            return start
        log.error(
            "%s ends at %d, but offset %d was committed: the topic was made anew; it is read from its beginning",
            name_of(self.partition),
            end,
            wanted,
        )
        return start

    async def _work(self) -> None:
        parts = self._parts
        while not self._ending.reached:
            if not self._queue:
                self._arrived.clear()
                await self._commit_passed_over()
                await self._sweep()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._arrived.wait(), _IDLE_S)
                continue
            max_records = 1 if self._queue[0].offset <= self._singly_upto else parts.batch_records
            records = list(itertools.islice(self._queue, max_records))
            await self._free.wait()
            if self.is_closing:
                return
            self._at_rest.clear()
            try:
                await self._settle(records)
            finally:
                self._at_rest.set()
            for _ in records:
                self.queued_bytes -= self._queue.popleft().size

    async def _commit_passed_over(self) -> None:
        """Markers at the end of a partition are no lag."""
        await self._free.wait()
        offset = self.next_offset
        if self.is_closing or self._queue or offset is None or self.committed is None or offset <= self.committed:
            return
        self._at_rest.clear()
        try:
            await self._write(_Batch(), offset)
        finally:
            self._at_rest.set()

    async def _settle(self, records: Sequence[Record]) -> None:
        parts = self._parts
        begun = time.monotonic()
        parts.observer.batch_started(parts.stage, records)
        batch = await in_thread(parts.threads, self._decided, records)
        parts.observer.batch_finished(parts.stage, records, time.monotonic() - begun)
        batch.outputs += await newest_again(records, batch.outcomes, parts.record_at)
        try:
            await self._write(batch, records[-1].offset + 1)
        except KafkaError as refused:
            if not is_too_large(refused) or not self._note_too_large(records, refused):
                raise
            raise _AgainError from refused
        for record, outcome in zip(records, batch.outcomes, strict=True):
            parts.observer.settled(parts.stage, record, outcome)

    def _note_too_large(self, records: Sequence[Record], refused: KafkaError) -> bool:
        """Something that came of the records is larger than its topic takes: next time they go one by one, and one that
        was alone is a dead letter with as much of it as Kafka takes. False: not even the smallest one is taken.
        """
        if len(records) > 1:
            self._singly_upto = records[-1].offset
            return True
        tries, why = self._too_large.get(records[0].offset, (0, str(refused)))
        self._too_large[records[0].offset] = (tries + 1, why)
        return tries <= Completeness.WHOLE

    def _decided(self, records: Sequence[Record]) -> _Batch:
        parts, file = self._parts, self._file
        assert file is not None  # noqa: S101 - open while it works
        known: dict[bytes, bytes] = file.get(record.key or b"" for record in records)
        batch = _Batch()
        now_ms = int(time.time() * 1000)
        for record in records:
            key = record.key or b""
            before = known.get(key)
            if record.offset in self._too_large:
                batch.outcomes.append(self._dead_for_size(record, batch.outputs))
                continue
            try:
                outcome, after = parts.decide(record, before)
            except Exception as broken:  # noqa: BLE001 - a bug costs one record, which goes to the dead letters
                outcome, after = Dead(DeadReason.LIFECYCLE_FAILED, f"{type(broken).__name__}: {broken}"), before
            batch.outcomes.append(outcome)
            batch.outputs += self._outputs(record, outcome)
            if after != before:
                batch.changes[key] = Change(after, now_ms)
                if after is None:
                    known.pop(key, None)
                else:
                    known[key] = after
        return batch

    def _dead_for_size(self, record: Record, outputs: list[Output]) -> Dead:
        tries, why = self._too_large[record.offset]
        dead = Dead(DeadReason.OUTPUT_TOO_LARGE, f"its claims or its state are larger than Kafka takes: {why}")
        log.warning("%s goes to the dead letters: %s: %s", record, dead.reason, dead.error)
        outputs.append(self._parts.dead_letter(record, dead, Completeness(max(0, Completeness.WHOLE - (tries - 1)))))
        return dead

    def _outputs(self, record: Record, outcome: Outcome) -> Sequence[Output]:
        match outcome:
            case Ok(outputs):
                return outputs
            case Drop():
                log.info("%s dropped: %s (%s)", record, outcome.reason, outcome.detail)
                return (self._parts.drop_note(record, outcome),)
            case Retry(reason, error):
                return (
                    self._parts.dead_letter(
                        record, Dead(DeadReason.RETRIES_EXHAUSTED, f"{reason}: {error}"), Completeness.WHOLE
                    ),
                )
            case Dead():
                log.warning("%s goes to the dead letters: %s: %s", record, outcome.reason, outcome.error)
                return (self._parts.dead_letter(record, outcome, Completeness.WHOLE),)

    async def _write(self, batch: _Batch, offset: int) -> None:
        """One transaction: outputs, states, offset. Then the file."""
        parts, writer, file, layout = self._parts, self._writer, self._file, self._layout
        assert writer is not None and file is not None and layout is not None  # noqa: PT018, S101 - open while it works
        states: list[Output] = []
        for key, change in batch.changes.items():
            headers = [] if states else [(LOG_HEADER, layout.log_id.encode())]
            states.append(Output(parts.changelog_topic, key, change.value, headers, self.partition.partition))
        upto = NextOffset(parts.group, self.partition, offset, f"log={layout.log_id};partitions={layout.partitions}")
        begun = time.monotonic()
        outputs = kept_in(layout.claims_partitions, parts.keyed_topic, batch.outputs)
        self._refused = True
        written = await writer.write([*outputs, *states], upto)
        self._refused = False
        seconds = time.monotonic() - begun
        if states:
            await in_thread(parts.threads, file.apply, batch.changes, written[-1] + 1)
        self.committed = offset
        by_topic: dict[str, list[int]] = {}
        for output in batch.outputs:
            by_topic.setdefault(output.topic, []).append(len(output.value or b"") + len(output.key or b""))
        for topic, sizes in by_topic.items():
            parts.observer.published(topic, len(sizes), sum(sizes), seconds)
        parts.observer.committed(parts.stage, self.partition, offset)
        self._mended()

    async def _sweep(self) -> None:
        """Drops states of keys that were not seen for long, a few at a time, while nothing else is to be done."""
        parts, file = self._parts, self._file
        if file is None or time.monotonic() - self._swept < _SWEEP_S:
            return
        self._swept = time.monotonic()
        if parts.keep_ms:
            before_ms = int(time.time() * 1000) - parts.keep_ms
            keys = await in_thread(parts.threads, file.unseen_since, before_ms, _SWEEP_KEYS)
            if keys and self.committed is not None:
                now_ms = int(time.time() * 1000)
                await self._write(_Batch([], [], {key: Change(None, now_ms) for key in keys}), self.committed)
                log.info(
                    "%s: the states of %d articles that were not seen for long are dropped",
                    name_of(self.partition),
                    len(keys),
                )
        count, size = await in_thread(parts.threads, file.size)
        parts.observer.state_size(parts.stage, self.partition, count, size)

    async def _let_go(self) -> None:
        """Forgets what was taken and stops writing; whoever opens the partition next reads it again."""
        self.next_offset = None
        for record in self._queue:
            self._parts.observer.abandoned(self._parts.stage, record)
        self._queue.clear()
        self.queued_bytes = 0
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.stop()
        file, self._file = self._file, None
        if file is not None:
            await in_thread(self._parts.threads, file.close)

    def _failed(self, broken: Exception) -> None:
        """Says why it goes on later. Raises NotAllowedError: not even opening the partition is allowed."""
        if self.next_offset is None:
            denied = NotAllowedError.of(broken, self._parts.group)
            if denied is not None:
                raise denied from broken
        topic = self._parts.changelog_topic
        words = what_to_grant(broken, self._parts.group) or why_refused(broken, topic)
        if self._failing_since is None:
            self._failing_since = time.monotonic()
            log.warning(
                "%s cannot go on: %s. It is tried again until it can; nothing is committed",
                name_of(self.partition),
                words,
            )
        self._parts.observer.output_failing(topic, self._failing_since, words)

    def _mended(self) -> None:
        if self._failing_since is not None:
            seconds = time.monotonic() - self._failing_since
            self._failing_since = None
            self._parts.observer.output_mended(self._parts.changelog_topic, seconds)
