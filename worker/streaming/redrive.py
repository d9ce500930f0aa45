"""Dead letters sent back to where they came from: first a plan, then the sending, which can be broken off and resumed.

What has been gone through is kept in Kafka itself, as the committed offsets of a consumer group of this choice of
letters; their metadata holds the bounds that the redrive set out with. Between a sending and its commit a crash can
fall: the record in the original topic says which letter it came from, so that the next run does not send it again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from worker.contract.ids import digest
from worker.contract.own_headers import foreign
from worker.contract.retry import REDRIVEN_FROM, REDRIVES
from worker.contract.topics import LARGEST_RECORD
from worker.streaming.dead_topic import (
    EVERYTHING,
    Chosen,
    DeadLetterError,
    Letter,
    original,
    parse,
)
from worker.streaming.group_offsets import committed_offsets
from worker.streaming.window import Bounds, Selection, Window, WindowReader, fix_window

__all__ = ["Plan", "RedriveOptions", "plan", "redrive"]

_CHUNK = 100
_END = "end="

Place = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveOptions:
    """`limit`: letters sent by one call at most; `per_second`: how fast; `most_redrives`: a record that came back from
    the dead letters so often already stays there. `superseded`: send also what a newer record of its key stands behind.
    """

    brokers: str
    app_id: str
    selection: Selection
    chosen: Chosen
    limit: int = 10_000
    per_second: float = 50.0
    most_redrives: int = 3
    superseded: bool = False
    idempotent: bool = True

    @property
    def group(self) -> str:
        """Where the progress of this choice is kept."""
        words = f"{self.chosen} {self.selection.from_ms} {self.selection.to_ms}"
        return f"{self.app_id}-redrive-{digest('redrive/1', words)[:12]}"


@dataclass(slots=True)
class Plan:
    """What a redrive would do. `bounds`: what is gone through, by partition; `ends`: what the whole redrive set out for.

    `counts`: send, too_often, superseded, already (sent by a run that broke off), all by outcome. `left`: whether the
    limit stopped it before the end.
    """

    topic: str
    bounds: dict[int, Bounds]
    ends: dict[int, int]
    resumed: bool
    send: dict[Place, Letter | None] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    left: bool = False

    def note(self, outcome: str, letter: Letter) -> None:
        self.counts[outcome] += 1
        told = self.examples.setdefault(outcome, [])
        if len(told) < 3:
            told.append(f"{letter.place} from {letter.origin}")


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: Place
    topic: str
    partition: int
    offset: int
    key: bytes | None
    reason: str
    origin: str


async def plan(options: RedriveOptions) -> Plan:
    """Goes through the letters and their original topics; sends nothing.

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
    made = Plan(window.topic, bounds, ends, resumed)
    narrowed = Window(topic=window.topic, bounds=bounds, from_ms=window.from_ms, to_ms=window.to_ms)
    candidates = await _candidates(options, narrowed, made)
    for topic in sorted({each.topic for each in candidates}):
        own = [each for each in candidates if each.topic == topic]
        behind = await _behind(options, topic, own, made.topic)
        for each in own:
            outcome = behind.get(each.place, "send")
            if outcome == "superseded" and options.superseded:
                outcome = "send"
            made.counts[outcome] += 1
            if outcome == "send":
                made.send[each.place] = None
                made.by_reason[each.reason, topic] += 1
            told = made.examples.setdefault(outcome, [])
            if len(told) < 3:
                told.append(f"{each.place[0]}:{each.place[1]} from {each.origin}")
    return made


async def _candidates(options: RedriveOptions, window: Window, made: Plan) -> list[_Candidate]:
    """Chosen letters up to the limit; where that ends them, the plan's bounds shrink to what was gone through."""
    found: list[_Candidate] = []
    reached = {partition: bounds.start for partition, bounds in window.bounds.items()}
    async with WindowReader(options.brokers, window, isolation=EVERYTHING) as reader:
        async for stretch in reader.stretches():
            for record in stretch.records:
                letter = parse(record)
                if letter is None or not options.chosen.holds(letter):
                    continue
                if len(found) >= options.limit:
                    made.left = True
                    break
                reached[record.partition] = record.offset + 1
                if letter.redrives >= options.most_redrives:
                    made.note("too_often", letter)
                    continue
                found.append(
                    _Candidate(
                        (record.partition, record.offset),
                        letter.topic,
                        letter.partition,
                        letter.offset,
                        letter.key,
                        letter.reason,
                        letter.origin,
                    )
                )
            if made.left:
                break
            reached[stretch.partition] = stretch.position
    made.bounds = {partition: Bounds(bounds.start, reached[partition]) for partition, bounds in window.bounds.items()}
    return found


