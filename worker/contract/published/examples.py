"""One example of each message, for readers of the schemas."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import UTC, datetime

from worker.contract.alert import Alert, AlertReason, Condition, Watch
from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.article_group import ArticleGroup, GroupMember
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
from worker.contract.dead_letter import DeadLetter
from worker.contract.extraction import Block, BlockKind, Extraction
from worker.contract.ids import claim_id, digest, entity_id, extraction_id
from worker.contract.reasons import DeadReason
from worker.contract.relation import (
    Aspect,
    ClaimCluster,
    ClaimRelation,
    RelatedClaim,
    RelationKind,
    RelationReason,
)
from worker.contract.review import Rating, Review, review_id, score_of
from worker.contract.standing import ClaimStanding, NumberRange, StandingSide, Verdict

__all__ = [
    "article_message",
    "example_alert",
    "example_article",
    "example_article_group",
    "example_claim",
    "example_cluster",
    "example_dead_letter",
    "example_extraction",
    "example_relation",
    "example_review",
    "example_standing",
    "example_watch",
]

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


def article_message() -> dict[str, object]:
    """The example as a message: how it was read is no part of it."""
    article = example_article()
    return {spec.name: getattr(article, spec.name) for spec in fields(article) if spec.name != "notes"}


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
        blocks=[
            Block(BlockKind.HEADLINE, 0, len(_HEADLINE)),
            Block(BlockKind.PARAGRAPH, len(_HEADLINE) + 2, len(_TEXT)),
        ],
        byline="Staff",
        origins={"headline": "headline", "published_at": "published_at", "publisher": "publisher", "byline": "byline"},
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


def _related() -> RelatedClaim:
    claim = example_claim()
    return RelatedClaim(
        claim_id=claim.claim_id,
        uri=claim.article.uri,
        text=claim.content.text,
        source=claim.attribution[-1].source.name,
        publisher=claim.article.publisher,
        published_at=claim.article.published_at,
    )


def example_relation() -> ClaimRelation:
    mine = _related()
    uri, text = "https://other.example/quay", "The northern quay would be open again in 3 weeks"
    other = replace(
        mine,
        claim_id=claim_id(uri, "Mayor Anna Lind", text),
        uri=uri,
        text=text,
        source="Anna Lind",
        publisher="The Other",
        published_at="2026-03-02T11:00:00Z",
    )
    return ClaimRelation(
        relation_id=digest("relation/1", *sorted((mine.claim_id, other.claim_id))),
        relation=RelationKind.CONTRADICTS,
        a=mine,
        b=other,
        confidence=0.81,
        reasons=[
            RelationReason(aspect=Aspect.SOURCE, agrees=False, a="The port authority", b="Anna Lind"),
            RelationReason(aspect=Aspect.WORDS, agrees=True, a="northern, quay", b="northern, quay"),
            RelationReason(aspect=Aspect.QUANTITY, agrees=False, a="at least 12 weeks", b="3 weeks"),
        ],
    )


def example_cluster() -> ClaimCluster:
    first = _related()
    uri, text = "https://other.example/harbour", "The northern quay will be closed for 12 weeks or more"
    retold = replace(
        first,
        claim_id=claim_id(uri, "port authority", text),
        uri=uri,
        text=text,
        publisher="The Other",
        published_at="2026-03-03T06:00:00Z",
    )
    return ClaimCluster(
        cluster_id=digest("cluster/1", first.claim_id),
        text=first.text,
        source=first.source,
        first_published_at=first.published_at,
        last_published_at=retold.published_at,
        members=[first, retold],
    )


def example_article_group() -> ArticleGroup:
    raw = example_article()
    return ArticleGroup(
        group=digest("group/1", raw.uri),
        parent=raw.uri,
        members=[
            GroupMember(raw.uri, raw.publisher, "2026-03-02T07:30:00Z", "parent", 1.0, 1.0),
            GroupMember("https://other.example/harbour", "The Other", "2026-03-02T09:10:00Z", "excerpt", 0.97, 0.41),
        ],
    )


def example_standing() -> ClaimStanding:
    cluster, denial = example_cluster(), example_relation().b
    members = [member.claim_id for member in cluster.members]
    weeks = 604800.0
    review = example_review()
    told = StandingSide(
        sources=1,
        publishers=2,
        names=["The port authority"],
        first_published_at=cluster.first_published_at,
        last_published_at=cluster.last_published_at,
        numbers=[NumberRange(unit="second", min=12 * weeks, max=None, claims=2)],
        evidence=members,
    )
    return ClaimStanding(
        cluster_id=cluster.cluster_id,
        text=cluster.text,
        source=cluster.source,
        first_published_at=cluster.first_published_at,
        last_published_at=cluster.last_published_at,
        members=members,
        reports=told,
        asserts=told,
        denies=StandingSide(
            sources=1,
            publishers=1,
            names=["Anna Lind"],
            first_published_at=denial.published_at,
            last_published_at=denial.published_at,
            numbers=[NumberRange(unit="second", min=3 * weeks, max=3 * weeks, claims=1)],
            evidence=[denial.claim_id],
        ),
        tension=StandingSide(),
        verdicts=[
            Verdict(
                review_id=review.review_id,
                author=review.author,
                url=review.url,
                rating=review.rating.words,
                score=score_of(review.rating),
                published_at=review.published_at,
                claim=review.claim,
                claimant=review.claimant,
                member=members[0],
                confidence=0.93,
            )
        ],
    )


def example_review() -> Review:
    url, author, claim = "https://checks.example/quay", "The Checkers", "The northern quay will stay shut for 12 weeks"
    start = claim.index("12 weeks")
    return Review(
        review_id=review_id(url, author, claim),
        claim=claim,
        author=author,
        url=url,
        rating=Rating(words="Mostly false", value=2, worst=1, best=5),
        published_at="2026-03-04T00:00:00Z",
        claimant="The port authority",
        claimed_at="2026-03-02T00:00:00Z",
        appearances=["https://news.example/2026/harbour"],
        quantities=[
            Quantity(
                span=Span(start=start, end=start + 8, exact="12 weeks", prefix=claim[start - 32 : start], suffix=""),
                min=12,
                max=12,
                unit="weeks",
            )
        ],
    )


def example_watch() -> Watch:
    return Watch(source="port authority", words="northern quay", relations=[RelationKind.CONTRADICTS])


def example_alert() -> Alert:
    relation, watch = example_relation(), example_watch()
    return Alert(
        alert_id=digest("alert/1", "quay", relation.relation_id),
        watch="quay",
        claim=relation.b,
        relation=relation,
        reasons=[
            AlertReason(condition=Condition.SOURCE, asked=watch.source or "", found="The port authority"),
            AlertReason(condition=Condition.WORDS, asked=watch.words or "", found="northern, quay"),
            AlertReason(condition=Condition.RELATION, asked="contradicts", found="contradicts"),
        ],
    )
