"""Turns the events of the streaming side into metrics."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, cast
from urllib.parse import urlsplit

import msgspec
from aiokafka import TopicPartition
from prometheus_client.metrics import MetricWrapperBase

from worker import __version__
from worker.contract.claim import Act, ClaimStatus, Voice
from worker.observe.costliest import Costliest
from worker.observe.loop_time import LoopTime
from worker.observe.metrics import Metrics, OutcomeWord
from worker.streaming.observer import ChildEnd, Observer, Pause
from worker.streaming.outcome import About, Dead, Drop, Ok, Outcome, Retry
from worker.streaming.record import Record, age_s

__all__ = ["Recorder", "outcome_words", "publisher_of"]

log = logging.getLogger("claimwire.observe")

M = TypeVar("M", bound=MetricWrapperBase)

INGEST = "ingest"
_EXTRACTING = {INGEST, "retry"}
_FORGET_CHILD_S = 60.0


class _CountedClaim(msgspec.Struct, frozen=True):
    """The fields of a claim that are counted; the rest of its bytes is skipped."""

    act: Act
    voice: Voice
    status: ClaimStatus = ClaimStatus.ASSERTED


class _Provenance(msgspec.Struct, frozen=True):
    pipeline: str


class _MadeBy(msgspec.Struct, frozen=True):
    """The pipeline that made an extraction."""

    provenance: _Provenance


_counted_claim = msgspec.json.Decoder(_CountedClaim)
_made_by = msgspec.json.Decoder(_MadeBy)


def publisher_of(record: Record, about: About) -> str:
    """The publisher that a record's cost is charged to: the article's, else the host of the uri in the record's key."""
    if about.publisher:
        return about.publisher[:120]
    try:
        host = urlsplit((record.key or b"").decode("utf-8", "replace")[:500]).hostname
    except ValueError:
        host = None
    return host or "(unknown)"


def outcome_words(outcome: Outcome) -> tuple[OutcomeWord, str]:
    """The outcome and its reason as labels of the metrics."""
    match outcome:
        case Ok():
            return OutcomeWord.OK, ""
        case Drop(reason):
            return OutcomeWord.DROPPED, reason
        case Retry(reason):
            return OutcomeWord.RETRIED, reason
        case Dead(reason):
            return OutcomeWord.DEAD, reason


