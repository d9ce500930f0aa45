"""Extractions for tests of the lifecycle: articles that say what the test wants."""

from __future__ import annotations

from dataclasses import replace

from worker.contract.claim import Provenance
from worker.contract.ids import claim_id, extraction_id
from worker.contract.published.examples import example_extraction

__all__ = ["extraction_of"]


def extraction_of(uri, version, texts, offset, *, topic="articles.raw", partition=0, updated_at=None):
    """The extraction of a raw record at `offset`, with one claim for each text."""
    base = example_extraction()
    (pattern,) = base.claims
    article = replace(
        base.article, uri=uri, version=str(version), text_sha256=f"{version}{texts}", updated_at=updated_at
    )
    provenance = Provenance(pipeline="1", topic=topic, partition=partition, offset=offset)
    claims = [
        replace(
            pattern,
            claim_id=claim_id(uri, "x", text),
            article=article,
            content=replace(pattern.content, text=text),
            provenance=provenance,
        )
        for text in dict.fromkeys(texts)
    ]
    return replace(
        base,
        extraction_id=extraction_id(uri, article.version, article.text_sha256, "1"),
        article=article,
        claims=claims,
        claims_count=len(claims),
        provenance=provenance,
    )
