"""What somebody wants to be told of, and that it has come: `claims.watches` and `claims.alerts`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from worker.contract.claim import Act
from worker.contract.relation import ClaimRelation, RelatedClaim, RelationKind

__all__ = ["Alert", "AlertReason", "Condition", "Watch"]


class Condition(StrEnum):
    """What a watch can ask of a claim."""

    ENTITY = "entity"
    SOURCE = "source"
    WORDS = "words"
    ACT = "act"
    WORTH = "worth"
    RELATION = "relation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The value of a record in `claims.watches`, keyed by the watch's name: which claims somebody wants to be told of.

    All that is given must hold. `entity`: a name, of which all words must be in that of something that the claim
    mentions, or an entity_id. `source`: the same for who says it; for what an article says itself its publisher.
    `words`: all of them are in the claim's text, whatever their endings. `acts`: one of them. `least_worth`: the least
    check-worthiness.

    With `relations` it is told when a claim has one of these relations to a claim for which all the rest holds:
    contradicts and a source's name, "tell me when somebody contradicts her".
    """

    entity: str | None = None
    source: str | None = None
    words: str | None = None
    acts: list[Act] = field(default_factory=list)
    least_worth: float = 0.0
    relations: list[RelationKind] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReason:
    """A condition of the watch, and what of the claim meets it."""

    condition: Condition
    asked: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """The value of a record in `claims.alerts`, keyed by `alert_id`: a claim that a watch asks for.

    `claim`: the one that came. For a watch of relations the claim that it asks for is on the other side of `relation`;
    where it asks for both, `claim` is the later. `reasons` are of the claim that the watch asks for. A record without
    value says that it holds no more: the claim was retracted, the relation fell, the watch ended.
    """

    alert_id: str
    watch: str
    claim: RelatedClaim
    relation: ClaimRelation | None = None
    reasons: list[AlertReason] = field(default_factory=list)
