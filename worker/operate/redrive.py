"""Sends dead letters back to the topics they came from: first a plan, then the sending, which can be resumed.

The progress is kept in Kafka, as committed offsets of a consumer group for this choice of letters; the metadata of a
commit holds the end that the redrive was planned for. A crash can fall between a sending and its commit: the record in
the original topic names its dead letter in a header, so the next run does not send it again.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from worker.brokers import Brokers
from worker.consumer_groups import redrive_group
from worker.contract.coordinates import Coordinates
from worker.contract.headers.retry_ticket import REDRIVEN_FROM, REDRIVES, sent_again
from worker.contract.ids import digest
from worker.contract.topics import LARGEST_RECORD
from worker.operate.dead_letters import (
    EVERYTHING,
    Chosen,
    DeadLetterError,
    Letter,
    original,
    parse,
)
from worker.streaming.access.client_options import client_options
from worker.streaming.outcome import Output
from worker.streaming.publish.queueing import queued
from worker.streaming.record import Record
from worker.streaming.topics.admin import existing_topics
from worker.streaming.topics.offset_reader import committed_offsets
from worker.streaming.topics.window import Bounds, Selection, Window, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["RedriveOptions", "RedrivePlan", "plan_redrive", "redrive"]

_COMMIT_EVERY = 100
"""Offsets between two commits."""
_END = "end="
_EXAMPLES = 3

Place = tuple[int, int]
"""Partition and offset of a dead letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveOptions:
    """`limit`: letters that one call sends at most; `per_second`: the rate; `max_redrives`: a record that was sent back
    this often already stays in the dead letters. `superseded`: also send records that have a newer one of their key.
    `targets`: the topics that letters are sent back to; whoever can write a letter must not choose any other.
    """

    brokers: Brokers
    installation: str
    selection: Selection
    chosen: Chosen
    targets: frozenset[str]
    limit: int = 10_000
    per_second: float = 50.0
    max_redrives: int = 3
    superseded: bool = False
    idempotent: bool = True

    @property
    def group(self) -> str:
        """The consumer group that keeps the progress of this choice."""
        words = f"{self.chosen} {self.selection.from_ms} {self.selection.to_ms}"
        return redrive_group(self.installation, digest("redrive/1", words)[:12])


@dataclass(slots=True)
class RedrivePlan:
    """`bounds`: the offsets of the dead letters that this run goes through; `ends`: where the whole redrive ends.

    `counts` by decision: send, too_often, superseded, already (sent by a run that broke off), elsewhere (from another
    topic, or from a partition that is not there), foreign (no letter). `left`: the limit stopped the plan before the
    end.
    """

    topic: str
    bounds: dict[int, Bounds]
    ends: dict[int, int]
    resumed: bool
    send: set[Place] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    left: bool = False

    def note(self, decision: str, place: Place, origin: Coordinates | None) -> None:
        self.counts[decision] += 1
        examples = self.examples.setdefault(decision, [])
        if len(examples) < _EXAMPLES:
            examples.append(f"{place[0]}:{place[1]}" + (f" from {origin}" if origin else ""))


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: Place
    origin: Coordinates
    key: bytes | None
    reason: str
    value_sha256: str

    def is_in(self, record: Record) -> bool:
        """The record has this letter's key (unless the letter lacks it) and value: one that only names the letter can
        come from anybody.
        """
        return self.key in (None, record.key) and hashlib.sha256(record.value or b"").hexdigest() == self.value_sha256


