"""The dead letters as they stand in their topic: reading, choosing, counting, removing."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError

from worker.contract.own_headers import PREFIX, foreign, own
from worker.contract.retry import REDRIVES
from worker.streaming.record import Record
from worker.streaming.window import Isolation, Selection, Window, WindowReader, fix_window

__all__ = [
    "Chosen",
    "DeadLetterError",
    "Group",
    "Letter",
    "original",
    "parse",
    "purge",
    "read_letters",
    "record_at",
    "summed_up",
]

EVERYTHING: Isolation = "read_uncommitted"
"""The worker reads and writes without transactions: what it wrote is there, whatever transactions of others do."""
_EXAMPLES = 3


class DeadLetterError(Exception):
    """Something asked of the dead letters cannot be done; says what and why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One record of the dead-letter topic, read leniently: a later version may know reasons that this one does not.

    `topic`, `partition`, `offset` and `timestamp` are the original's; `at` is the dead letter itself. `headers` are the
    original's own. `redrives` counts how often the record was sent back already.
    """

    at: Record
    reason: str
    error: str
    topic: str
    partition: int
    offset: int
    timestamp: int
    value_sha256: str
    value_bytes: int
    value_left_out: bool
    redrives: int
    headers: tuple[tuple[str, bytes], ...]

    @property
    def key(self) -> bytes | None:
        return self.at.key

    @property
    def origin(self) -> str:
        return f"{self.topic}[{self.partition}]@{self.offset}"

    @property
    def place(self) -> str:
        """How the commands name a dead letter."""
        return f"{self.at.partition}:{self.at.offset}"


def parse(record: Record) -> Letter | None:
    """The letter in a record of the dead-letter topic; None when somebody else wrote it."""
    told = own(record.headers)
    try:
        return Letter(
            at=record,
            reason=told["reason"],
            error=told.get("error", ""),
            topic=told["topic"],
            partition=int(told["partition"]),
            offset=int(told["offset"]),
            timestamp=int(told.get("timestamp", "0")),
            value_sha256=told.get("value_sha256", ""),
            value_bytes=int(told.get("value_bytes", "0")),
            value_left_out=told.get("value_left_out") == "True",
            redrives=int(told.get(REDRIVES.removeprefix(PREFIX), "0")),
            headers=tuple(foreign(record.headers)),
        )
    except (KeyError, ValueError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which dead letters are meant; what is empty or None chooses all. `topics` are those that the records came from."""

    reasons: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    key: bytes | None = None

    def holds(self, letter: Letter) -> bool:
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (not self.topics or letter.topic in self.topics)
            and (self.key is None or letter.key == self.key)
        )

    def __str__(self) -> str:
        """The same choice gives the same words: they name the progress of a redrive."""
        parts = [f"reason={','.join(sorted(self.reasons))}"] if self.reasons else []
        parts += [f"topic={','.join(sorted(self.topics))}"] if self.topics else []
        parts += [f"key={self.key!r}"] if self.key is not None else []
        return " ".join(parts) or "all"


async def read_letters(
    brokers: str, window: Window, chosen: Chosen, *, start_at: Mapping[int, int] | None = None
) -> AsyncIterator[Letter]:
    """The chosen letters of a window, in the order of their partitions. Records of others are passed by.

    Raises:
        WindowError: a partition cannot be read to its end.
    """
    async with WindowReader(brokers, window, start_at=start_at, isolation=EVERYTHING) as reader:
        async for record in reader:
            letter = parse(record)
            if letter is not None and chosen.holds(letter):
                yield letter


@dataclass(slots=True)
class Group:
    """Dead letters of one reason that came from one topic. Times are those of the dead letters, in ms."""

    reason: str
    topic: str
    count: int = 0
    size: int = 0
    first: int = 0
    last: int = 0
    examples: list[Letter] = field(default_factory=list)

    def add(self, letter: Letter) -> None:
        at = letter.at.timestamp
        self.first = min(self.first, at) if self.count else at
        self.last = max(self.last, at)
        self.count += 1
        self.size += letter.value_bytes
        if len(self.examples) < _EXAMPLES:
            self.examples.append(letter)


async def summed_up(brokers: str, window: Window, chosen: Chosen) -> list[Group]:
    """Counts by reason and topic, the largest first; memory does not grow with the topic."""
    groups: dict[tuple[str, str], Group] = {}
    async for letter in read_letters(brokers, window, chosen):
        name = (letter.reason, letter.topic)
        groups.setdefault(name, Group(*name)).add(letter)
    return sorted(groups.values(), key=lambda group: -group.count)


async def record_at(brokers: str, topic: str, partition: int, offset: int) -> Record:
    """One record by its coordinates.

    Raises:
        DeadLetterError: there is none (any more).
        WindowError: there is no such topic or partition.
    """
    window = await fix_window(
        brokers,
        Selection(
            topic=topic,
            partitions=frozenset({partition}),
            from_offsets={partition: offset},
            to_offsets={partition: offset + 1},
        ),
        isolation=EVERYTHING,
    )
    async with WindowReader(brokers, window, isolation=EVERYTHING) as reader:
        async for record in reader:
            if record.offset == offset:
                return record
    raise DeadLetterError(f"{topic}[{partition}]@{offset} is not there: not written yet, or deleted by retention")


async def original(brokers: str, letter: Letter) -> Record:
    """The record as it was read, byte for byte; a null value was a tombstone.

    Raises:
        DeadLetterError: its value was left out of the dead letter, and the original is gone or another one.
    """
    if not letter.value_left_out:
        return Record(
            letter.topic,
            letter.partition,
            letter.offset,
            letter.timestamp,
            letter.key,
            letter.at.value,
            letter.headers,
        )
    stood = await record_at(brokers, letter.topic, letter.partition, letter.offset)
    if hashlib.sha256(stood.value or b"").hexdigest() != letter.value_sha256:
        raise DeadLetterError(
            f"what stands at {letter.origin} now is not what died there (its SHA-256 is another): was the topic made anew?"
        )
    return stood


async def purge(brokers: str, window: Window) -> dict[int, int]:
    """Deletes every record below the window's ends, for good. Returns the first offset left by partition.

    Raises:
        DeadLetterError: the broker refuses.
    """
    wanted = {
        TopicPartition(window.topic, partition): RecordsToDelete(before_offset=bounds.end)
        for partition, bounds in window.bounds.items()
        if bounds.width
    }
    if not wanted:
        return {}
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    try:
        await admin.start()
        done = await admin.delete_records(wanted)
    except KafkaError as refused:
        raise DeadLetterError(f"{window.topic}: nothing or not all was deleted: {refused!r}") from refused
    finally:
        await admin.close()
    return {key.partition: low for key, low in done.items()}