async def _behind(
    options: RedriveOptions, topic: str, candidates: list[_Candidate], dead_topic: str
) -> dict[Place, str]:
    """Which candidates were sent back already, and which have a newer record of their key behind them.

    A newer record that is itself a candidate supersedes nothing: both go back, in their order.
    """
    first: dict[int, int] = {}
    for each in candidates:
        first[each.partition] = min(first.get(each.partition, each.offset), each.offset)
    window = await fix_window(
        options.brokers,
        Selection(topic=topic, partitions=frozenset(first), from_offsets=first),
        isolation=EVERYTHING,
    )
    keys = {each.key for each in candidates if each.key is not None}
    own = {(each.partition, each.offset) for each in candidates}
    places = {f"{dead_topic}/{each.place[0]}/{each.place[1]}".encode(): each.place for each in candidates}
    newest: dict[tuple[int, bytes], int] = {}
    found: dict[Place, str] = {}
    async with WindowReader(options.brokers, window, isolation=EVERYTHING) as reader:
        async for record in reader:
            came_from = next((value for name, value in record.headers if name == REDRIVEN_FROM), None)
            if came_from in places:
                found[places[came_from]] = "already"
            elif record.key in keys and record.key is not None and (record.partition, record.offset) not in own:
                newest[record.partition, record.key] = record.offset
    for each in candidates:
        if each.key is not None and newest.get((each.partition, each.key), -1) > each.offset:
            found.setdefault(each.place, "superseded")
    return found


async def redrive(options: RedriveOptions, made: Plan, told: Callable[[int], None]) -> Counter[str]:
    """Sends what was planned, each to its original topic and partition, and keeps the progress. Counts of sent and gone.

    `told` hears how many were sent, now and then. A record goes to its original partition, behind all that its key had.

    Raises:
        DeadLetterError: the broker refuses; what was sent until then is counted as gone through.
        WindowError: the dead letters cannot be read.
    """
    counts: Counter[str] = Counter()
    window = Window(topic=made.topic, bounds=made.bounds)
    producer = AIOKafkaProducer(
        bootstrap_servers=options.brokers,
        acks="all",
        enable_idempotence=options.idempotent,
        max_request_size=LARGEST_RECORD,
    )
    progress = _Progress(options, made)
    await producer.start()
    try:
        await progress.start()
        began = time.monotonic()
        async with WindowReader(options.brokers, window, isolation=EVERYTHING) as reader:
            async for stretch in reader.stretches(max_records=_CHUNK):
                for record in stretch.records:
                    letter = parse(record)
                    if letter is None or (record.partition, record.offset) not in made.send:
                        continue
                    counts[await _send(producer, options, letter, made.topic)] += 1
                    await progress.at(record.partition, record.offset + 1)
                    await asyncio.sleep(max(0.0, began + counts["sent"] / options.per_second - time.monotonic()))
                await progress.at(stretch.partition, stretch.position)
                told(counts["sent"])
        await progress.save()
    except KafkaError as refused:
        raise DeadLetterError(
            f"stopped after {counts['sent']} sent: {refused!r}; the same command goes on"
        ) from refused
    finally:
        await progress.stop()
        await producer.stop()
    return counts


async def _send(producer: AIOKafkaProducer, options: RedriveOptions, letter: Letter, dead_topic: str) -> str:
    try:
        record = await original(options.brokers, letter)
    except DeadLetterError:
        return "gone"
    headers = [
        *foreign(record.headers),
        (REDRIVES, str(letter.redrives + 1).encode()),
        (REDRIVEN_FROM, f"{dead_topic}/{letter.at.partition}/{letter.at.offset}".encode()),
    ]
    await producer.send_and_wait(
        letter.topic, value=record.value, key=record.key, partition=letter.partition, headers=headers
    )
    return "sent"


async def _progress(options: RedriveOptions, window: Window) -> dict[int, tuple[int, int]]:
    """By partition, how far an earlier redrive of this choice went, and for which end it had set out."""
    keys = [TopicPartition(window.topic, partition) for partition in window.bounds]
    committed = await committed_offsets(options.brokers, options.group, keys)
    return {
        key.partition: (offset, int(metadata.removeprefix(_END)))
        for key, (offset, metadata) in committed.items()
        if metadata.startswith(_END)
    }


class _Progress:
    """Commits how far a redrive went; a commit says nothing about letters that are not acknowledged."""

    def __init__(self, options: RedriveOptions, made: Plan) -> None:
        self._topic, self._ends = made.topic, made.ends
        self._at = {partition: bounds.start for partition, bounds in made.bounds.items()}
        self._saved: Mapping[int, int] = {}
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=options.brokers, group_id=options.group, enable_auto_commit=False
        )

    async def start(self) -> None:
        await self._consumer.start()
        self._consumer.assign(self._keys(self._at))
        await self.save()

    async def at(self, partition: int, offset: int) -> None:
        self._at[partition] = max(self._at[partition], offset)
        if sum(self._at.values()) - sum(self._saved.values()) >= _CHUNK:
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
