"""Claims, clusters and relations in, where each claim stands out. Pure, and a function of the set of claims alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from worker.contract.relation import RelationKind
from worker.contract.standing import ClaimStanding, StandingSide, Verdict
from worker.link.relations.clusters import cluster_id
from worker.link.relations.reading import Reading
from worker.link.relations.speaker import Speaker, same_speaker
from worker.link.standing.carriers import carrier_of
from worker.link.standing.numbers import number_ranges

__all__ = ["Related", "in_order", "standing_of"]

Related = tuple[RelationKind, Reading]
"""A claim that a member of the cluster is related with, and how. `revises`: it revises the member."""


def standing_of(
    members: Sequence[Reading],
    related: Iterable[Related],
    parents: Mapping[str, str],
    verdicts: Sequence[Verdict] = (),
) -> ClaimStanding:
    """Where the claim stands that the members are. `related`: claims outside of it, each once or more often.

    `parents`: for the id of each group of copies the publisher of its parent. `verdicts`: of fact-checkers on it.

    Raises:
        ValueError: there are no members.
    """
    members = in_order(members)
    if not members:
        raise ValueError("a cluster has members")
    sides: dict[RelationKind, list[Reading]] = {kind: [] for kind in RelationKind}
    for kind, reading in related:
        sides[kind].append(reading)
    first, last = members[0].claim, members[-1].claim
    return ClaimStanding(
        cluster_id=cluster_id(first.claim_id),
        text=first.content.text,
        source=_name(members[0], parents),
        first_published_at=first.article.published_at,
        last_published_at=last.article.published_at,
        members=[member.claim.claim_id for member in members],
        reports=_side(members, parents),
        asserts=_side([*members, *sides[RelationKind.CORROBORATES]], parents),
        denies=_side(sides[RelationKind.CONTRADICTS], parents),
        tension=_side(sides[RelationKind.TENSION], parents),
        revisions=[reading.claim.claim_id for reading in in_order(sides[RelationKind.REVISES])],
        verdicts=list(verdicts),
    )


def in_order(readings: Iterable[Reading]) -> list[Reading]:
    """Each claim once, by publication, then by id."""
    once = {reading.claim.claim_id: reading for reading in readings}
    return sorted(once.values(), key=lambda r: (r.claim.article.published_at or "", r.claim.claim_id))


def _side(readings: Iterable[Reading], parents: Mapping[str, str]) -> StandingSide:
    ordered = in_order(readings)
    if not ordered:
        return StandingSide()
    published = [at for reading in ordered if (at := reading.claim.article.published_at) is not None]
    speakers = _independent(ordered, parents)
    return StandingSide(
        sources=len(speakers),
        publishers=len({carrier_of(reading.claim.article, parents) for reading in ordered}),
        names=[_name(reading, parents) for reading in speakers],
        first_published_at=published[0] if published else None,
        last_published_at=published[-1] if published else None,
        numbers=number_ranges(reading.amounts for reading in ordered),
        evidence=[reading.claim.claim_id for reading in ordered],
    )


def _independent(ordered: Sequence[Reading], parents: Mapping[str, str]) -> list[Reading]:
    """The earliest claim of each source. Sources that a third one is the same as are one: the fewer the safer."""
    earliest: dict[str | Speaker, Reading] = {}
    for reading in ordered:
        earliest.setdefault(_source(reading, parents), reading)
    groups: list[list[str | Speaker]] = []
    for source in earliest:
        same = [any(_are_one(source, other) for other in group) for group in groups]
        joined = [other for group, is_same in zip(groups, same, strict=True) if is_same for other in group]
        groups = [group for group, is_same in zip(groups, same, strict=True) if not is_same]
        groups.append([*joined, source])
    return in_order(in_order(earliest[source] for source in group)[0] for group in groups)


def _source(reading: Reading, parents: Mapping[str, str]) -> str | Speaker:
    """What articles say themselves is said by those whose articles they are."""
    return reading.speaker if reading.claim.attribution else carrier_of(reading.claim.article, parents)


def _are_one(a: str | Speaker, b: str | Speaker) -> bool:
    """Sources that nobody names are one, so that a second one of them is no second witness."""
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    if not _is_named(a) or not _is_named(b):
        return _is_named(a) == _is_named(b)
    return same_speaker(a, b)


def _is_named(speaker: Speaker) -> bool:
    return bool(speaker.words) or speaker.entity_id is not None


def _name(reading: Reading, parents: Mapping[str, str]) -> str:
    return reading.speaker.name if reading.claim.attribution else carrier_of(reading.claim.article, parents)
