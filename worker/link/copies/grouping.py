"""From pairs to groups: what is one text, what is cut or quoted from it, and which member is the parent. Pure.

Pairs of copies are joined whoever is linked with whom: an edit of an edit is still a copy. A text that contains another
one joins it alone: an overview that quotes two stories must not make one story of them. So each text joins, of all
shorter ones that it contains, the one that most of it is made of. The groups depend on the set of texts and their ties
only, not on the order in which they came.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["Inclusion", "Joined", "Member", "groups_of", "parent_of"]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The text `shorter` is contained in `longer`, and is this share of it. Texts by their index."""

    shorter: int
    longer: int
    share: float


class Joined:
    """Sets that are joined, by index: `root` is the lowest index of the set, whatever the order of joining."""

    def __init__(self, count: int) -> None:
        self._above = array("q", range(count))

    def root(self, index: int) -> int:
        above = self._above
        while above[index] != index:
            above[index] = above[above[index]]
            index = above[index]
        return index

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.root(one), self.root(other)))
        self._above[high] = low


def groups_of(copies: Joined, words: Sequence[int], inclusions: Iterable[Inclusion]) -> dict[int, list[int]]:
    """The members of each group of two or more, ascending, by the lowest of them.

    `copies`: the texts joined with those that they are copies of; `words`: the length of each text.
    """
    roots = array("q", (copies.root(index) for index in range(len(words))))
    longest = array("q", bytes(8 * len(words)))
    for index, root in enumerate(roots):
        longest[root] = max(longest[root], words[index])
    joins: dict[int, tuple[float, int]] = {}
    for inclusion in inclusions:
        shorter, longer = roots[inclusion.shorter], roots[inclusion.longer]
        if (longest[shorter], shorter) >= (longest[longer], longer):
            continue
        joins[longer] = max(joins.get(longer, (0.0, -1)), (inclusion.share, -shorter))
    whole = Joined(len(words))
    for index, root in enumerate(roots):
        whole.join(index, root)
    for longer, (_, shorter) in joins.items():
        whole.join(longer, -shorter)
    members: dict[int, list[int]] = {}
    for index in range(len(words)):
        root = whole.root(index)
        if root != index:  # the lowest of a group is its root, so singles are never written down
            members.setdefault(root, [root]).append(index)
    return members


@dataclass(frozen=True, slots=True)
class Member:
    """`published`: an ISO 8601 instant in UTC, None where it is not known. `copies`: the set of copies it is of."""

    uri: str
    words: int
    published: str | None
    copies: int


_COMPLETE = 0.8


def parent_of(members: Sequence[Member]) -> Member:
    """The earliest of the complete texts among the largest set of copies in the group, of equal sets the earliest.

    Complete is what has .8 of the length of the set's median; without a date counts as last. What is equal in all goes
    by the uri, so that the parent does not depend on the order of the members.
    """
    sets: dict[int, list[Member]] = defaultdict(list)
    for member in members:
        sets[member.copies].append(member)
    largest = min(sets.values(), key=lambda found: (-len(found), *_first(found)))
    lengths = sorted(member.words for member in largest)
    least = _COMPLETE * lengths[len(lengths) // 2]
    return min((m for m in largest if m.words >= least), key=lambda m: (*_when(m), -m.words, m.uri))


def _when(member: Member) -> tuple[bool, str]:
    return member.published is None, member.published or ""


def _first(found: Sequence[Member]) -> tuple[bool, str, int, str]:
    earliest = min(found, key=lambda m: (*_when(m), m.uri))
    return (*_when(earliest), -max(member.words for member in found), earliest.uri)
