"""Turns what the streaming side tells into metrics."""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec
from aiokafka import TopicPartition

from worker import __version__
from worker.contract.claim import Act, ClaimStatus, Voice
from worker.observe.loop_time import LoopTime
from worker.observe.metrics import Metrics, OutcomeWord
from worker.observe.topn import Costliest
from worker.streaming.observer import ChildEnd, Observer, Pause
from worker.streaming.outcome import About, Dead, Drop, Ok, Outcome, Retry
from worker.streaming.record import Record

__all__ = ["Recorder", "outcome_words", "publisher_of"]

log = logging.getLogger("claimwire.observe")

INGEST = "ingest"
_EXTRACTING = {INGEST, "retry"}
_FORGET_CHILD_S = 60.0


class _Glance(msgspec.Struct, frozen=True):
    """What is counted of a claim; the rest of its bytes is skipped."""

    act: Act
    voice: Voice
    status: ClaimStatus = ClaimStatus.ASSERTED


class _Provenance(msgspec.Struct, frozen=True):
    pipeline: str


class _Made(msgspec.Struct, frozen=True):
    """Which pipeline an extraction is of."""

    provenance: _Provenance


_glance = msgspec.json.Decoder(_Glance)
_made = msgspec.json.Decoder(_Made)


def publisher_of(record: Record, about: About) -> str:
    """Whom a record is put down to: its publisher, else the host of the uri in its key."""
    if about.publisher:
        return about.publisher[:120]
    try:
        host = urlsplit((record.key or b"").decode("utf-8", "replace")[:500]).hostname
    except ValueError:
        host = None
    return host or "(unknown)"


def outcome_words(outcome: Outcome) -> tuple[OutcomeWord, str]:
    """The outcome and its reason as the metrics' labels have them."""
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
    """The only writer of the metrics that come from the streaming side."""

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
        self._children: dict[int, tuple[int, float]] = {}
        self._labelled: dict[tuple[Any, ...], Any] = {}
        self.loop_time = LoopTime(clock, lambda part, seconds: metrics.loop_seconds.labels(part).inc(seconds))

    def _at(self, metric: Any, *labels: str) -> Any:
        """`metric.labels(...)`, remembered: its lock and its checks cost more than the counting."""
        key = (id(metric), *labels)
        found = self._labelled.get(key)
        if found is None:
            found = self._labelled[key] = metric.labels(*labels)
        return found

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        self._assigned[stage] |= set(partitions)
        self._at(self._metrics.rebalances, stage).inc()
        self._at(self._metrics.assigned, stage).set(len(self._assigned[stage]))

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        self._assigned[stage] -= set(partitions)
        self._at(self._metrics.assigned, stage).set(len(self._assigned[stage]))

    def record_taken(self, stage: str, record: Record) -> None:
        at, metrics = self._at, self._metrics
        at(metrics.read, stage).inc()
        at(metrics.read_bytes, stage).inc(len(record.value or b"") + len(record.key or b""))
        at(metrics.in_flight, stage).inc()
        at(metrics.in_flight_bytes, stage).inc(record.size)
        if stage == INGEST:
            self.loop_time.change(open_records=1)

    def _let_go(self, stage: str, record: Record) -> None:
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
        if record.timestamp > 0:
            # clocks of different machines differ: never below zero
            at(metrics.end_to_end_seconds, stage).observe(max(self._now() - record.timestamp / 1000, 0.0))
        self._let_go(stage, record)
        about = outcome.about
        for name, hits, misses in about.caches:
            at(metrics.cache_requests, name, "hit").inc(hits)
            at(metrics.cache_requests, name, "miss").inc(misses)
        for name, seconds in about.seconds:
            at(metrics.stage_seconds, name).observe(seconds)
        if stage in _EXTRACTING:
            metrics.pool_busy_seconds.inc(sum(seconds for _, seconds in about.seconds))
            self._costliest.add(
                publisher_of(record, about), seconds=about.cpu_s, size=record.size, dead=word is OutcomeWord.DEAD
            )
        if isinstance(outcome, Ok):
            for output in outcome.outputs:
                if output.topic == self._claims_topic and output.value is not None:
                    self._claim(output.value)
            if self._pipeline is None and stage in _EXTRACTING and outcome.outputs:
                self._learn(outcome.outputs[0].value)

    def _claim(self, value: bytes) -> None:
        try:
            claim = _glance.decode(value)
        except msgspec.DecodeError:
            log.exception("A published claim could not be counted by its act")
            return
        self._at(self._metrics.claims, claim.act, claim.voice, claim.status).inc()

    def _learn(self, extraction: bytes | None) -> None:
        """Which pipeline runs is known to the pool's processes; each extraction says it, so the first one does."""
        if extraction is None:
            return
        try:
            self._pipeline = _made.decode(extraction).provenance.pipeline
        except msgspec.DecodeError:
            return
        self._metrics.model.labels(self._pipeline, __version__).set(1)

    def abandoned(self, stage: str, record: Record) -> None:
        self._at(self._metrics.abandoned, stage).inc()
        self._let_go(stage, record)

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
