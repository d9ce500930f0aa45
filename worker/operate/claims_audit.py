"""Checks from outside that the claims that are asserted are those of each article's youngest version.

It reads articles.extracted, articles.live and claims as any reader would, with isolation read_committed, and shares no
code with the lifecycle. The worker may run meanwhile. What makes the comparison right is the order of reading: first
the lifecycle's committed offsets, then the topics, and at the end what has come into articles.extracted since. An
article with a record at or above the committed offset is not compared, and all others did not change in between.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiokafka import TopicPartition

from worker.brokers import Brokers
from worker.consumer_groups import lifecycle_group
from worker.contract.coordinates import Coordinates, origin_of
from worker.contract.topics import Topics
from worker.operate.article_audit import ClaimFinding, Wrong, audit_article
from worker.operate.article_buckets import ArticleBuckets
from worker.operate.audit_rows import (
    ClaimRow,
    DeadRow,
    PendingRow,
    Row,
    UnreadableError,
    claim_row,
    extraction_row,
    is_layout,
    state_row,
)
from worker.streaming.record import Record
from worker.streaming.topics.offset_reader import OffsetReader
from worker.streaming.topics.window import Bounds, Selection, Window, WindowError, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = [
    "ClaimsAudit",
    "ClaimsAuditOptions",
    "Unreadable",
    "audit_claims",
    "due_window",
    "read_window",
    "settled_window",
]

_OPEN_TRANSACTION_S = 60.0
_AGAIN_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsAuditOptions:
    """`since_ms`: compares only articles with a record in articles.extracted or claims since then. `folder`: for
    temporary files, about 5 KB for each article; the system's folder for such files if None.
    """

    brokers: Brokers
    installation: str
    topics: Topics
    since_ms: int | None = None
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is not what its topic is for. It was passed by."""

    at: Coordinates
    why: str


@dataclass(slots=True)
class ClaimsAudit:
    """`open`: articles with a record that the lifecycle has not processed. `ends`: offsets up to which the topics were
    read.

    `due`: the offsets up to which the lifecycle has processed articles.extracted, by partition.
    """

    articles: int = 0
    open: int = 0
    asserted: int = 0
    without_state: int = 0
    in_dead_letters: int = 0
    unreadable: int = 0
    wrong: Counter[Wrong] = field(default_factory=Counter)
    due: dict[int, int] = field(default_factory=dict)
    ends: dict[str, dict[int, int]] = field(default_factory=dict)


async def audit_claims(
    options: ClaimsAuditOptions,
    report: Callable[[ClaimFinding], None],
    report_unreadable: Callable[[Unreadable], None],
) -> ClaimsAudit:
    """`report` gets each finding. Memory is bounded by the share of the articles that is in one file.

    Raises:
        WindowError: a topic is not there or cannot be read to its end.
        KafkaError: the brokers do not answer.
    """
    topics, audit = options.topics, ClaimsAudit()
    extracted, audit.due = await due_window(options.brokers, options.installation, topics.extracted)
    live = await settled_window(options.brokers, topics.live)
    dead = await settled_window(options.brokers, topics.dead)
    claims = await settled_window(options.brokers, topics.claims)
    with ArticleBuckets(extracted.width + live.width + claims.width, options.folder) as buckets:
        reading = _Reading(options, audit, buckets, report_unreadable)
        for window in (extracted, live, claims, dead):
            await reading.read(window)
        now = await fix_window(options.brokers, Selection(topic=topics.extracted))
        await reading.read(_after(extracted, now))
        for uri, rows in buckets.articles():
            _count(audit, uri, rows, options, reading.stray, report)
    ends = (now, live, claims)
    audit.ends = {window.topic: {p: bounds.end for p, bounds in window.bounds.items()} for window in ends}
    return audit


class _Reading:
    """Reads windows into the files of an audit. `stray`: tombstones that do not name their article, by claim."""

    def __init__(
        self,
        options: ClaimsAuditOptions,
        audit: ClaimsAudit,
        buckets: ArticleBuckets,
        report_unreadable: Callable[[Unreadable], None],
    ) -> None:
        self._options, self._audit, self._buckets = options, audit, buckets
        self._report_unreadable = report_unreadable
        self.stray: dict[str, ClaimRow] = {}

    async def read(self, window: Window) -> None:
        """Raises WindowError: it cannot be read to its end."""
        async for record in read_window(self._options.brokers, window):
            try:
                row = self._row(record)
            except UnreadableError as foreign:
                self._audit.unreadable += 1
                self._report_unreadable(Unreadable(Coordinates.of(record), str(foreign)))
                continue
            if isinstance(row, ClaimRow) and not row.uri:
                self.stray[row.claim_id] = row
            elif row is not None:
                self._buckets.add(row)

    def _row(self, record: Record) -> Row | None:
        """None for a record that says nothing of an article. Raises UnreadableError."""
        topics = self._options.topics
        if record.topic == topics.extracted:
            processed = record.offset < self._audit.due.get(record.partition, 0)
            return extraction_row(record) if processed else _pending(record)
        if record.topic == topics.live:
            return None if is_layout(record.key) else state_row(record)
        if record.topic == topics.claims:
            return claim_row(record)
        origin = origin_of(record.headers)
        if origin is None or origin.topic != topics.extracted:
            return None
        return _dead(record, origin.partition, origin.offset)


