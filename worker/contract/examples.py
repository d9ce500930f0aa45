"""One example of each message, for the schemas' readers; spans are counted, not typed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.claim import (
    Act,
    Article,
    AttributionLink,
    Claim,
    Content,
    Entity,
    Provenance,
    Quantity,
    QuoteType,
    Source,
    Span,
    Voice,
)
from worker.contract.dead_letter import DeadLetter, DeadReason
from worker.contract.extraction import Extraction
from worker.contract.ids import claim_id, entity_id, extraction_id

__all__ = ["example_article", "example_claim", "example_dead_letter", "example_extraction"]

_HEADLINE = "Harbour to close for repairs"
_BODY = "The port authority said the northern quay would stay shut for at least 12 weeks."
_TEXT = f"{_HEADLINE}\n\n{_BODY}"


def _span(exact: str) -> Span:
    start = _TEXT.index(exact)
    end = start + len(exact)
    return Span(
        start=start, end=end, exact=exact, prefix=_TEXT[max(0, start - 32) : start], suffix=_TEXT[end : end + 32]
    )


def example_article() -> RawArticle:
    return RawArticle(
        uri="https://news.example/2026/harbour",
        headline=_HEADLINE,
        body=_BODY,
        published_at=datetime(2026, 3, 2, 7, 30, tzinfo=UTC),
        language="en",
        publisher="The Example",
        byline="Staff",
    )


def example_claim() -> Claim:
    raw = example_article()
    source, content = "The port authority", "the northern quay would stay shut for at least 12 weeks"
    authority = entity_id("ORG", source)
    return Claim(
        claim_id=claim_id(raw.uri, source, content),
        article=Article(
            uri=raw.uri,
            version=raw.version,
            text_sha256=hashlib.sha256(_TEXT.encode()).hexdigest(),
            headline=raw.headline,
            publisher=raw.publisher,
            published_at="2026-03-02T07:30:00Z",
            language="en",
        ),
        voice=Voice.ATTRIBUTED,
        attribution=[
            AttributionLink(
                source=Source(span=_span(source), name=source, entity_id=authority, kind="organisation"),
                cue=_span("said"),
                act=Act.ASSERT,
                quote_type=QuoteType.INDIRECT,
                confidence=0.93,
            )
        ],
        content=Content(text=content, spans=[_span(content)]),
        act=Act.ASSERT,
        quantities=[Quantity(span=_span("at least 12 weeks"), min=12, max=None, unit="weeks")],
        entities=[Entity(name=source, entity_id=authority, type="ORG", spans=[_span(source)])],
        confidence=0.9,
        provenance=Provenance(pipeline="0.1.0", topic="articles.raw", partition=3, offset=1207),
    )


def example_extraction() -> Extraction:
    claim = example_claim()
    article = claim.article
    return Extraction(
        extraction_id=extraction_id(article.uri, article.version, article.text_sha256, claim.provenance.pipeline),
        article=article,
        status=ArticleStatus.USABLE,
        text=_TEXT,
        claims_count=1,
        claims=[replace(claim)],
        provenance=claim.provenance,
    )


def example_dead_letter() -> DeadLetter:
    value = b'{"uri": "https://news.example/2026/half", "bo'
    return DeadLetter(
        reason=DeadReason.NOT_JSON,
        error="not JSON: unexpected end of data (character 45)",
        topic="articles.raw",
        partition=3,
        offset=1208,
        timestamp=1772436600000,
        value_sha256=hashlib.sha256(value).hexdigest(),
        value_bytes=len(value),
    )
