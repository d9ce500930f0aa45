"""The work of a process of the pool: records with articles in, outcomes with extractions out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict, Unpack

from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, OwnFields, decode_article, encode
from worker.contract.coordinates import first_read, raw_timestamp_header
from worker.contract.extraction import Extraction
from worker.contract.forms.own_fields import own_fields
from worker.contract.headers.cloud_events import EXTRACTION_TYPE, cloud_event, trace_context
from worker.contract.reasons import DeadReason, RetryReason
from worker.contract.topics import Topics
from worker.extraction.entities.caches import CacheCounts
from worker.extraction.outcome import Dropped, Extracted, Failed, Postponed
from worker.extraction.outcome import Outcome as ExtractionOutcome
from worker.extraction.pipeline import Pipeline
from worker.observe.logs import configure_logs
from worker.stages.cpu_budget import CpuBudget
from worker.stages.misnamed import MisnamedFields
from worker.stages.recrawls import FILE_NAME, RecrawlCache, code_digest
from worker.stages.stopwatch import Stopwatch
from worker.streaming.outcome import About, Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.record import Record

__all__ = ["digest_of_code", "load", "published"]

log = logging.getLogger("claimwire.extract")


class _Options(TypedDict):
    """The settings of the extraction (`Settings.extraction_options`)."""

    model: bool
    article_max_bytes: int
    own_voice_least: float
    text_max_chars: int
    article_cpu_s: float
    article_cpu_per_kb_s: float
    retry_delay_s: float
    fields: NotRequired[str]


def load(
    *,
    topics: Topics,
    logs: tuple[str, str] | None = None,
    recrawls: tuple[str, int, float] | None = None,
    **options: Unpack[_Options],
) -> Callable[[Sequence[Record]], Iterator[Outcome]]:
    """The function that a process applies to each batch of records, models loaded. It gives an outcome for each.

    `logs`: level and format, where the process has to set up its logging itself. `recrawls`: folder, bytes and days of
    the claims of texts that were extracted before; without it each article is extracted.
    """
    if logs is not None:
        configure_logs(*logs)
    watch = Stopwatch()
    known = _recrawl_cache(recrawls) if recrawls is not None else None
    pipeline = Pipeline.load(
        model=options["model"],
        own_voice_min=options["own_voice_least"],
        max_chars=options["text_max_chars"],
        lap=watch.lap,
        budget=CpuBudget(options["article_cpu_s"], options["article_cpu_per_kb_s"], options["text_max_chars"]),
        known=known,
    )
    log.info("Extraction %s", pipeline.version)
    if options["model"] and pipeline.version.endswith("rules-only"):
        log.warning("No attribution model is installed: extraction goes by rules only and finds less")
    limits = options["article_max_bytes"], options["retry_delay_s"]
    return _BatchExtraction(pipeline, watch, topics, limits, own_fields(options.get("fields", "")), known).outcomes_of


def _recrawl_cache(options: tuple[str, int, float]) -> RecrawlCache:
    folder, max_bytes, days = options
    return RecrawlCache(Path(folder) / FILE_NAME, max_bytes=max_bytes, days=days, code=digest_of_code())


@cache
def digest_of_code() -> bytes:
    """Of the code that runs here, which is looked at once in a process."""
    return code_digest()


class _BatchExtraction:
    def __init__(
        self,
        pipeline: Pipeline,
        watch: Stopwatch,
        topics: Topics,
        limits: tuple[int, float],
        own: OwnFields,
        known: RecrawlCache | None,
    ) -> None:
        self._pipeline, self._watch, self._topics, self._known = pipeline, watch, topics, known
        self._misnamed = MisnamedFields()
        self._article_max_bytes, self._retry_delay_s = limits
        self._own_fields = own
        self._caches = CacheCounts()

    def outcomes_of(self, records: Sequence[Record]) -> Iterator[Outcome]:
        """One outcome for each record, in their order. Look-ups in caches are reported on the last one."""
        self._watch.clear()
        for index, record in enumerate(records):
            self._watch.begin(index)
            outcome = self._outcome_of(index, record)
            if index + 1 == len(records):
                outcome = replace(outcome, about=replace(outcome.about, caches=self._look_ups()))
            yield outcome

    def _look_ups(self) -> tuple[tuple[str, int, int], ...]:
        recrawls = self._known.since_last() if self._known is not None else ()
        return (*self._caches.since_last(), *recrawls)

    def _outcome_of(self, index: int, record: Record) -> Outcome:
        article = self._decoded(record)
        if not isinstance(article, RawArticle):
            return article
        (result,) = self._pipeline.extract([article])
        try:
            return self._outcome(index, record, article, result)
        except Exception as broken:  # noqa: BLE001 - what cannot be published costs its record, not the batch
            return Dead(DeadReason.EXTRACTION_FAILED, f"{type(broken).__name__}: {broken}")

    def _decoded(self, record: Record) -> RawArticle | Outcome:
        try:
            article = decode_article(
                record.value or b"", max_bytes=self._article_max_bytes, own_fields=self._own_fields
            )
            self._misnamed.tell(article)
        except BrokenRecordError as broken:
            return Dead(broken.reason, broken.error)
        except MemoryError:
            return Retry(RetryReason.MEMORY, "decoding ran out of memory", self._retry_delay_s)
        except Exception as broken:  # noqa: BLE001 - a decoder's bug costs its record, not the batch
            return Dead(DeadReason.BAD_SCHEMA, f"{type(broken).__name__}: {broken}")
        self._watch.lap("decode")
        return article

    def _outcome(self, index: int, record: Record, article: RawArticle, result: ExtractionOutcome) -> Outcome:
        match result:
            case Extracted(extraction):
                ok = published(record, extraction, self._topics)
                self._watch.lap("encode")
                about = replace(
                    self._about(index, article),
                    claims=extraction.claims_count,
                    warnings=tuple(warning.kind.value for warning in extraction.warnings),
                )
                return replace(ok, about=about)
            case Dropped(reason, detail):
                return Drop(reason, detail, self._about(index, article))
            case Postponed(why, error):
                return Retry(why, error, self._retry_delay_s, self._about(index, article))
            case Failed(cause, error):
                return Dead(cause, error, self._about(index, article))

    def _about(self, index: int, article: RawArticle) -> About:
        seconds, cpu_s = self._watch.read(index)
        return About(publisher=article.publisher, seconds=seconds, cpu_s=cpu_s)


def published(record: Record, extraction: Extraction, topics: Topics) -> Ok:
    """The extraction with the coordinates of the record's first reading, keyed by the article's uri."""
    origin = first_read(record)
    at_first = origin.coordinates
    located = replace(
        extraction,
        provenance=extraction.provenance.located(at_first),
        claims=[replace(claim, provenance=claim.provenance.located(at_first)) for claim in extraction.claims],
    )
    headers = cloud_event(
        kind=EXTRACTION_TYPE,
        event_id=located.extraction_id,
        source=at_first.source,
        subject=located.article.uri,
        at=datetime.now(UTC),
        carried=[*trace_context(record.headers), raw_timestamp_header(origin)],
    )
    output = Output(topics.extracted, located.article.uri.encode("utf-8", "replace"), encode(located), headers)
    return Ok((output,))
