"""Retracts claims that no version of their article makes any more, beside a running worker.

Each partition of articles.extracted is repaired behind the lifecycle's own fence: a producer with the partition's
transactional id. From its start on no lifecycle can write claims of the partition's articles. Only then is the
comparison repeated, and the retractions are one transaction. If the lifecycle opens the partition in between, that
transaction fails as a whole and the partition is tried again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.partitioner import DefaultPartitioner

from worker.brokers import Brokers
from worker.consumer_groups import lifecycle_group
from worker.contract.claim import ClaimStatus
from worker.contract.coordinates import Coordinates
from worker.contract.headers.cloud_events import CLAIM_TYPE, TOMBSTONE_TYPE, cloud_event
from worker.contract.topics import Topics
from worker.operate.article_audit import UNSUPPORTED, ClaimFinding, Wrong
from worker.operate.claims_audit import ClaimsAudit
from worker.publishers import fenced_writer
from worker.settings import Settings
from worker.streaming.access.client_options import client_options
from worker.streaming.backoff import Backoff
from worker.streaming.outcome import Output
from worker.streaming.record import Record
from worker.streaming.stateful.transactions import FencedOutError, TransactionalWriter

__all__ = ["Repair", "RepairError", "repair", "retractions"]

log = logging.getLogger("claimwire.repair")

PIPELINE = "audit"
"""`provenance.pipeline` of the retractions that the audit writes."""
_TRIES = 8
_MAX_AT_ONCE = 500
_TAIL_S = 30.0


class RepairError(Exception):
    """Nothing can be repaired: says why."""


@dataclass(slots=True)
class Repair:
    """`retracted`: claims whose retraction was written. `changed`: claims whose article or record changed since the
    audit.

    `busy`: claims left as they are since the lifecycle opened their partition again and again.
    """

    retracted: list[ClaimFinding] = field(default_factory=list)
    changed: list[ClaimFinding] = field(default_factory=list)
    busy: list[ClaimFinding] = field(default_factory=list)


async def repair(
    settings: Settings, audit: ClaimsAudit, findings: Iterable[ClaimFinding], *, unknown_articles: bool = False
) -> Repair:
    """Retracts the claims of `findings`, made by `audit`, that are asserted without support. Others are passed by.

    `unknown_articles`: also those whose article neither articles.extracted nor articles.live has.

    Raises:
        RepairError: the broker has no transactions (the setting idempotent_producer is off).
        WindowError: a topic is not there or cannot be read to its end.
        KafkaError: the brokers do not answer or refuse.
    """
    if not settings.idempotent_producer:
        raise RepairError(
            "retractions are written in a transaction, which fences out the lifecycle meanwhile; with "
            "idempotent_producer off there are none. Nothing was written"
        )
    wanted = UNSUPPORTED | {Wrong.UNKNOWN_ARTICLE} if unknown_articles else UNSUPPORTED
    topics, done = Topics.with_prefix(settings.topic_prefix), Repair()
    partitions = sorted(audit.ends[topics.extracted])
    by_partition: defaultdict[int, list[ClaimFinding]] = defaultdict(list)
    for finding in findings:
        if finding.wrong in wanted and finding.claim is not None:
            by_partition[_partition_of(finding, topics, partitions)].append(finding)
    for partition, some in sorted(by_partition.items()):
        for start in range(0, len(some), _MAX_AT_ONCE):
            await _Partition(settings, topics, audit, partition).repair(some[start : start + _MAX_AT_ONCE], done)
    return done


def _partition_of(finding: ClaimFinding, topics: Topics, partitions: Sequence[int]) -> int:
    """The partition of articles.extracted whose lifecycle writes the article's claims: states have the same number."""
    if finding.support is not None and finding.support.topic in (topics.extracted, topics.live):
        return finding.support.partition
    return int(DefaultPartitioner()(finding.uri.encode("utf-8", "replace"), list(partitions), list(partitions)))


class _Tail:
    """The keys of the records that came into some topics since the audit read them.

    Its clients stay connected: the lifecycle of a busy partition opens it again a tenth of a second after it was fenced
    out, and by then the end must have been read and the retractions written.
    """

    def __init__(self, brokers: Brokers, ends: Mapping[TopicPartition, int]) -> None:
        self._ends = dict(ends)
        options: dict[str, Any] = {
            **client_options(brokers),
            "enable_auto_commit": False,
            "auto_offset_reset": "none",
        }
        self._reader = AIOKafkaConsumer(**options, isolation_level="read_committed", fetch_max_wait_ms=20)
        self._asker = AIOKafkaConsumer(**options, isolation_level="read_uncommitted")
        self.keys: dict[str, set[str]] = {key.topic: set() for key in ends}
        """By topic, those of the wanted keys that were seen."""

    async def __aenter__(self) -> Self:
        await self._asker.start()
        await self._reader.start()
        self._reader.assign(list(self._ends))
        for partition, offset in self._ends.items():
            self._reader.seek(partition, offset)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._reader.stop()
        await self._asker.stop()

    async def read(self, wanted: frozenset[str]) -> None:
        """Up to the present end, transactions that are open now included.

        Raises:
            RepairError: the end was not reached within half a minute.
            KafkaError: reading failed.
        """
        try:
            async with asyncio.timeout(_TAIL_S):
                ends = await self._asker.end_offsets(list(self._ends))
                while [key for key in ends if await self._reader.position(key) < ends[key]]:
                    fetched = await self._reader.getmany(timeout_ms=20, max_records=2000)
                    for partition, rows in fetched.items():
                        keys = {(row.key or b"").decode("utf-8", "replace") for row in rows}
                        self.keys[partition.topic] |= keys & wanted
        except TimeoutError as late:
            raise RepairError(f"what came in since the audit was not read within {_TAIL_S:g}s: run it again") from late