class Recorder(Observer):
    """Writes the metrics of what the streaming side reports; nothing else writes them."""

    def __init__(
        self,
        metrics: Metrics,
        *,
        claims_topic: str,
        costliest: Costliest,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._metrics, self._claims_topic, self._costliest = metrics, claims_topic, costliest
        self._clock, self._now = clock, now
        self._assigned: defaultdict[str, set[TopicPartition]] = defaultdict(set)
        self._pipeline: str | None = None
        self._states: dict[TopicPartition, tuple[int, int]] = {}
        self._children: dict[int, tuple[int, float]] = {}
        self._labelled: dict[tuple[object, ...], MetricWrapperBase] = {}
        self.loop_time = LoopTime(clock, lambda part, seconds: metrics.loop_seconds.labels(part).inc(seconds))

    def _at(self, metric: M, *labels: str) -> M:
        """`metric.labels(...)`, kept, because its lock and its checks cost more than the counting."""
        key = (id(metric), *labels)
        series = self._labelled.get(key)
        if series is None:
            series = self._labelled[key] = metric.labels(*labels)
        return cast("M", series)

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        self._assigned[stage] |= set(partitions)
        self._at(self._metrics.rebalances, stage).inc()
        self._at(self._metrics.assigned, stage).set(len(self._assigned[stage]))

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        self._assigned[stage] -= set(partitions)
        self._at(self._metrics.assigned, stage).set(len(self._assigned[stage]))

    def state_size(self, stage: str, partition: TopicPartition, keys: int, size: int) -> None:
        self._states[partition] = (keys, size)
        self._show_states(stage)

    def _show_states(self, stage: str) -> None:
        kept = [size for partition, size in self._states.items() if partition in self._assigned[stage]]
        self._at(self._metrics.state_keys, stage).set(sum(keys for keys, _ in kept))
        self._at(self._metrics.state_bytes, stage).set(sum(size for _, size in kept))

    def record_taken(self, stage: str, record: Record) -> None:
        at, metrics = self._at, self._metrics
        at(metrics.read, stage).inc()
        at(metrics.read_bytes, stage).inc(len(record.value or b"") + len(record.key or b""))
        at(metrics.in_flight, stage).inc()
        at(metrics.in_flight_bytes, stage).inc(record.size)
        if stage == INGEST:
            self.loop_time.change(open_records=1)

    def _release(self, stage: str, record: Record) -> None:
        self._at(self._metrics.in_flight, stage).dec()
        self._at(self._metrics.in_flight_bytes, stage).dec(record.size)
        if stage == INGEST:
            self.loop_time.change(open_records=-1)

    def batch_started(self, stage: str, records: Sequence[Record]) -> None:
        self._at(self._metrics.batch_records, stage).observe(len(records))
        self._at(self._metrics.batch_bytes, stage).observe(sum(record.size for record in records))
        if stage == INGEST:
            self.loop_time.change(working=1)

    def batch_finished(self, stage: str, records: Sequence[Record], seconds: float) -> None:
        self._at(self._metrics.batch_seconds, stage).observe(seconds)
        if stage == INGEST:
            self.loop_time.change(working=-1)

    def published(self, topic: str, records: int, size: int, seconds: float) -> None:
        self._at(self._metrics.published, topic).inc(records)
        self._at(self._metrics.published_bytes, topic).inc(size)
        self._metrics.publish_seconds.observe(seconds)

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        at, metrics = self._at, self._metrics
        word, reason = outcome_words(outcome)
        at(metrics.records, stage, word, reason).inc()
        age = age_s(record.timestamp, self._now())
        if age is not None:
            at(metrics.end_to_end_seconds, stage).observe(age)
        self._release(stage, record)
        about = outcome.about
        for name, hits, misses in about.caches:
            at(metrics.cache_requests, name, "hit").inc(hits)
            at(metrics.cache_requests, name, "miss").inc(misses)
        for name, seconds in about.seconds:
            at(metrics.stage_seconds, name).observe(seconds)
        if stage in _EXTRACTING:
            metrics.pool_busy_seconds.inc(sum(seconds for _, seconds in about.seconds))
            for kind in about.warnings:
                at(metrics.article_warnings, kind).inc()
            self._costliest.add(
                publisher_of(record, about),
                seconds=about.cpu_s,
                size=record.size,
                dead=word is OutcomeWord.DEAD,
                warnings=len(about.warnings),
            )
        if isinstance(outcome, Ok):
            for output in outcome.outputs:
                if output.topic == self._claims_topic and output.value is not None:
                    self._count_claim(output.value)
            if self._pipeline is None and stage in _EXTRACTING and outcome.outputs:
                self._learn_pipeline(outcome.outputs[0].value)

    def _count_claim(self, value: bytes) -> None:
        try:
            claim = _counted_claim.decode(value)
        except msgspec.DecodeError:
            log.exception("A published claim could not be counted by its act")
            return
        self._at(self._metrics.claims, claim.act, claim.voice, claim.status).inc()

    def _learn_pipeline(self, extraction: bytes | None) -> None:
        """Takes the name of the pipeline from an extraction: only the processes of the pool know it."""
        if extraction is None:
            return
        try:
            self._pipeline = _made_by.decode(extraction).provenance.pipeline
        except msgspec.DecodeError:
            return
        self._metrics.model.labels(self._pipeline, __version__).set(1)

    def abandoned(self, stage: str, record: Record) -> None:
        self._at(self._metrics.abandoned, stage).inc()
        self._release(stage, record)

    def paused(self, stage: str, why: Pause, detail: str) -> None:
        self._at(self._metrics.pauses, stage, why).inc()
        self._at(self._metrics.paused, stage, why).set(1)
        if stage == INGEST:
            self.loop_time.change(pauses=1)

    def resumed(self, stage: str, why: Pause, seconds: float) -> None:
        self._at(self._metrics.paused, stage, why).set(0)
        self._at(self._metrics.paused_seconds, stage, why).inc(seconds)
        if stage == INGEST:
            self.loop_time.change(pauses=-1)

    def output_failing(self, topic: str, since: float, error: str) -> None:
        self._at(self._metrics.output_failures, topic).inc()
        self._metrics.output_failing.set(1)

    def output_mended(self, topic: str, seconds: float) -> None:
        self._metrics.output_failing.set(0)

    def child_restarted(self, why: ChildEnd, detail: str) -> None:
        self._at(self._metrics.pool_restarts, why).inc()

    def child_memory(self, pid: int, size: int) -> None:
        now = self._clock()
        self._children[pid] = (size, now)
        self._children = {p: (s, at) for p, (s, at) in self._children.items() if now - at < _FORGET_CHILD_S}
        self._metrics.pool_memory_bytes.set(sum(s for s, _ in self._children.values()))

    def offset_lost(self, stage: str, partition: TopicPartition, wanted: int, earliest: int) -> None:
        self._at(self._metrics.offsets_lost, stage).inc(max(earliest - wanted, 0))

    def stalled(self, seconds: float) -> None:
        self._metrics.stalls.inc()
