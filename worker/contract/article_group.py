"""Articles that are copies of one text: a record of `articles.groups`, and a line that `claimwire groups` prints."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ArticleGroup", "GroupMember"]


@dataclass(frozen=True, slots=True)
class GroupMember:
    """`share`: of this text that is in the parent's; `of_parent`: of the parent's text that is in this one; 0 to 1.

    `kind`: parent; copy: each has most of the other; excerpt: cut or quoted from the parent; contains: has the parent's
    text and more; related: a copy of another member, with less than half in common with the parent.
    """

    uri: str
    publisher: str | None
    published: str | None
    kind: str
    share: float
    of_parent: float


@dataclass(frozen=True, slots=True)
class ArticleGroup:
    """A group of two or more. `group`: its id, made from the parent's uri. `members` by time, then by uri."""

    group: str
    parent: str
    members: list[GroupMember]
