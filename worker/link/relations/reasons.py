"""The reasons of a relation, with the words of both claims: what agrees and what clashes."""

from __future__ import annotations

from collections.abc import Iterator

from worker.contract.relation import Aspect, RelationReason
from worker.link.relations.amounts import Amount
from worker.link.relations.comparison import Comparison
from worker.link.relations.reading import Reading

__all__ = ["reasons_of"]

_ALIKE = 0.6
_MAX_WORDS = 8


def reasons_of(found: Comparison) -> list[RelationReason]:
    """Those that apply, the source first."""
    return list(_reasons(found))


def _reasons(found: Comparison) -> Iterator[RelationReason]:
    a, b = found.a, found.b
    yield RelationReason(aspect=Aspect.SOURCE, agrees=found.same_source, a=a.speaker.name, b=b.speaker.name)
    yield from _same_matter(found)
    if found.negation_differs:
        yield RelationReason(aspect=Aspect.POLARITY, agrees=False, a=a.claim.polarity.value, b=b.claim.polarity.value)
    for opposed in found.opposed:
        yield RelationReason(
            aspect=Aspect.PREDICATE, agrees=False, a=_as_written(opposed.a, a), b=_as_written(opposed.b, b)
        )
    if found.shares is not None:
        of_a, of_b = found.shares
        yield RelationReason(aspect=Aspect.QUANTITY, agrees=not found.clash, a=of_a.exact, b=of_b.exact)
    if found.roles_swapped:
        yield RelationReason(aspect=Aspect.ENTITIES, agrees=False, a=_subject(a), b=_subject(b))
    for agrees, pairs in ((True, found.amounts_met), (False, found.amounts_clashed)):
        for mine, other in pairs:
            yield RelationReason(aspect=Aspect.QUANTITY, agrees=agrees, a=_words(mine), b=_words(other))
    if a.intervals and b.intervals:
        yield RelationReason(
            aspect=Aspect.TIME, agrees=not found.dated_apart, a=a.intervals[0].exact, b=b.intervals[0].exact
        )
    if a.wants or b.wants or a.claim.act is not b.claim.act:
        yield RelationReason(aspect=Aspect.ACT, agrees=a.wants == b.wants, a=a.claim.act.value, b=b.claim.act.value)
    if a.hedged != b.hedged:
        certain = [each.claim.modality.certainty.value for each in (a, b)]
        yield RelationReason(aspect=Aspect.CERTAINTY, agrees=False, a=certain[0], b=certain[1])


def _same_matter(found: Comparison) -> Iterator[RelationReason]:
    a, b = found.a, found.b
    if found.shared_names:
        names = ", ".join(dict.fromkeys(name.text for name in found.shared_names))
        yield RelationReason(aspect=Aspect.ENTITIES, agrees=True, a=names, b=names)
    verbs = [each.claim.proposition.predicate if each.claim.proposition else "" for each in (a, b)]
    if found.predicate_alike >= _ALIKE and all(verbs):
        yield RelationReason(aspect=Aspect.PREDICATE, agrees=True, a=verbs[0], b=verbs[1])
    if common := _common_words(a, b):
        yield RelationReason(aspect=Aspect.WORDS, agrees=True, a=common, b=common)


def _common_words(a: Reading, b: Reading) -> str:
    others = set(b.stems)
    common = dict.fromkeys(word for word, stem in zip(a.words, a.stems, strict=True) if stem in others)
    return ", ".join(list(common)[:_MAX_WORDS])


def _subject(reading: Reading) -> str:
    proposition = reading.claim.proposition
    return f"{proposition.subject or ''} {proposition.predicate}".strip() if proposition else ""


def _as_written(stem: str, reading: Reading) -> str:
    return next((word for word, its in zip(reading.words, reading.stems, strict=True) if its == stem), stem)


def _words(amount: Amount) -> str:
    return amount.exact if not amount.unit or amount.unit in amount.exact else f"{amount.exact} ({amount.unit})"
