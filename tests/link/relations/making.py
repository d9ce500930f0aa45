"""Claims for the tests: made by hand, or from short articles by the pipeline."""

from __future__ import annotations

from datetime import datetime

from worker.contract.article import RawArticle
from worker.contract.claim import (
    Act,
    Article,
    AttributionLink,
    Claim,
    Content,
    Proposition,
    Provenance,
    QuoteType,
    Source,
    Span,
    Voice,
)
from worker.contract.ids import claim_id
from worker.extraction.outcome import Extracted


def made_claim(
    text, *, source="Anna Berg", uri="https://a.example/1", day="2026-03-02", predicate="be", subject=None, **changed
):
    """A claim with this text by this source. `changed` are further fields of the claim."""
    link = AttributionLink(
        source=Source(span=None, name=source, kind="person"),
        cue=None,
        act=changed.get("act", Act.ASSERT),
        quote_type=QuoteType.INDIRECT,
        confidence=0.9,
    )
    return Claim(
        claim_id=claim_id(uri, source, text),
        article=Article(uri=uri, version="1", text_sha256="", publisher=uri, published_at=f"{day}T08:00:00Z"),
        voice=Voice.ATTRIBUTED,
        attribution=[link],
        content=Content(text=text, spans=[Span(start=0, end=len(text), exact=text)]),
        proposition=Proposition(subject=subject, predicate=predicate),
        provenance=Provenance(pipeline="test"),
        **{"act": Act.ASSERT} | changed,
    )


def claims_in(pipeline, text, *, publisher="The Daily", at="2026-03-02T08:00:00Z", headline=None):
    """The claims that the pipeline finds in an article."""
    article = RawArticle(
        uri=f"https://{publisher.replace(' ', '').lower()}.example/{at[:10]}",
        body=text,
        headline=headline,
        publisher=publisher,
        published_at=datetime.fromisoformat(at),
    )
    (outcome,) = pipeline.extract([article])
    assert isinstance(outcome, Extracted)
    return outcome.extraction.claims