async def plan_redrive(options: RedriveOptions) -> RedrivePlan:
    """Reads the letters and their original topics, and decides on each letter; sends nothing.

    Raises:
        WindowError, DeadLetterError: a topic is not there or cannot be read.
    """
    window = await fix_window(options.brokers, options.selection, isolation=EVERYTHING)
    saved = await _progress(options, window)
    bounds, ends = {}, {}
    resumed = any(offset < end for offset, end in saved.values())
    for partition, whole in window.bounds.items():
        offset, end = saved.get(partition, (whole.start, whole.end))
        ends[partition] = min(end, whole.end) if resumed else whole.end
        start = max(whole.start, offset)
        bounds[partition] = Bounds(start, max(start, ends[partition]))
    planned = RedrivePlan(window.topic, bounds, ends, resumed)
    narrowed = Window(topic=window.topic, bounds=bounds, from_ms=window.from_ms, to_ms=window.to_ms)
    candidates = await _candidates(options, narrowed, planned)
    for topic in sorted({each.origin.topic for each in candidates}):
        own = [each for each in candidates if each.origin.topic == topic]
        decided = await _already_or_superseded(options, topic, own, planned.topic)
        for each in own:
            decision = decided.get(each.place, "send")
            if decision == "superseded" and options.superseded:
                decision = "send"
            planned.note(decision, each.place, each.origin)
            if decision == "send":
                planned.send.add(each.place)
                planned.by_reason[each.reason, topic] += 1
    return planned


async def _candidates(options: RedriveOptions, window: Window, planned: RedrivePlan) -> list[_Candidate]:
    """The chosen letters up to the limit. The plan's bounds then end where the reading stopped."""
    candidates: list[_Candidate] = []
    partitions = await existing_topics(options.brokers, options.targets)
    reached = {partition: bounds.start for partition, bounds in window.bounds.items()}
    async with WindowReader(options.brokers, window, isolation=EVERYTHING) as reader:
        async for stretch in reader.stretches():
            for record in stretch.records:
                letter, place = parse(record), (record.partition, record.offset)
                if letter is None:
                    planned.note("foreign", place, None)
                    continue
                if not options.chosen.includes(letter):
                    continue
                if len(candidates) >= options.limit:
                    planned.left = True
                    break
                reached[record.partition] = record.offset + 1
                refused = _refused(options, letter, partitions)
                if refused:
                    planned.note(refused, place, letter.origin)
                    continue
                candidates.append(_Candidate(place, letter.origin, letter.key, letter.reason, letter.value_sha256))
            if planned.left:
                break
            reached[stretch.partition] = stretch.position
    planned.bounds = {
        partition: Bounds(bounds.start, reached[partition]) for partition, bounds in window.bounds.items()
    }
    return candidates


def _refused(options: RedriveOptions, letter: Letter, partitions: Mapping[str, int]) -> str | None:
    """The decision on a letter that is not sent, whatever is in its topic; None: it may be sent."""
    if letter.topic not in options.targets or letter.partition >= partitions.get(letter.topic, 0):
        return "elsewhere"
    return "too_often" if letter.redrives >= options.max_redrives else None


async def _already_or_superseded(
    options: RedriveOptions, topic: str, candidates: list[_Candidate], dead_topic: str
) -> dict[Place, str]:
    """`already` for candidates that were sent back, `superseded` for those with a newer record of their key.

    A newer record that is itself a candidate supersedes nothing: both go back, in their order.
    """
    first: dict[int, int] = {}
    for each in candidates:
        raw = each.origin
        first[raw.partition] = min(first.get(raw.partition, raw.offset), raw.offset)
    window = await fix_window(
        options.brokers,
        Selection(topic=topic, partitions=frozenset(first), from_offsets=first),
        isolation=EVERYTHING,
    )
    keys = {each.key for each in candidates if each.key is not None}
    own = {(each.origin.partition, each.origin.offset) for each in candidates}
    named = {_letter_name(dead_topic, *each.place): each for each in candidates}
    newest: dict[tuple[int, bytes], int] = {}
    decided: dict[Place, str] = {}
    async with WindowReader(options.brokers, window, isolation=EVERYTHING) as reader:
        async for record in reader:
            came_from = next((value for name, value in record.headers if name == REDRIVEN_FROM), None)
            letter = named.get(came_from) if came_from is not None else None
            if letter is not None and letter.is_in(record):
                decided[letter.place] = "already"
            elif record.key in keys and record.key is not None and (record.partition, record.offset) not in own:
                newest[record.partition, record.key] = record.offset
    for each in candidates:
        if each.key is not None and newest.get((each.origin.partition, each.key), -1) > each.origin.offset:
            decided.setdefault(each.place, "superseded")
    return decided


