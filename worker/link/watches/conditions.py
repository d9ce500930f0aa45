"""What of a claim meets the conditions of a watch. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from worker.contract.alert import AlertReason, Condition, Watch
from worker.contract.claim import Claim
from worker.contract.ids import normalise
from worker.link.relations.stems import stem, tokens_of

__all__ = ["reasons_for"]

_WORD = re.compile(r"\w+")


def reasons_for(watch: Watch, claim: Claim) -> list[AlertReason] | None:
    """What meets the conditions, without the relations; None where one is not met."""
    reasons: list[AlertReason] = []
    for condition, asked, find in _CONDITIONS:
        wanted = asked(watch)
        if not wanted:
            continue
        found = find(wanted, claim)
        if found is None:
            return None
        reasons.append(AlertReason(condition=condition, asked=wanted, found=found))
    return reasons


def _is_named(wanted: str, entity_id: str | None, name: str | None) -> bool:
    words = _words(wanted)
    return entity_id == wanted or (bool(words) and words <= _words(name))


def _words(text: str | None) -> frozenset[str]:
    return frozenset(_WORD.findall(normalise(text or "")))


def _entity(wanted: str, claim: Claim) -> str | None:
    return next((e.name for e in claim.entities if _is_named(wanted, e.entity_id, e.name)), None)


def _source(wanted: str, claim: Claim) -> str | None:
    if not claim.attribution:
        return claim.article.publisher if _is_named(wanted, None, claim.article.publisher) else None
    source = claim.attribution[-1].source
    written = source.span.exact if source.span else ""
    return source.name or written if _is_named(wanted, source.entity_id, f"{source.name or ''} {written}") else None


def _stated(wanted: str, claim: Claim) -> str | None:
    text = claim.content.text
    there = {stem(word): word for word in (*tokens_of(text), *_WORD.findall(text.lower()))}
    words = [stem(word) for word in _WORD.findall(wanted.lower())]
    return ", ".join(there[word] for word in words) if words and all(word in there for word in words) else None


def _act(wanted: str, claim: Claim) -> str | None:
    act = claim.act.value
    return act if act in wanted.split(", ") else None


def _worth(wanted: str, claim: Claim) -> str | None:
    worth = claim.check_worthiness
    return f"{worth:g}" if worth is not None and worth >= float(wanted) else None


_CONDITIONS: tuple[tuple[Condition, Callable[[Watch], str | None], Callable[[str, Claim], str | None]], ...] = (
    (Condition.ENTITY, lambda watch: watch.entity, _entity),
    (Condition.SOURCE, lambda watch: watch.source, _source),
    (Condition.WORDS, lambda watch: watch.words, _stated),
    (Condition.ACT, lambda watch: ", ".join(act.value for act in watch.acts), _act),
    (Condition.WORTH, lambda watch: f"{watch.least_worth:g}" if watch.least_worth else None, _worth),
)
