"""Which claims of one side are copies of another one there: the same sentence in another print of one text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worker.contract.ids import normalise
from worker.link.relations.reading import Reading
from worker.link.standing.carriers import publisher_or_host

__all__ = ["copies_among"]


def copies_among(readings: Sequence[Reading], parents: Mapping[str, str]) -> dict[str, str]:
    """For the id of a claim that is a copy the id of the one that it is folded under.

    `readings`: of one side, in order. `parents`: for the id of a group of copies the publisher of its parent, whose
    print is the one to be shown; where that has no claim here, it is the earliest.
    """
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.claim.article.group is not None:
            groups.setdefault(reading.claim.article.group, []).append(reading)
    found: dict[str, str] = {}
    for group, members in groups.items():
        shown = next((each for each in members if _carrier(each) == parents.get(group)), members[0])
        uri = shown.claim.article.uri
        ours = [each for each in members if each.claim.article.uri == uri]
        by_text = {normalise(each.claim.content.text): each for each in reversed(ours)}
        for each in members:
            if each.claim.article.uri != uri:
                same = by_text.get(normalise(each.claim.content.text), shown)
                found[each.claim.claim_id] = same.claim.claim_id
    return found


def _carrier(reading: Reading) -> str:
    return publisher_or_host(reading.claim.article.uri, reading.claim.article.publisher)
