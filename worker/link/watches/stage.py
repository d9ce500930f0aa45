"""A watch and a claim or relation in, an alert out, or None. Pure."""

from __future__ import annotations

from worker.contract.alert import Alert, AlertReason, Condition, Watch
from worker.contract.ids import digest
from worker.contract.relation import ClaimRelation
from worker.link.relations.reading import Reading
from worker.link.relations.stage import related_claim
from worker.link.watches.conditions import reasons_for

__all__ = ["alert_id", "alert_of_claim", "alert_of_relation", "asks_nothing"]


def asks_nothing(watch: Watch) -> bool:
    """Whether it would be told of every claim."""
    return watch == Watch()


def alert_id(name: str, subject: str) -> str:
    """`subject`: the id of the claim, or of the relation where the watch is of relations."""
    return digest("alert/1", name, subject)


def alert_of_claim(name: str, watch: Watch, reading: Reading) -> Alert | None:
    """None for a watch of relations too."""
    if watch.relations:
        return None
    reasons = reasons_for(watch, reading.claim)
    if reasons is None:
        return None
    claim = related_claim(reading)
    return Alert(alert_id=alert_id(name, claim.claim_id), watch=name, claim=claim, reasons=reasons)


def alert_of_relation(name: str, watch: Watch, relation: ClaimRelation, a: Reading, b: Reading) -> Alert | None:
    """`a` and `b` are the relation's. Where both are asked for, the alert is of the later one."""
    if relation.relation not in watch.relations:
        return None
    of_a, of_b = reasons_for(watch, a.claim), reasons_for(watch, b.claim)
    if of_a is None and of_b is None:
        return None
    comes_a = of_a is None or (of_b is not None and _order(a) > _order(b))
    claim, reasons = (relation.a, of_b) if comes_a else (relation.b, of_a)
    kind = relation.relation.value
    return Alert(
        alert_id=alert_id(name, relation.relation_id),
        watch=name,
        claim=claim,
        relation=relation,
        reasons=[*(reasons or []), AlertReason(condition=Condition.RELATION, asked=kind, found=kind)],
    )


def _order(reading: Reading) -> tuple[str, str]:
    return reading.claim.article.published_at or "", reading.claim.claim_id
