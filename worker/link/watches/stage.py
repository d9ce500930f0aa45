"""A watch and a claim or relation in, an alert out, or None. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from worker.contract.alert import Alert, AlertReason, Condition, Watch
from worker.contract.claim import Claim
from worker.contract.ids import digest, normalise
from worker.contract.relation import ClaimRelation
from worker.link.relations.reading import Reading
from worker.link.relations.stage import related_claim
from worker.link.relations.stems import stem, tokens_of

__all__ = ["alert_id", "alert_of_claim", "alert_of_relation", "asks_nothing", "reasons_for"]

_WORD = re.compile(r"\w+")


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
    reasons = reasons_for(watch, reading)
    if reasons is None:
        return None
    claim = related_claim(reading)
    return Alert(alert_id=alert_id(name, claim.claim_id), watch=name, claim=claim, reasons=reasons)


def alert_of_relation(name: str, watch: Watch, relation: ClaimRelation, a: Reading, b: Reading) -> Alert | None:
    """`a` and `b` are the relation's. Where both are asked for, the alert is of the later one."""
    if relation.relation not in watch.relations:
        return None
    of_a, of_b = reasons_for(watch, a), reasons_for(watch, b)
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


def reasons_for(watch: Watch, reading: Reading) -> list[AlertReason] | None:
    """What meets the conditions, without the relations; None where one is not met."""
    reasons: list[AlertReason] = []
    for condition, asked, find in _CONDITIONS:
        wanted = asked(watch)
        if not wanted:
            continue
        found = find(wanted, reading)
        if found is None:
            return None
        reasons.append(AlertReason(condition=condition, asked=wanted, found=found))
    return reasons


def _is_named(wanted: str, entity_id: str | None, name: str | None) -> bool:
    words = _words(wanted)
    return entity_id == wanted or (bool(words) and words <= _words(name))


def _words(text: str | None) -> frozenset[str]:
    return frozenset(_WORD.findall(normalise(text or "")))


def _entity(wanted: str, reading: Reading) -> str | None:
    return next((e.name for e in reading.claim.entities if _is_named(wanted, e.entity_id, e.name)), None)


def _source(wanted: str, reading: Reading) -> str | None:
    claim: Claim = reading.claim
    if not claim.attribution:
        return claim.article.publisher if _is_named(wanted, None, claim.article.publisher) else None
    source = claim.attribution[-1].source
    written = source.span.exact if source.span else ""
    return source.name or written if _is_named(wanted, source.entity_id, f"{source.name or ''} {written}") else None


def _stated(wanted: str, reading: Reading) -> str | None:
    text = reading.claim.content.text
    there = {stem(word): word for word in (*tokens_of(text), *_WORD.findall(text.lower()))}
    words = [stem(word) for word in _WORD.findall(wanted.lower())]
    return ", ".join(there[word] for word in words) if words and all(word in there for word in words) else None


def _act(wanted: str, reading: Reading) -> str | None:
    act = reading.claim.act.value
    return act if act in wanted.split(", ") else None


def _worth(wanted: str, reading: Reading) -> str | None:
    worth = reading.claim.check_worthiness
    return f"{worth:g}" if worth is not None and worth >= float(wanted) else None


_CONDITIONS: tuple[tuple[Condition, Callable[[Watch], str | None], Callable[[str, Reading], str | None]], ...] = (
    (Condition.ENTITY, lambda watch: watch.entity, _entity),
    (Condition.SOURCE, lambda watch: watch.source, _source),
    (Condition.WORDS, lambda watch: watch.words, _stated),
    (Condition.ACT, lambda watch: ", ".join(act.value for act in watch.acts), _act),
    (Condition.WORTH, lambda watch: f"{watch.least_worth:g}" if watch.least_worth else None, _worth),
)
