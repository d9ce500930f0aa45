"""Every metric of the worker, declared once. docs/metrics.md is generated from this file."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics

from worker.contract.article import WarningKind
from worker.contract.claim import Act, ClaimStatus, Voice
from worker.contract.reasons import DeadReason, DropReason, RetryReason
from worker.observe.metric_types import Declarations, Label
from worker.streaming.observer import ChildEnd, Pause

__all__ = ["LoopPart", "Metrics", "OutcomeWord"]


class OutcomeWord(StrEnum):
    """The outcomes as labels: read = ok + dropped + retried + dead whenever the worker is idle."""

    OK = "ok"
    DROPPED = "dropped"
    RETRIED = "retried"
    DEAD = "dead"


class LoopPart(StrEnum):
    """The parts of a second of ingest. They exclude each other and add up to the time that passed."""

    WORK = "work"
    PUBLISH = "publish"
    WAIT = "wait"
    POLL = "poll"


_AGENT = Label("agent", bound="the agents: ingest, lifecycle, retry, link")
_TOPIC = Label("topic", bound="the topics of the settings")
_PARTITION = Label("partition", bound="the partitions assigned to this worker; gone when one is revoked")
_STAGE = Label("stage", bound="the stages of the extraction")
_OUTCOME = Label("outcome", tuple(OutcomeWord))
_REASON = Label("reason", ("", *sorted({*DeadReason, *DropReason, *RetryReason})))

_STATUS = Label("status", ("202", "400", "408", "413", "415", "429", "503"))

_FAST = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_SLOW = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 21600, 86400)


class Metrics:
    """The metrics in a registry of their own; `declared` lists them in order."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # nobody reads the series of creation times
        self.registry = CollectorRegistry()
        make = Declarations(self.registry)
        self.declared = make.declared

        self.read = make.counter("records_read", "Records read from Kafka; each must get one outcome.", _AGENT)
        self.read_bytes = make.counter(
            "read_bytes", "Bytes of the records read from Kafka, keys and values.", _AGENT, unit="bytes"
        )
        self.records = make.counter(
            "records", "Records whose outcome the broker has acknowledged.", _AGENT, _OUTCOME, _REASON
        )
        self.abandoned = make.counter(
            "records_abandoned",
            "Records read whose partition was revoked before they had an outcome; its next owner reads them again.",
            _AGENT,
        )
        self.claims = make.counter(
            "claims",
            "Claim events that the broker has acknowledged.",
            Label("act", tuple(Act)),
            Label("voice", tuple(Voice)),
            Label("status", tuple(ClaimStatus)),
        )
        self.published = make.counter("published_records", "Records that the broker has acknowledged.", _TOPIC)
        self.published_bytes = make.counter(
            "published_bytes", "Bytes of the records that the broker has acknowledged.", _TOPIC, unit="bytes"
        )

        self.batch_records = make.histogram(
            "batch_records", "Records of one batch.", _AGENT, buckets=(1, 2, 4, 8, 16, 32, 64, 128)
        )
        self.batch_bytes = make.histogram(
            "batch_bytes",
            "Bytes of one batch.",
            _AGENT,
            unit="bytes",
            buckets=tuple(4.0**power for power in range(5, 14)),
        )
        self.batch_seconds = make.histogram(
            "batch_seconds",
            "From starting a batch until its outcomes are there, with the wait for a free process.",
            _AGENT,
            unit="seconds",
            buckets=_FAST,
        )
        self.stage_seconds = make.histogram(
            "stage_seconds",
            "Time of one article in one stage of the extraction, measured in the extraction process.",
            _STAGE,
            unit="seconds",
            buckets=_FAST,
        )
        self.publish_seconds = make.histogram(
            "publish_seconds",
            "From queueing outputs until the broker has acknowledged all of them.",
            unit="seconds",
            buckets=_FAST,
        )
        self.end_to_end_seconds = make.histogram(
            "end_to_end_seconds",
            "From the timestamp of a record until the broker has acknowledged its outcome.",
            _AGENT,
            unit="seconds",
            buckets=_SLOW,
        )

        self.lag_records = make.gauge(
            "lag_records", "Records between the committed offset and the partition's end.", _AGENT, _TOPIC, _PARTITION
        )
        self.lag_seconds = make.gauge(
            "lag_seconds",
            "Age of the oldest record without an outcome; 0 when there is none. While no broker tells the partition's "
            "end: at least the time since when.",
            _AGENT,
            _TOPIC,
            _PARTITION,
            unit="seconds",
        )
        self.assigned = make.gauge("assigned_partitions", "Partitions that this worker reads.", _AGENT)
        self.rebalances = make.counter("rebalances", "Times that partitions were assigned.", _AGENT)
        self.in_flight = make.gauge("in_flight_records", "Records read that have no outcome yet.", _AGENT)
        self.in_flight_bytes = make.gauge(
            "in_flight_bytes", "Bytes of the records read that have no outcome yet.", _AGENT, unit="bytes"
        )
        self.in_flight_limit_bytes = make.gauge(
            "in_flight_limit_bytes", "The setting in_flight_bytes: intake pauses above it.", unit="bytes"
        )
        self.paused = make.gauge("paused", "1 while intake is paused for this reason.", _AGENT, _why())
        self.pauses = make.counter("pauses", "Times that intake was paused.", _AGENT, _why())
        self.paused_seconds = make.counter(
            "paused_seconds",
            "Time that intake was paused; a pause is counted when it ends.",
            _AGENT,
            _why(),
            unit="seconds",
        )
        self.loop_seconds = make.counter(
            "loop_seconds",
            "How ingest spent each second: work (a batch is in the pool), publish (outputs wait for the broker), "
            "wait (paused), poll (nothing to do).",
            Label("part", tuple(LoopPart)),
            unit="seconds",
        )
        self.event_loop_delay_seconds = make.histogram(
            "event_loop_delay_seconds",
            "How late the event loop woke a timer of half a second; code that blocks the loop delays heartbeats.",
            unit="seconds",
            buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5),
        )

        self.pool_processes = make.gauge("pool_processes", "Processes that extract.")
        self.pool_busy_seconds = make.counter(
            "pool_busy_seconds",
            "Time that all processes of the pool worked; its rate divided by pool_processes is how busy they are.",
            unit="seconds",
        )
        self.pool_restarts = make.counter(
            "pool_restarts", "Processes of the pool that were replaced.", Label("why", tuple(ChildEnd))
        )
        self.pool_memory_bytes = make.gauge(
            "pool_memory_bytes", "Resident memory of all processes of the pool.", unit="bytes"
        )
        self.cache_requests = make.counter(
            "cache_requests",
            "Look-ups in a cache of the extraction. recrawls: texts that came before; recrawl_parses: of the others "
            "those whose parse is known, so that they need no model either.",
            Label("cache", bound="the caches of the extraction"),
            Label("result", ("hit", "miss")),
        )
        self.state_keys = make.gauge(
            "state_keys",
            "Articles whose state this worker keeps, over its partitions; of the agent link: claims.",
            _AGENT,
        )
        self.state_bytes = make.gauge("state_bytes", "Bytes of the files with these states.", _AGENT)
        self.model = make.gauge(
            "model_info",
            "1; the labels name the pipeline and the version of the worker.",
            Label("pipeline", bound="one in each worker"),
            Label("version", bound="one in each worker"),
        )

        self._declare_articles(make)
        self.broker_up = make.gauge("broker_up", "1 when the broker answered the last request for offsets.")
        self.output_failing = make.gauge("output_failing", "1 while the broker refuses outputs or does not answer.")
        self.output_failures = make.counter("output_failures", "Attempts to publish that failed.", _TOPIC)
        self.offsets_lost = make.counter(
            "offsets_lost", "Upper bound of the records that retention removed before they were read.", _AGENT
        )
        self.audit_samples = make.counter(
            "audit_samples", "Samples of articles whose claims were audited, every audit_sample_s seconds."
        )
        self.audit_sampled_articles = make.gauge(
            "audit_sampled_articles", "Articles that the last sample compared with their claims."
        )
        self.audit_wrong_claims = make.gauge(
            "audit_wrong_claims",
            "Claims of the last sample that are asserted though their article does not make them, or the reverse.",
        )
        self.stalls = make.counter("stalls", "Times that the watchdog saw lag without progress.")
        self.live = make.gauge("live", "1 when /health/live says so.")
        self.ready = make.gauge("ready", "1 when /health/ready says so.")
        self.start_time = make.gauge("start_time_seconds", "When this worker started, since 1970.", unit="seconds")
        ProcessCollector(registry=self.registry)

    def expect(self, agent: str, topics: Iterable[str] = ()) -> None:
        """Starts the series of an agent, and of the topics that it writes, at 0, since an alert does not see the
        increase of a series that did not exist.
        """
        for topic in topics:
            self.output_failures.labels(topic)
        for reason in ChildEnd:
            self.pool_restarts.labels(reason)
        reasons: list[tuple[OutcomeWord, list[str]]] = [
            (OutcomeWord.OK, [""]),
            (OutcomeWord.DROPPED, list(DropReason)),
            (OutcomeWord.RETRIED, list(RetryReason)),
            (OutcomeWord.DEAD, list(DeadReason)),
        ]
        for outcome, words in reasons:
            for word in words:
                self.records.labels(agent, outcome, word)
        for counter in (self.read, self.read_bytes, self.abandoned, self.rebalances, self.offsets_lost):
            counter.labels(agent)
        for gauge in (self.assigned, self.in_flight, self.in_flight_bytes):
            gauge.labels(agent)
        for why in Pause:
            self.pauses.labels(agent, why)
            self.paused.labels(agent, why)
            self.paused_seconds.labels(agent, why)

    def _declare_articles(self, make: Declarations) -> None:
        self.article_warnings = make.counter(
            "article_warnings",
            "What may be wrong with what was taken of articles, by their extractions; the page has it by publisher.",
            Label("kind", tuple(WarningKind)),
        )
        self.article_requests = make.counter(
            "article_requests", "Answers to POST /articles; 202: the broker has acknowledged the articles.", _STATUS
        )
        self.articles_taken = make.counter(
            "articles_taken", "Articles of POST /articles that the broker has acknowledged."
        )
        self.article_requests_bytes = make.gauge(
            "article_requests_bytes", "Bytes of the bodies of POST /articles without an answer yet.", unit="bytes"
        )
        self.article_requests_limit_bytes = make.gauge(
            "article_requests_limit_bytes",
            "Bound of article_requests_bytes, above which the answer is 429; 0: web_articles is off.",
            unit="bytes",
        )

    def expect_article_requests(self) -> None:
        """Starts the series of POST /articles at 0."""
        for status in _STATUS.values:
            self.article_requests.labels(status)


def _why() -> Label:
    return Label("why", tuple(Pause))
