"""A group as readers see it: which member is the parent, and how much of it the others have."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from worker.contract.article_group import ArticleGroup, GroupMember
from worker.contract.ids import digest
from worker.link.copies.alignment import Overlap
from worker.link.copies.grouping import Member, parent_of
from worker.link.copies.links import Tie, tie_of

__all__ = ["described"]


def described(members: Iterable[tuple[Member, str | None]], overlap_of: Callable[[str, str], Overlap]) -> ArticleGroup:
    """`members` with their publishers, two or more; `overlap_of`: of the texts at two addresses."""
    publishers = dict(members)
    parent = parent_of(list(publishers))
    found = [
        _member(member, publisher, None if member == parent else overlap_of(member.uri, parent.uri))
        for member, publisher in publishers.items()
    ]
    found.sort(key=lambda member: (member.published is None, member.published or "", member.uri))
    return ArticleGroup(digest("group/1", parent.uri), parent.uri, found)


def _member(member: Member, publisher: str | None, common: Overlap | None) -> GroupMember:
    if common is None:
        return GroupMember(member.uri, publisher, member.published, "parent", 1.0, 1.0)
    match tie_of(common):
        case Tie.COPY:
            kind = "copy"
        case Tie.FIRST_IN_SECOND:
            kind = "excerpt"
        case Tie.SECOND_IN_FIRST:
            kind = "contains"
        case None:
            kind = "related"
    return GroupMember(member.uri, publisher, member.published, kind, round(common.first, 3), round(common.second, 3))