async def redrive(options: RedriveOptions, planned: RedrivePlan, sent: Callable[[int], None]) -> Counter[str]:
    """Sends the planned letters to the ends of their original partitions, and commits the progress.

    `sent` is called with the number of letters sent so far. Returns the counts of `sent` and of `gone`: letters whose
    value was left out and whose original cannot be read any more.

    Raises:
        DeadLetterError: the broker refuses; the letters sent until then are not sent again.
        WindowError: the dead letters cannot be read.
    """
    counts: Counter[str] = Counter()
    window = Window(topic=planned.topic, bounds=planned.bounds)
    producer = AIOKafkaProducer(
        **client_options(options.brokers),
        acks="all",
        enable_idempotence=options.idempotent,
        max_request_size=LARGEST_RECORD,
    )
    progress = _RedriveProgress(options, planned)
    await producer.start()
    try:
        await progress.start()
        began = time.monotonic()
        async with WindowReader(options.brokers, window, isolation=EVERYTHING) as reader:
            async for stretch in reader.stretches(max_records=_COMMIT_EVERY):
                for record in stretch.records:
                    letter = parse(record)
                    if letter is None or (record.partition, record.offset) not in planned.send:
                        continue
                    counts[await _send(producer, options, letter, planned.topic)] += 1
                    await progress.advance(record.partition, record.offset + 1)
                    await asyncio.sleep(max(0.0, began + counts["sent"] / options.per_second - time.monotonic()))
                await progress.advance(stretch.partition, stretch.position)
                sent(counts["sent"])
        await progress.save()
    except KafkaError as refused:
        raise DeadLetterError(
            f"stopped after {counts['sent']} sent: {refused!r}; the same command goes on"
        ) from refused
    finally:
        await progress.stop()
        await producer.stop()
    return counts


def _letter_name(dead_topic: str, partition: int, offset: int) -> bytes:
    """The value of the header that a record carries which was sent back."""
    return Coordinates(dead_topic, partition, offset).source.removeprefix("/").encode()


async def _send(producer: AIOKafkaProducer, options: RedriveOptions, letter: Letter, dead_topic: str) -> str:
    try:
        record = await original(options.brokers, letter)
    except DeadLetterError:
        return "gone"
    headers = [
        *sent_again(record.headers),
        (REDRIVES, str(letter.redrives + 1).encode()),
        (REDRIVEN_FROM, _letter_name(dead_topic, letter.at.partition, letter.at.offset)),
    ]
    await (await queued(producer, Output(letter.topic, record.key, record.value, headers, letter.partition)))
    return "sent"


async def _progress(options: RedriveOptions, window: Window) -> dict[int, tuple[int, int]]:
    """By partition: the offset that an earlier redrive of this choice reached, and the end it was planned for."""
    keys = [TopicPartition(window.topic, partition) for partition in window.bounds]
    committed = await committed_offsets(options.brokers, options.group, keys)
    return {
        key.partition: (offset, int(metadata.removeprefix(_END)))
        for key, (offset, metadata) in committed.items()
        if metadata.startswith(_END)
    }


class _RedriveProgress:
    """Commits how far a redrive went: only over letters whose sending the broker has acknowledged."""

    def __init__(self, options: RedriveOptions, planned: RedrivePlan) -> None:
        self._topic, self._ends = planned.topic, planned.ends
        self._at = {partition: bounds.start for partition, bounds in planned.bounds.items()}
        self._saved: Mapping[int, int] = {}
        self._consumer = AIOKafkaConsumer(
            **client_options(options.brokers), group_id=options.group, enable_auto_commit=False
        )

    async def start(self) -> None:
        await self._consumer.start()
        self._consumer.assign(self._keys(self._at))
        await self.save()

    async def advance(self, partition: int, offset: int) -> None:
        self._at[partition] = max(self._at[partition], offset)
        if sum(self._at.values()) - sum(self._saved.values()) >= _COMMIT_EVERY:
            await self.save()

    async def save(self) -> None:
        await self._consumer.commit(
            {TopicPartition(self._topic, p): (offset, f"{_END}{self._ends[p]}") for p, offset in self._at.items()}
        )
        self._saved = dict(self._at)

    async def stop(self) -> None:
        await self._consumer.stop()

    def _keys(self, partitions: Iterable[int]) -> list[TopicPartition]:
        return [TopicPartition(self._topic, p) for p in partitions]
