"""What a pool's process does: bytes of articles in, outcomes with bytes of extractions out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from worker.agents.stopwatch import Stopwatch
from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, decode_article, encode
from worker.contract.dead_letter import DeadReason, RetryReason
from worker.contract.extraction import Extraction
from worker.contract.headers import EXTRACTION_TYPE, cloud_event, trace_context
from worker.contract.retry import origin_of
from worker.contract.topics import Topics
from worker.extraction.caches import CacheCounts
from worker.extraction.outcome import Dropped, Extracted, Failed, Postponed
from worker.extraction.pipeline import OWN_VOICE_LEAST, Pipeline
from worker.observe.logs import configure_logs
from worker.streaming.outcome import About, Dead, Drop, Ok, Outcome, Output, Retry
from worker.streaming.pool import at
from worker.streaming.record import Record

__all__ = ["load"]

log = logging.getLogger("claimwire.extract")


def load(
    *,
    model: bool,
    topics: Topics,
    article_max_bytes: int,
    own_voice_least: float = OWN_VOICE_LEAST,
    text_max_chars: int = 200_000,
    retry_delay_s: float = 10.0,
    logs: tuple[str, str] | None = None,
) -> Any:
    """The function that a process applies to each batch of records, models loaded. Shape: records in, outcomes out."""
    if logs is not None:
        configure_logs(*logs)
    watch, caches = Stopwatch(), CacheCounts()
    pipeline = Pipeline.load(model=model, own_voice_least=own_voice_least, longest=text_max_chars, lap=watch.lap)
    log.info("Extraction %s", pipeline.version)
    if model and pipeline.version.endswith("rules-only"):
        log.warning("No attribution model is installed: extraction goes by rules only and finds less")

    def begin(index: int) -> None:
        at(index)
        watch.begin(index)

    def about(index: int, article: RawArticle) -> About:
        seconds, cpu_s = watch.read(index)
        return About(publisher=article.publisher, seconds=seconds, cpu_s=cpu_s)

    def work(records: Sequence[Record]) -> list[Outcome]:
        watch.clear()
        outcomes: dict[int, Outcome] = {}
        articles: list[tuple[int, RawArticle]] = []
        for index, record in enumerate(records):
            begin(index)
            try:
                articles.append((index, decode_article(record.value or b"", largest=article_max_bytes)))
                watch.lap("decode")
            except BrokenRecordError as broken:
                outcomes[index] = Dead(broken.reason, broken.error)
            except MemoryError:
                outcomes[index] = Retry(RetryReason.MEMORY, "decoding ran out of memory", retry_delay_s)
            except Exception as broken:  # noqa: BLE001 - a decoder's bug costs its record, not the batch
                outcomes[index] = Dead(DeadReason.BAD_SCHEMA, f"{type(broken).__name__}: {broken}")
        results = pipeline.extract([article for _, article in articles], lambda place: begin(articles[place][0]))
        for (index, article), result in zip(articles, results, strict=True):
            match result:
                case Extracted(extraction):
                    watch.begin(index)
                    made = published(records[index], extraction, topics)
                    watch.lap("encode")
                    outcomes[index] = replace(
                        made, about=replace(about(index, article), claims=extraction.claims_count)
                    )
                case Dropped(reason, detail):
                    outcomes[index] = Drop(reason, detail, about(index, article))
                case Postponed(why, error):
                    outcomes[index] = Retry(why, error, retry_delay_s, about(index, article))
                case Failed(cause, error):
                    outcomes[index] = Dead(cause, error, about(index, article))
        ordered = [outcomes[index] for index in range(len(records))]
        if ordered:
            ordered[-1] = replace(ordered[-1], about=replace(ordered[-1].about, caches=caches.since_last()))
        return ordered

    return work


def published(record: Record, extraction: Extraction, topics: Topics) -> Ok:
    """The extraction with the record's coordinates, ready to be published under the article's uri.

    A record that comes from a retry or a redrive keeps the coordinates under which it was read first.
    """
    origin = origin_of(record.headers)
    topic, partition, offset = (
        (origin.topic, origin.partition, origin.offset) if origin else (record.topic, record.partition, record.offset)
    )
    where: dict[str, Any] = {"topic": topic, "partition": partition, "offset": offset}
    located = replace(
        extraction,
        provenance=replace(extraction.provenance, **where),
        claims=[replace(claim, provenance=replace(claim.provenance, **where)) for claim in extraction.claims],
    )
    headers = cloud_event(
        kind=EXTRACTION_TYPE,
        event_id=located.extraction_id,
        source=f"/{topic}/{partition}/{offset}",
        subject=located.article.uri,
        at=datetime.now(UTC),
        carried=trace_context(record.headers),
    )
    output = Output(topics.extracted, located.article.uri.encode("utf-8", "replace"), encode(located), headers)
    return Ok((output,))
