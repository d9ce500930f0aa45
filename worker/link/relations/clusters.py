"""Claims that are one claim: clusters by `restates`, the surest pairs first, none with a clash inside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from worker.contract.ids import digest

__all__ = ["cluster_id", "clustered"]


def clustered(
    claim_ids: Sequence[str], restated: Mapping[tuple[str, str], float], apart: Iterable[tuple[str, str]]
) -> list[list[str]]:
    """Clusters of two or more claims, each in the order of `claim_ids`, which is that of publication.

    `restated` has the confidence of each pair that restates; `apart` are pairs that revise or clash: two clusters that
    hold such a pair are not joined, whatever else links them. So one false link cannot join all. The result depends on
    the pairs and not on their order.
    """
    cluster = {claim: {claim} for claim in claim_ids}
    foes: dict[str, set[str]] = {}
    for a, b in apart:
        foes.setdefault(a, set()).add(b)
        foes.setdefault(b, set()).add(a)
    for (a, b), _ in sorted(restated.items(), key=lambda pair: (-pair[1], pair[0])):
        one, other = cluster[a], cluster[b]
        if one is other or any(not foes.get(claim, frozenset()).isdisjoint(other) for claim in one):
            continue
        joined = one | other
        for claim in joined:
            cluster[claim] = joined
    place = {claim: i for i, claim in enumerate(claim_ids)}
    whole = {id(each): each for each in cluster.values() if len(each) > 1}
    return sorted((sorted(each, key=place.__getitem__) for each in whole.values()), key=lambda each: place[each[0]])


def cluster_id(earliest: str) -> str:
    """The id of the cluster whose earliest claim this is."""
    return digest("cluster/1", earliest)
