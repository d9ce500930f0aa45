"""Standing of all claims at once, from their relations: the truth that everything else is held to."""

from __future__ import annotations

from worker.contract.claim import ClaimStatus
from worker.contract.relation import RelationKind
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import LEAST_CONFIDENCE, linked
from worker.link.standing.stage import standing_of


def standings(claims, found=None, parents=None):
    """The standing of each claim that stands, by cluster; `found`: relations and clusters, else those of `linked`."""
    found = found or linked(claims)
    readings = {c.claim_id: reading_of(c) for c in claims if c.status is ClaimStatus.ASSERTED}
    clusters = [[member.claim_id for member in cluster.members] for cluster in found.clusters]
    clustered = {member for cluster in clusters for member in cluster}
    clusters += [[claim_id] for claim_id in readings if claim_id not in clustered]
    sure = [relation for relation in found.relations if relation.confidence >= LEAST_CONFIDENCE]
    result = {}
    for members in clusters:
        related = []
        for relation in sure:
            a, b = relation.a.claim_id, relation.b.claim_id
            if a in members and b not in members and relation.relation is not RelationKind.REVISES:
                related.append((relation.relation, readings[b]))
            if b in members and a not in members:
                related.append((relation.relation, readings[a]))
        standing = standing_of([readings[member] for member in members], related, parents or {})
        result[standing.cluster_id] = standing
    return result
