"""Reads, chooses, counts and deletes the records of the dead-letter topic."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from worker.brokers import Brokers
from worker.contract.coordinates import Coordinates
from worker.contract.decimals import MAX_INT32, MAX_INT64, decimal, timestamp_of
from worker.contract.headers.claimwire_headers import PREFIX, claimwire_fields
from worker.contract.headers.retry_ticket import REDRIVES, sent_again
from worker.streaming.access.client_options import client_options
from worker.streaming.record import Record
from worker.streaming.topics.window import Isolation, Selection, Window, WindowError, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = [
    "Chosen",
    "DeadLetterError",
    "DeadLetterGroup",
    "Letter",
    "original",
    "parse",
    "purge",
    "read_letters",
    "record_at",
    "summed_up",
]

EVERYTHING: Isolation = "read_uncommitted"
"""The worker uses no transactions, so an open transaction of another producer must not hide its records."""
_EXAMPLES = 3
_REASON = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MAX_TOPIC_CHARS = 300
"""A topic's name has at most 249, and `file:` with the name of a file at most 260."""
_MAX_GROUPS = 1000
_OTHERS = ("others", "other topics")
"""Reason and topic of the group that takes all letters beyond `_MAX_GROUPS` reasons and topics."""
FOREIGN = "it is no letter of the worker: it lacks our headers, or they are wrong"


class DeadLetterError(Exception):
    """Something cannot be done with the dead letters. The message says what and why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One record of the dead-letter topic. `reason` is any word, since a later version may have further reasons.

    `topic`, `partition`, `offset` and `timestamp` are the original's; `at` is the dead letter itself. `headers` are
    those that the original has when it is sent again. `redrives` counts how often the record was sent back already.
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
    def origin(self) -> Coordinates:
        return Coordinates(self.topic, self.partition, self.offset)

    @property
    def place(self) -> str:
        """Partition and offset of the dead letter, as the commands print and take them."""
        return f"{self.at.partition}:{self.at.offset}"


def parse(record: Record) -> Letter | None:
    """The letter in a record of the dead-letter topic; None for a record that the worker did not write."""
    fields = claimwire_fields(record.headers)
    reason, topic = fields.get("reason", ""), fields.get("topic", "")
    if not _REASON.fullmatch(reason) or not 0 < len(topic) <= _MAX_TOPIC_CHARS:
        return None
    try:
        return Letter(
            at=record,
            reason=reason,
            error=fields.get("error", ""),
            topic=topic,
            partition=decimal(fields["partition"], MAX_INT32),
            offset=decimal(fields["offset"], MAX_INT64),
            timestamp=timestamp_of(fields.get("timestamp", "0")),
            value_sha256=fields.get("value_sha256", ""),
            value_bytes=decimal(fields.get("value_bytes", "0"), MAX_INT32),
            value_left_out=fields.get("value_left_out") == "True",
            redrives=decimal(fields.get(REDRIVES.removeprefix(PREFIX), "0"), MAX_INT32),
            headers=tuple(sent_again(record.headers)),
        )
    except (KeyError, ValueError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Chooses dead letters; empty or None chooses all. `topics` are those that the original records were read from."""

    reasons: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    key: bytes | None = None

    def includes(self, letter: Letter) -> bool:
        return (
            (not self.reasons or letter.reason in self.reasons)
            and (not self.topics or letter.topic in self.topics)
            and (self.key is None or letter.key == self.key)
        )

    def __str__(self) -> str:
        """Equal for equal choices: a redrive keeps its progress under this text."""
        parts = [f"reason={','.join(sorted(self.reasons))}"] if self.reasons else []
        parts += [f"topic={','.join(sorted(self.topics))}"] if self.topics else []
        parts += [f"key={self.key!r}"] if self.key is not None else []
        return " ".join(parts) or "all"


async def read_letters(
    brokers: Brokers,
    window: Window,
    chosen: Chosen,
    foreign: Callable[[Coordinates], None],
    *,
    start_at: Mapping[int, int] | None = None,
) -> AsyncIterator[Letter]:
    """The chosen letters of a window, those of a partition in order. `foreign` is called with each record that the
    worker did not write.

    Raises:
        WindowError: a partition cannot be read to its end.
    """
    async with WindowReader(brokers, window, start_at=start_at, isolation=EVERYTHING) as reader:
        async for record in reader:
            letter = parse(record)
            if letter is None:
                foreign(Coordinates.of(record))
            elif chosen.includes(letter):
                yield letter


@dataclass(slots=True)
class DeadLetterGroup:
    """Dead letters of one reason whose originals came from one topic.

    `first`, `last`: times of the dead letters, in milliseconds since 1970; `size`: bytes of the original values.
    """

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


async def summed_up(
    brokers: Brokers, window: Window, chosen: Chosen, foreign: Callable[[Coordinates], None]
) -> list[DeadLetterGroup]:
    """Groups by reason and topic, the largest first. Memory does not grow with the topic.

    `foreign` is called with each record that the worker did not write.
    """
    groups: dict[tuple[str, str], DeadLetterGroup] = {}
    async for letter in read_letters(brokers, window, chosen, foreign):
        name = (letter.reason, letter.topic)
        if name not in groups and len(groups) >= _MAX_GROUPS:
            name = _OTHERS
        groups.setdefault(name, DeadLetterGroup(*name)).add(letter)
    return sorted(groups.values(), key=lambda group: -group.count)


async def record_at(brokers: Brokers, topic: str, partition: int, offset: int) -> Record:
    """One record by its coordinates.

    Raises:
        DeadLetterError: it was not written yet, or retention has deleted it.
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
    missing = Coordinates(topic, partition, offset)
    raise DeadLetterError(f"{missing} is not there: not written yet, or deleted by retention")


async def original(brokers: Brokers, letter: Letter) -> Record:
    """The original record, byte for byte; a null value was a tombstone.

    Raises:
        DeadLetterError: the value was left out of the dead letter, and the original is gone or is another record now.
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
    try:
        record = await record_at(brokers, letter.topic, letter.partition, letter.offset)
    except WindowError as missing:
        raise DeadLetterError(str(missing)) from None
    if hashlib.sha256(record.value or b"").hexdigest() != letter.value_sha256:
        raise DeadLetterError(
            f"what stands at {letter.origin} now is not what died there (its SHA-256 is another): "
            "was the topic made anew?"
        )
    return record


async def purge(brokers: Brokers, window: Window) -> dict[int, int]:
    """Deletes every record below the window's ends, for good. Returns the first offset that is left, by partition.

    Raises:
        TopicAuthorizationFailedError: the user lacks DELETE on the topic.
        DeadLetterError: the broker refuses for another reason.
    """
    wanted = {
        TopicPartition(window.topic, partition): RecordsToDelete(before_offset=bounds.end)
        for partition, bounds in window.bounds.items()
        if bounds.width
    }
    if not wanted:
        return {}
    admin = AIOKafkaAdminClient(**client_options(brokers))
    try:
        await admin.start()
        done = await admin.delete_records(wanted)
    except TopicAuthorizationFailedError:
        raise  # which right is missing is said by whoever knows the command
    except KafkaError as refused:
        raise DeadLetterError(f"{window.topic}: nothing or not all was deleted: {refused!r}") from refused
    finally:
        await admin.close()
    return {key.partition: low for key, low in done.items()}