class _Partition:
    """Repairs claims of the articles of one partition of articles.extracted."""

    def __init__(self, settings: Settings, topics: Topics, audit: ClaimsAudit, partition: int) -> None:
        self._settings, self._topics, self._partition = settings, topics, partition
        watched = (topics.extracted, topics.claims)
        self._ends = {TopicPartition(topic, p): end for topic in watched for p, end in audit.ends[topic].items()}

    async def repair(self, findings: Sequence[ClaimFinding], done: Repair) -> None:
        """Raises RepairError, KafkaError."""
        async with _Tail(self._settings.kafka, self._ends) as tail:
            left = await self._unchanged(tail, findings, done)
            if not left:
                return
            records = await _records_at(self._settings.kafka, [f.claim for f in left if f.claim is not None])
            backoff = Backoff(0.1, 3.0)
            for _ in range(_TRIES):
                # most of what came since is read before the lifecycle must wait
                left = await self._unchanged(tail, left, done)
                if not left:
                    return
                try:
                    done.retracted += await self._written(tail, left, records, done)
                except FencedOutError:
                    topic, partition = self._topics.extracted, self._partition
                    log.info("The lifecycle opened %s[%d] meanwhile: tried again", topic, partition)
                    await asyncio.sleep(backoff.next_s())
                else:
                    return
            done.busy += left

    async def _written(
        self,
        tail: _Tail,
        findings: Sequence[ClaimFinding],
        records: Mapping[Coordinates | None, Record],
        done: Repair,
    ) -> list[ClaimFinding]:
        """Those whose retraction was written. Raises FencedOutError: nothing was."""
        writer = self._writer()
        try:
            await writer.start()  # from here on the lifecycle cannot write claims of these articles
            changed = Repair()
            left = await self._unchanged(tail, findings, changed)
            outputs = [output for f in left for output in retractions(records[f.claim], f, self._topics)]
            if outputs:
                await writer.write(outputs, None)
        finally:
            await writer.stop()
        done.changed += changed.changed
        return left

    async def _unchanged(self, tail: _Tail, findings: Sequence[ClaimFinding], done: Repair) -> list[ClaimFinding]:
        await tail.read(frozenset(f.uri for f in findings) | frozenset(f.claim_id for f in findings))
        articles, claims = tail.keys[self._topics.extracted], tail.keys[self._topics.claims]
        left: list[ClaimFinding] = []
        for finding in findings:
            changed = finding.uri in articles or finding.claim_id in claims
            (done.changed if changed else left).append(finding)
        return left

    def _writer(self) -> TransactionalWriter:
        where = TopicPartition(self._topics.extracted, self._partition)
        return fenced_writer(self._settings, where, f"{lifecycle_group(self._settings.installation)}-audit")


def retractions(record: Record, finding: ClaimFinding, topics: Topics) -> list[Output]:
    """The events that end a claim: its next revision, retracted; after a deletion also its tombstone.

    `provenance` says `audit`, and names the raw record of the article's youngest version.
    """
    claim: dict[str, Any] = orjson.loads(record.value or b"")
    raw = finding.raw
    claim |= {
        "status": str(ClaimStatus.RETRACTED),
        "revision": int(claim.get("revision", 1)) + 1,
        "provenance": {
            "pipeline": PIPELINE,
            "models": {},
            "topic": raw.topic if raw else None,
            "partition": raw.partition if raw else None,
            "offset": raw.offset if raw else None,
        },
    }
    source = (finding.support or Coordinates.of(record)).source
    event_id = f"{finding.claim_id}-{claim['revision']}-{PIPELINE}"

    def event(kind: str, name: str, value: bytes | None) -> Output:
        at = datetime.now(UTC)
        headers = cloud_event(kind=kind, event_id=name, source=source, subject=finding.uri, at=at, carried=[])
        return Output(topics.claims, record.key, value, headers)

    events = [event(CLAIM_TYPE, event_id, orjson.dumps(claim))]
    if finding.wrong is Wrong.DELETED:
        events.append(event(TOMBSTONE_TYPE, f"{event_id}-deletion", None))
    return events


async def _records_at(brokers: Brokers, places: Sequence[Coordinates]) -> dict[Coordinates | None, Record]:
    """The records at some coordinates. Raises RepairError: one is not there any more."""
    found: dict[Coordinates | None, Record] = {}
    async with AIOKafkaConsumer(
        **client_options(brokers), enable_auto_commit=False, isolation_level="read_committed"
    ) as consumer:
        for place in places:
            key = TopicPartition(place.topic, place.partition)
            if key not in consumer.assignment():
                consumer.assign([key])
            consumer.seek(key, place.offset)
            rows = (await consumer.getmany(key, timeout_ms=10_000, max_records=1)).get(key, [])
            if not rows or rows[0].offset != place.offset:
                raise RepairError(f"{place} is not there any more: run the audit again")
            found[place] = Record.of(rows[0])
    return found
