"""Spans of batches and their stages, sent by OTLP. Imported only when an endpoint is set, so it costs nothing else."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from worker import __version__
from worker.observe.recorder import outcome_words
from worker.streaming.observer import Observer
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["Traces"]

_propagator = TraceContextTextMapPropagator()


@dataclass(slots=True)
class _Batch:
    records: Sequence[Record]
    begun_ns: int
    answered_ns: int = 0
    open: int = 0
    seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    outcomes: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))


class Traces(Observer):
    """Makes one span for each batch when its last record is settled, with a child for each stage and for publishing.

    The span of a batch of one continues its record's trace; that of a larger one links to the trace of each record. A
    stage's span is as long as the stage took over all articles of the batch; the stages' spans follow each other.
    """

    def __init__(self, endpoint: str, *, app_id: str, share: float = 1.0) -> None:
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": app_id, "service.version": __version__}),
            sampler=ParentBased(TraceIdRatioBased(share)),
        )
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
        self._tracer = self._provider.get_tracer("claimwire", __version__)
        self._batches: dict[tuple[str, str, int, int], _Batch] = {}

    def batch_started(self, stage: str, records: Sequence[Record]) -> None:
        batch = _Batch(records, time.time_ns(), open=len(records))
        for record in records:
            self._batches[_at(stage, record)] = batch

    def batch_finished(self, stage: str, records: Sequence[Record], seconds: float) -> None:
        batch = self._batches.get(_at(stage, records[0])) if records else None
        if batch is not None:
            batch.answered_ns = time.time_ns()

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        batch = self._batches.pop(_at(stage, record), None)
        if batch is None:
            return
        word, reason = outcome_words(outcome)
        batch.outcomes[f"{word}.{reason}" if reason else word] += 1
        for name, seconds in outcome.about.seconds:
            batch.seconds[name] += seconds
        self._release(stage, batch)

    def abandoned(self, stage: str, record: Record) -> None:
        batch = self._batches.pop(_at(stage, record), None)
        if batch is not None:
            batch.outcomes["abandoned"] += 1
            self._release(stage, batch)

    def _release(self, stage: str, batch: _Batch) -> None:
        batch.open -= 1
        if not batch.open:
            self._send(stage, batch)

    def _send(self, stage: str, batch: _Batch) -> None:
        contexts = [c for c in (_context(record) for record in batch.records) if c is not None]
        alone = len(batch.records) == 1 and contexts
        first = batch.records[0]
        span = self._tracer.start_span(
            f"{stage} batch",
            context=contexts[0] if alone else None,
            kind=trace.SpanKind.CONSUMER,
            links=[] if alone else [trace.Link(trace.get_current_span(c).get_span_context()) for c in contexts],
            start_time=batch.begun_ns,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "process",
                "messaging.destination.name": first.topic,
                "messaging.destination.partition.id": str(first.partition),
                "messaging.kafka.offset": first.offset,
                "messaging.batch.message_count": len(batch.records),
                **{f"claimwire.records.{word}": count for word, count in batch.outcomes.items()},
            },
        )
        within = trace.set_span_in_context(span)
        at = batch.begun_ns
        for name, seconds in batch.seconds.items():
            stage_span = self._tracer.start_span(name, context=within, start_time=at)
            at += int(seconds * 1e9)
            stage_span.end(at)
        now = time.time_ns()
        if batch.answered_ns:
            self._tracer.start_span("publish", context=within, start_time=batch.answered_ns).end(now)
        span.end(now)

    def close(self) -> None:
        """Sends the spans that still wait. Blocks for at most some seconds."""
        self._provider.shutdown()


def _at(stage: str, record: Record) -> tuple[str, str, int, int]:
    return stage, record.topic, record.partition, record.offset


def _context(record: Record) -> Context | None:
    carrier = {key: value.decode("latin-1") for key, value in record.headers if key in ("traceparent", "tracestate")}
    if "traceparent" not in carrier:
        return None
    context = _propagator.extract(carrier)
    return context if trace.get_current_span(context).get_span_context().is_valid else None
