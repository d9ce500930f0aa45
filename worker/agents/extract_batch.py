"""What a pool's process does: bytes of articles in, outcomes with bytes of extractions out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, decode_article, encode
from worker.contract.dead_letter import DeadReason
from worker.contract.extraction import Extraction
from worker.contract.headers import EXTRACTION_TYPE, cloud_event, trace_context
from worker.contract.topics import Topics
from worker.extraction.outcome import Dropped, Extracted, Failed
from worker.extraction.pipeline import OWN_VOICE_LEAST, Pipeline
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Output
from worker.streaming.publisher import Record

__all__ = ["load"]

log = logging.getLogger("claimwire.extract")


def load(*, model: bool, topics: Topics, article_max_bytes: int, own_voice_least: float = OWN_VOICE_LEAST) -> Any:
    """The function that a process applies to each batch of records, models loaded. Shape: records in, outcomes out."""
    pipeline = Pipeline.load(model=model, own_voice_least=own_voice_least)
    log.info("Extraction %s", pipeline.version)
    if model and pipeline.version.endswith("rules-only"):
        log.warning("No attribution model is installed: extraction goes by rules only and finds less")

    def work(records: Sequence[Record]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        articles: list[tuple[int, RawArticle]] = []
        for index, record in enumerate(records):
            try:
                articles.append((index, decode_article(record.value or b"", largest=article_max_bytes)))
            except BrokenRecordError as broken:
                outcomes[index] = Dead(broken.reason, broken.error)
            except Exception as broken:  # noqa: BLE001 - a decoder's bug costs its record, not the batch
                outcomes[index] = Dead(DeadReason.BAD_SCHEMA, f"{type(broken).__name__}: {broken}")
        results = pipeline.extract([article for _, article in articles])
        for (index, _), result in zip(articles, results, strict=True):
            match result:
                case Extracted(extraction):
                    outcomes[index] = published(records[index], extraction, topics)
                case Dropped(reason, detail):
                    outcomes[index] = Drop(reason, detail)
                case Failed(reason, error):
                    outcomes[index] = Dead(reason, error)
        return [outcomes[index] for index in range(len(records))]

    return work


def published(record: Record, extraction: Extraction, topics: Topics) -> Outcome:
    """The extraction with the record's coordinates, ready to be published under the article's uri."""
    where: dict[str, Any] = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
    located = replace(
        extraction,
        provenance=replace(extraction.provenance, **where),
        claims=[replace(claim, provenance=replace(claim.provenance, **where)) for claim in extraction.claims],
    )
    headers = cloud_event(
        kind=EXTRACTION_TYPE,
        event_id=located.extraction_id,
        source=f"/{record.topic}/{record.partition}/{record.offset}",
        subject=located.article.uri,
        at=datetime.now(UTC),
        carried=trace_context(record.headers),
    )
    return Ok((Output(topics.extracted, located.article.uri.encode("utf-8", "replace"), encode(located), headers),))
