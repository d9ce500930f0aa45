"""Relations between claims, and clusters of claims that are one: what `claimwire link` writes, a line each."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Aspect", "ClaimCluster", "ClaimRelation", "RelatedClaim", "RelationKind", "RelationReason"]


class RelationKind(StrEnum):
    """How two claims are related. `revises` has a direction: `a` is the later. The others have none."""

    RESTATES = "restates"
    CORROBORATES = "corroborates"
    CONTRADICTS = "contradicts"
    TENSION = "tension"
    REVISES = "revises"


class Aspect(StrEnum):
    """What of two claims a reason is about."""

    SOURCE = "source"
    ENTITIES = "entities"
    PREDICATE = "predicate"
    POLARITY = "polarity"
    QUANTITY = "quantity"
    TIME = "time"
    ACT = "act"
    CERTAINTY = "certainty"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationReason:
    """One thing in which the claims agree or clash, with the words of both, so that a reader can check it."""

    aspect: Aspect
    agrees: bool
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedClaim:
    """A claim of a relation or cluster, with as much of it as a reader needs to judge the relation."""

    claim_id: str
    uri: str
    text: str
    source: str | None = None
    publisher: str | None = None
    published_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRelation:
    """A relation between two claims. `relation_id` is the same whichever claim comes first.

    `confidence` is calibrated: of relations with .8 about four in five are right, on pairs like those it was fitted on.
    """

    relation_id: str
    relation: RelationKind
    a: RelatedClaim
    b: RelatedClaim
    confidence: float
    reasons: list[RelationReason] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCluster:
    """Claims that are one claim of one source, retold. The earliest comes first and gives the cluster its id.

    The id depends on the members, not on the order in which they were read. It changes when a claim joins that was
    published earlier than all members (then, of the same instant, the one with the smaller id).
    """

    cluster_id: str
    text: str
    source: str | None
    first_published_at: str | None
    last_published_at: str | None
    members: list[RelatedClaim] = field(default_factory=list)
