"""A review and a claim in, the confidence that the claim says what was reviewed out; verdicts for a cluster. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from worker.contract.claim import (
    Act,
    Article,
    AttributionLink,
    Claim,
    Content,
    Provenance,
    QuoteType,
    Source,
    Span,
    Voice,
)
from worker.contract.relation import RelationKind
from worker.contract.review import Review, rating_in_words, score_of
from worker.contract.standing import Verdict
from worker.link.relations.comparison import Comparison, compare
from worker.link.relations.reading import Reading, reading_of
from worker.link.relations.stage import relation_between

__all__ = ["Matched", "confidence_of_match", "reading_of_review", "verdicts_of"]

_SAYS_THE_SAME = frozenset([RelationKind.RESTATES, RelationKind.CORROBORATES])
_MAX_VERDICTS = 20
_NEARLY_ALL, _MOST = 0.8, 0.5
"""Shares of the words of each that have their like in the other, by how much each word tells."""
_ALIKE = 0.4

Matched = tuple[str, str, float]
"""The id of a claim, that of a review, and how sure it is that the claim says what was reviewed."""


def reading_of_review(review: Review) -> Reading:
    """What was reviewed, as a claim of the claimant's, or of nobody's where none is named."""
    source = Source(span=None, name=review.claimant, kind=None)
    link = AttributionLink(
        source=source, cue=None, act=Act.ASSERT, quote_type=QuoteType.INDIRECT, confidence=1.0, addressees=[]
    )
    return reading_of(
        Claim(
            claim_id=review.review_id,
            article=Article(
                uri=review.url,
                version="",
                text_sha256="",
                publisher=review.author,
                published_at=review.claimed_at or review.published_at,
            ),
            voice=Voice.ATTRIBUTED,
            attribution=[link],
            content=Content(
                text=review.claim,
                spans=[Span(start=0, end=len(review.claim), exact=review.claim, prefix="", suffix="")],
            ),
            act=Act.ASSERT,
            polarity=review.polarity,
            modality=review.modality,
            proposition=review.proposition,
            quantities=review.quantities,
            times=review.times,
            entities=review.entities,
            provenance=Provenance(pipeline=""),
        )
    )


def confidence_of_match(review: Reading, claim: Reading) -> float | None:
    """That of their relation as two claims, where it is that they say the same, whoever says it; None where there is no
    such relation. Sure enough is what the words below ask for.

    A verdict is on what is said: it holds for each who says so. But "false" on a claim that only says something alike
    is worse than no verdict. So no name may differ, and nearly all words of each have their like in the other; or most
    of them, where subject and predicate do.
    """
    relation = relation_between(review, claim, of_one_matter=True)
    if relation is None or relation.relation not in _SAYS_THE_SAME:
        return None
    return relation.confidence if _is_one_statement(compare(review, claim)) else None


def _is_one_statement(found: Comparison) -> bool:
    covered = found["covered, less"]
    about_one = found["subject alike"] > 0 and found["predicate alike"] >= _ALIKE
    return found["names differ"] == 0 and (covered >= _NEARLY_ALL or (covered >= _MOST and about_one))


def verdicts_of(matched: Iterable[Matched], reviews: Mapping[str, Review]) -> list[Verdict]:
    """The verdicts on a cluster, each review once, by its surest claim: the 20 surest, the earliest first."""
    surest: dict[str, tuple[float, str]] = {}
    for claim, review, confidence in sorted(matched, key=lambda one: (-one[2], one[0])):
        surest.setdefault(review, (confidence, claim))
    chosen = sorted(surest, key=lambda review: (-surest[review][0], review))[:_MAX_VERDICTS]
    verdicts = [_verdict(reviews[review], *surest[review]) for review in chosen]
    return sorted(verdicts, key=lambda verdict: (verdict.published_at or "", verdict.review_id))


def _verdict(review: Review, confidence: float, member: str) -> Verdict:
    return Verdict(
        review_id=review.review_id,
        author=review.author,
        url=review.url,
        rating=rating_in_words(review.rating),
        score=score_of(review.rating),
        published_at=review.published_at,
        claim=review.claim,
        claimant=review.claimant,
        member=member,
        confidence=confidence,
    )
