"""One cluster with all that a reader needs to judge it: its claims side by side, why each is there, the numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from worker.contract.claim import Act, Certainty, Polarity, Voice
from worker.contract.relation import RelationKind, RelationReason
from worker.contract.standing import ClaimStanding

__all__ = ["ClusterView", "NumberPlot", "PlottedNumber", "ShownClaim", "ShownRelation", "Side"]


class Side(StrEnum):
    """Where a claim is shown: as the cluster's own, or by its relation to one of these."""

    REPORTS = "reports"
    SUPPORTS = "supports"
    DISPUTES = "disputes"
    TENSION = "tension"
    REVISIONS = "revisions"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRelation:
    """Why a claim is not on the side of the reports: its relation to `to`, the id of a claim of the cluster.

    In `reasons`, `a` has the words of the claim that is shown, `b` those of `to`.
    """

    relation: RelationKind
    to: str
    confidence: float
    reasons: list[RelationReason]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClaim:
    """A claim of the view. `source`: who says it; for what an article says itself, its publisher. `written`: the words
    of the article. `copy_of`: the id of the claim before it whose article this one's is a copy of, and which says the
    same; null for the others.
    """

    claim_id: str
    side: Side
    source: str
    role: str | None
    voice: Voice
    text: str
    written: str
    act: Act
    negated: bool
    polarity: Polarity
    certainty: Certainty
    uri: str
    headline: str | None
    publisher: str | None
    published_at: str | None
    group: str | None
    copy_of: str | None = None
    relation: ShownRelation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlottedNumber:
    """What a claim states, in the unit of its plot; `min` or `max` is null where open, `exact` as it is written."""

    claim_id: str
    side: Side
    min: float | None
    max: float | None
    approximate: bool
    exact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPlot:
    """Numbers of two claims or more that count or measure one thing; `unit` as most of them have it."""

    unit: str
    numbers: list[PlottedNumber]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """`claims`: side by side, each side by publication. `left_out`: how many claims there are besides; where it is not
    0, `standing` is counted without them too. `as_of_ms`: up to when nothing was missed, milliseconds since 1970.
    """

    standing: ClaimStanding
    claims: list[ShownClaim]
    plots: list[NumberPlot] = field(default_factory=list)
    left_out: int = 0
    as_of_ms: int = 0
