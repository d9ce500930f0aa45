"""The audit of claims over the articles that the lifecycle processed last, small enough to run beside the worker.

It sees what was written within its window. A claim that was asserted before it and not retracted is only found by the
whole `claimwire audit`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from worker.brokers import Brokers
from worker.contract.coordinates import origin_of
from worker.contract.topics import Topics
from worker.operate.article_audit import ClaimFinding, audit_article
from worker.operate.audit_rows import (
    DeadRow,
    PendingRow,
    Row,
    StateRow,
    UnreadableError,
    claim_row,
    extraction_row,
    is_layout,
    state_row,
)
from worker.operate.claims_audit import due_window, read_window, settled_window
from worker.streaming.topics.window import Bounds, Selection, Window, fix_window

__all__ = ["Sample", "take_sample"]

_ARTICLES = 200
_MAX_RECORDS = 50_000
_SKEW_MS = 10 * 60 * 1000
"""The claims of an extraction are looked for from this long before it was written, since clocks differ."""


@dataclass(slots=True)
class Sample:
    """`articles`: how many were compared."""

    articles: int = 0
    findings: list[ClaimFinding] = field(default_factory=list)


async def take_sample(brokers: Brokers, installation: str, topics: Topics, *, articles: int = _ARTICLES) -> Sample:
    """Compares about so many articles, those processed last. Memory is bounded by 50,000 records of claims.

    Raises:
        WindowError: a topic is not there or cannot be read to its end.
        KafkaError: the brokers do not answer.
    """
    whole, due = await due_window(brokers, installation, topics.extracted)
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    since = await _latest(brokers, _last(whole, due, articles), rows)
    if since is None or sum(end.end - due[p] for p, end in whole.bounds.items()) > _MAX_RECORDS:
        return Sample()
    from_ms = max(since - _SKEW_MS, 0)
    live = await _since(brokers, topics.live, from_ms)
    # a state of the window has its claims in it, though they were written a moment before
    claims = await _since(brokers, topics.claims, max(from_ms - _SKEW_MS, 0))
    dead = await _since(brokers, topics.dead, from_ms)
    if live.width + claims.width > _MAX_RECORDS:
        if articles < 2:
            return Sample()
        return await take_sample(brokers, installation, topics, articles=articles // 2)
    await _read_states(brokers, live, rows)
    await _read_claims(brokers, claims, rows)
    async for record in read_window(brokers, dead):
        origin, uri = origin_of(record.headers), (record.key or b"").decode("utf-8", "replace")
        if origin is not None and origin.topic == topics.extracted and uri in rows:
            dead_row = DeadRow(uri=uri, partition=origin.partition, offset=origin.offset, timestamp=record.timestamp)
            rows[uri].append(dead_row)
    now = await fix_window(brokers, Selection(topic=topics.extracted))
    bounds = {p: Bounds(due.get(p, end.start), max(due.get(p, end.start), end.end)) for p, end in now.bounds.items()}
    async for record in read_window(brokers, replace(now, bounds=bounds)):
        uri = (record.key or b"").decode("utf-8", "replace")
        if uri in rows:
            at = {"partition": record.partition, "offset": record.offset, "timestamp": record.timestamp}
            rows[uri].append(PendingRow(uri=uri, **at))
    return _compared(rows, topics)


def _compared(rows: Mapping[str, list[Row]], topics: Topics) -> Sample:
    sample = Sample()
    for uri, some in rows.items():
        if not any(isinstance(row, StateRow) for row in some):
            continue  # its youngest version is older than the window
        found = audit_article(uri, some, topics)
        if not found.is_open:
            sample.articles += 1
            sample.findings += found.findings
    return sample


def _last(whole: Window, due: Mapping[int, int], articles: int) -> Window:
    """The last records below the committed offsets: an equal share of each partition."""
    share = max(articles // max(len(whole.bounds), 1), 1)
    bounds = {p: Bounds(max(end.start, due[p] - share), max(end.start, due[p])) for p, end in whole.bounds.items()}
    return Window(topic=whole.topic, bounds=bounds)


async def _latest(brokers: Brokers, window: Window, rows: dict[str, list[Row]]) -> int | None:
    """Reads the extractions; returns the time of the oldest one."""
    since: int | None = None
    async for record in read_window(brokers, window):
        try:
            row = extraction_row(record)
        except UnreadableError:
            continue
        rows[row.uri].append(row)
        since = row.timestamp if since is None else min(since, row.timestamp)
    return since


async def _since(brokers: Brokers, topic: str, from_ms: int) -> Window:
    settled = await settled_window(brokers, topic)
    starts = await fix_window(brokers, Selection(topic=topic, from_ms=from_ms))
    bounds = {}
    for partition, end in settled.bounds.items():
        start = min(starts.bounds[partition].start, end.end) if partition in starts.bounds else end.start
        bounds[partition] = Bounds(start, end.end)
    return Window(topic=topic, bounds=bounds)


async def _read_states(brokers: Brokers, window: Window, rows: dict[str, list[Row]]) -> None:
    async for record in read_window(brokers, window):
        if not is_layout(record.key) and (record.key or b"").decode("utf-8", "replace") in rows:
            try:
                row = state_row(record)
            except UnreadableError:
                continue
            rows[row.uri].append(row)


async def _read_claims(brokers: Brokers, window: Window, rows: dict[str, list[Row]]) -> None:
    async for record in read_window(brokers, window):
        try:
            row = claim_row(record)
        except UnreadableError:
            continue
        if row.uri in rows:
            rows[row.uri].append(row)
