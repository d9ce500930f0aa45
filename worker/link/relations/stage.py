"""Claims in, relations and clusters out. Pure: no Kafka, no clock, and the order of the claims does not matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worker.contract.claim import Claim, ClaimStatus
from worker.contract.ids import digest
from worker.contract.relation import ClaimCluster, ClaimRelation, RelatedClaim, RelationKind
from worker.link.relations.candidates import Bounds, candidates
from worker.link.relations.clusters import cluster_id, clustered
from worker.link.relations.comparer import Setting, confidence_of, odds_of
from worker.link.relations.comparison import Comparison, compare
from worker.link.relations.decide import decided, ruled_out_at_once, ruled_out_compared
from worker.link.relations.reading import Reading, reading_of
from worker.link.relations.reasons import reasons_of

__all__ = ["LEAST_CONFIDENCE", "LinkedClaims", "linked", "relation_between"]

LEAST_CONFIDENCE = 0.5
"""Relations below it are mostly wrong: they build no cluster."""


@dataclass(frozen=True, slots=True)
class LinkedClaims:
    """`compared`: how many pairs were looked at."""

    relations: list[ClaimRelation]
    clusters: list[ClaimCluster]
    compared: int


def relation_between(a: Reading, b: Reading, *, of_one_matter: bool = False) -> ClaimRelation | None:
    """The relation of two claims, None where there is none. Which of them comes first makes no difference.

    `of_one_matter`: who asks holds them to more than that they are related, so they need not be told apart from what
    else a stream has.
    """
    if _order(b) < _order(a):
        a, b = b, a
    if ruled_out_at_once(a, b) is not None:
        return None
    found = compare(a, b)
    if ruled_out_compared(found) is not None:
        return None
    setting = _setting(found, of_one_matter=of_one_matter)
    decision = decided(found, odds_of(found, setting))
    if decision is None:
        return None
    if decision.relation is RelationKind.REVISES:  # its first claim is the later one
        a, b = b, a
        found = compare(a, b)
    return ClaimRelation(
        relation_id=digest("relation/1", *sorted((a.claim.claim_id, b.claim.claim_id))),
        relation=decision.relation,
        a=related_claim(a),
        b=related_claim(b),
        confidence=round(confidence_of(decision.probability, setting), 3),
        reasons=reasons_of(found),
    )


def _setting(found: Comparison, *, of_one_matter: bool) -> Setting:
    if of_one_matter:
        return Setting.ONE_MATTER
    return Setting.ONE_ARTICLE if found.of_one_article else Setting.TWO_ARTICLES


def linked(claims: Iterable[Claim], bounds: Bounds | None = None) -> LinkedClaims:
    """The relations between the claims, and the clusters of those that are one claim.

    A claim that comes several times counts by its last revision; what is retracted does not count at all.
    """
    standing: dict[str, Claim] = {}
    for claim in claims:
        known = standing.get(claim.claim_id)
        if known is None or claim.revision >= known.revision:
            standing[claim.claim_id] = claim
    readings = [reading_of(claim) for claim in standing.values() if claim.status is ClaimStatus.ASSERTED]
    readings.sort(key=_order)
    relations = []
    compared = 0
    for i, j in candidates(readings, bounds or Bounds()):
        compared += 1
        relation = relation_between(readings[i], readings[j])
        if relation is not None:
            relations.append(relation)
    return LinkedClaims(relations, _clusters(readings, relations), compared)


def _order(reading: Reading) -> tuple[str, str]:
    return reading.claim.article.published_at or "", reading.claim.claim_id


def _clusters(readings: list[Reading], relations: list[ClaimRelation]) -> list[ClaimCluster]:
    by_id = {reading.claim.claim_id: reading for reading in readings}
    restated: dict[tuple[str, str], float] = {
        (min(r.a.claim_id, r.b.claim_id), max(r.a.claim_id, r.b.claim_id)): r.confidence
        for r in relations
        if r.relation is RelationKind.RESTATES and r.confidence >= LEAST_CONFIDENCE
    }
    apart = [
        (r.a.claim_id, r.b.claim_id)
        for r in relations
        if r.confidence >= LEAST_CONFIDENCE
        and r.relation in (RelationKind.REVISES, RelationKind.CONTRADICTS, RelationKind.TENSION)
    ]
    clusters = []
    for members in clustered(list(by_id), restated, apart):
        first, last = by_id[members[0]], by_id[members[-1]]
        clusters.append(
            ClaimCluster(
                cluster_id=cluster_id(members[0]),
                text=first.claim.content.text,
                source=first.speaker.name,
                first_published_at=first.claim.article.published_at,
                last_published_at=last.claim.article.published_at,
                members=[related_claim(by_id[member]) for member in members],
            )
        )
    return clusters


def related_claim(reading: Reading) -> RelatedClaim:
    claim = reading.claim
    return RelatedClaim(
        claim_id=claim.claim_id,
        uri=claim.article.uri,
        text=claim.content.text,
        source=reading.speaker.name,
        publisher=claim.article.publisher,
        published_at=claim.article.published_at,
    )