def _count(
    audit: ClaimsAudit,
    uri: str,
    rows: list[Row],
    options: ClaimsAuditOptions,
    stray: Mapping[str, ClaimRow],
    report: Callable[[ClaimFinding], None],
) -> None:
    if options.since_ms is not None and all(row.timestamp < options.since_ms for row in rows):
        return
    found = audit_article(uri, rows, options.topics, stray)
    audit.open += found.is_open
    if found.is_open:
        return
    audit.articles += 1
    audit.asserted += found.asserted
    audit.without_state += found.without_state
    audit.in_dead_letters += found.in_dead_letters
    for finding in found.findings:
        audit.wrong[finding.wrong] += 1
        report(finding)


async def due_window(brokers: Brokers, installation: str, topic: str) -> tuple[Window, dict[int, int]]:
    """articles.extracted up to its present end, and by partition the offset below which the lifecycle has processed it
    all.

    Raises:
        WindowError: the topic is not there.
        OffsetsUnknownError: the brokers do not answer.
    """
    # first the commits: the end of a partition that is asked for afterwards is not below them
    async with OffsetReader(brokers, limit_s=20.0) as offsets:
        commits = await offsets.commits(lifecycle_group(installation), await offsets.partitions(topic))
    window = await fix_window(brokers, Selection(topic=topic))
    due = {}
    for partition, bounds in window.bounds.items():
        commit = commits.get(TopicPartition(topic, partition))
        # a commit behind the end is of a topic that was made again: the lifecycle will read all of it
        due[partition] = commit.offset if commit is not None and commit.offset <= bounds.end else bounds.start
    return window, due


async def settled_window(
    brokers: Brokers,
    topic: str,
    partitions: frozenset[int] | None = None,
    from_offsets: Mapping[int, int] | None = None,
) -> Window:
    """The topic up to its present end, once no transaction that is open now is in the way.

    A committed offset can be seen a moment before the records of its transaction.

    Raises:
        WindowError: the topic is not there, or a transaction stayed open for a minute.
    """
    selection = Selection(topic=topic, partitions=partitions, from_offsets=dict(from_offsets or {}))
    written = await fix_window(brokers, selection, isolation="read_uncommitted")
    until = time.monotonic() + _OPEN_TRANSACTION_S
    while True:
        window = await fix_window(brokers, selection)
        behind = [p for p, bounds in window.bounds.items() if bounds.end < written.bounds[p].end]
        if not behind:
            return window
        if time.monotonic() > until:
            raise WindowError(
                f"{topic}[{behind[0]}]: a transaction has been open for {_OPEN_TRANSACTION_S:g}s, and what comes after "
                f"it cannot be read. End the producer that holds it"
            )
        await asyncio.sleep(_AGAIN_S)


async def read_window(brokers: Brokers, window: Window) -> AsyncIterator[Record]:
    """Raises WindowError: it cannot be read to its end."""
    async with WindowReader(brokers, window) as reader:
        async for stretch in reader.stretches(max_records=2000):
            for record in stretch.records:
                yield record


def _after(read: Window, now: Window) -> Window:
    """What has come since. A topic with a lower end than before is another one; the audit then ends at what it read."""
    bounds = {}
    for partition, new in now.bounds.items():
        start = read.bounds[partition].end if partition in read.bounds else new.start
        bounds[partition] = Bounds(start, max(start, new.end))
    return Window(topic=read.topic, bounds=bounds)


def _pending(record: Record) -> PendingRow:
    uri = (record.key or b"").decode("utf-8", "replace")
    return PendingRow(uri=uri, partition=record.partition, offset=record.offset, timestamp=record.timestamp)


def _dead(record: Record, partition: int, offset: int) -> DeadRow:
    uri = (record.key or b"").decode("utf-8", "replace")
    return DeadRow(uri=uri, partition=partition, offset=offset, timestamp=record.timestamp)
