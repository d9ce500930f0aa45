"""Copies the changelog of one partition into its state file, up to a mark that was just written behind all else.

The mark, not the end offset, says where the copy is whole: end offsets count markers of transactions and compacted
records that are never seen, and some brokers report them wrongly.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from worker.streaming.consume.client import missing_topic
from worker.streaming.outcome import Output
from worker.streaming.record import name_of
from worker.streaming.stateful.in_thread import in_thread
from worker.streaming.stateful.state_file import Change, StateFile
from worker.streaming.stateful.transactions import Writer

__all__ = [
    "LAYOUT_KEY",
    "LAYOUT_NOTE",
    "LOG_HEADER",
    "MARK_KEY",
    "Changelog",
    "ChangelogError",
    "ChangelogReader",
    "Layout",
    "MissingTopicError",
    "is_own",
]

log = logging.getLogger("claimwire.state")

MARKS = b"\x00claimwire."
"""Keys that begin so are the changelog's own records; no article's uri begins with a null character."""
MARK_KEY = MARKS + b"mark"
LAYOUT_KEY = MARKS + b"layout"
_STALE_COPY_MS = 12 * 3600 * 1000
"""A copy that is older is made anew: compaction may have removed tombstones (delete.retention.ms, a day by default)
that it missed.
"""
_SILENT_S = 60.0
_SAY_S = 10.0
LAYOUT_NOTE = "layout"
LOG_HEADER = "claimwire_log"
"""Header of the first state of each transaction: the log that it was written to."""
_MAX_RECORDS = 5000


class ChangelogError(Exception):
    """The changelog cannot be read to its end: says which partition and why."""


class MissingTopicError(KafkaError):
    """A topic that is needed is not there."""

    def __init__(self, topic: str) -> None:
        super().__init__(missing_topic(topic))
        self.topic = topic

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True)
class Layout:
    """What the states of a partition were made for; a record of the changelog itself.

    `log_id` is another one when the topic is made anew; the numbers of partitions decide where a key belongs.
    """

    log_id: str
    partitions: int
    claims_partitions: int

    @classmethod
    def new(cls, partitions: int, claims_partitions: int) -> Layout:
        return cls(uuid.uuid4().hex, partitions, claims_partitions)

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, value: bytes | None) -> Layout | None:
        """None for what is no layout."""
        try:
            told = json.loads(value or b"")
            return cls(str(told["log_id"]), int(told["partitions"]), int(told["claims_partitions"]))
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Changelog:
    """What was read: `records` states in it in all, whether it had any, and its layout if it has one."""

    layout: Layout | None
    empty: bool
    read: int


def is_own(key: bytes | None) -> bool:
    """Whether a key of the changelog is no state's."""
    return key is None or key.startswith(MARKS)


class ChangelogReader:
    """`newer` decides between the state that the copy has and one that comes later in the log: an older owner of an
    earlier release may have written behind a newer one, and the older state must not win.
    """

    def __init__(
        self,
        partition: TopicPartition,
        consumer_options: dict[str, Any],
        *,
        wins: Callable[[bytes | None, bytes | None], bool],
        threads: Executor,
    ) -> None:
        self._partition, self._options = partition, consumer_options
        self._wins, self._threads = wins, threads

    async def copy(self, writer: Writer, file: StateFile) -> Changelog:
        """Brings `file` up to date. `writer` was started before: nobody else can write to the partition any more.

        Raises:
            ChangelogError: nothing came for a minute though the mark was not reached.
            KafkaError: reading failed.
        """
        mark = uuid.uuid4().hex.encode()
        output = Output(self._partition.topic, MARK_KEY, mark, [], self._partition.partition)
        (mark_offset,) = await writer.write([output], None)
        start = await in_thread(self._threads, _place, file)
        consumer = AIOKafkaConsumer(**self._options)
        try:
            await consumer.start()
            consumer.assign([self._partition])
            beginning = (await consumer.beginning_offsets([self._partition]))[self._partition]
            if start is None or not beginning <= start <= mark_offset:
                start = beginning
                await in_thread(self._threads, file.clear)
            while True:
                consumer.seek(self._partition, start)
                await in_thread(self._threads, file.copying, whole=start == beginning)
                found = await self._read(consumer, mark, file)
                await in_thread(self._threads, file.copying, whole=False)
                if found is not None:
                    return found
                log.warning("%s is another log than the one that was copied: it is read anew", name_of(self._partition))
                start = beginning
                await in_thread(self._threads, file.clear)
        finally:
            await consumer.stop()

    async def _read(self, consumer: AIOKafkaConsumer, mark: bytes, file: StateFile) -> Changelog | None:
        """None where the records are of another log than those in the file."""
        layout = Layout.decode((await in_thread(self._threads, file.place, LAYOUT_NOTE) or "").encode())
        read, said = 0, time.monotonic()
        while True:
            rows = await self._next(consumer)
            layout, other = _layout_after(layout, rows)
            if other:
                return None
            states = [row for row in rows if not is_own(row.key)]
            read += len(states)
            notes = {LAYOUT_NOTE: layout.encode().decode()} if layout else {}
            await in_thread(self._threads, self._apply, file, states, rows[-1].offset + 1, notes)
            if any(row.key == MARK_KEY and row.value == mark for row in rows):
                count, _ = await in_thread(self._threads, file.size)
                return Changelog(layout, empty=count == 0 and read == 0, read=read)
            if time.monotonic() - said > _SAY_S:
                said = time.monotonic()
                log.info("%s: %d states read so far", name_of(self._partition), read)

    async def _next(self, consumer: AIOKafkaConsumer) -> list[ConsumerRecord]:
        """The records that come next, at least one. Raises ChangelogError."""
        begun = time.monotonic()
        while time.monotonic() - begun < _SILENT_S:
            try:
                fetched = await consumer.getmany(self._partition, timeout_ms=500, max_records=_MAX_RECORDS)
            except OffsetOutOfRangeError as gone:
                raise ChangelogError(f"{name_of(self._partition)}: records went while they were read: {gone}") from gone
            if rows := list(fetched.get(self._partition, ())):
                return rows
        raise ChangelogError(
            f"{name_of(self._partition)}: nothing was read for {_SILENT_S:g}s although its end was not reached"
        )

    def _apply(self, file: StateFile, rows: Sequence[ConsumerRecord], position: int, notes: Mapping[str, str]) -> None:
        before = file.get(row.key for row in rows)
        changes: dict[bytes, Change] = {}
        for row in rows:
            known = changes[row.key].value if row.key in changes else before.get(row.key)
            if self._wins(row.value, known):
                changes[row.key] = Change(row.value, seen_ms=row.timestamp)
        file.apply(changes, position, notes)


def _layout_after(known: Layout | None, rows: Sequence[ConsumerRecord]) -> tuple[Layout | None, bool]:
    """The layout after some records, and whether they are of another log than the one that is known."""
    for row in rows:
        if row.key == LAYOUT_KEY and (layout := Layout.decode(row.value)) is not None:
            if known is not None and known.log_id != layout.log_id:
                return known, True
            known = layout
        elif known is not None:
            log_id = known.log_id.encode()
            if any(name == LOG_HEADER and value != log_id for name, value in row.headers):
                return known, True
    return known, False


def _place(file: StateFile) -> int | None:
    written = file.written_ms
    if written is None or not file.complete or time.time() * 1000 - written > _STALE_COPY_MS:
        return None
    return file.position
