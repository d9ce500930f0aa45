"""For whom an article counts: its publisher, or for a copy the publisher of the text that it was copied from."""

from __future__ import annotations

from collections.abc import Mapping

from worker.contract.claim import Article

__all__ = ["carrier_of", "publisher_or_host"]


def publisher_or_host(uri: str, publisher: str | None) -> str:
    return publisher or uri.split("://", 1)[-1].split("/", 1)[0]


def carrier_of(article: Article, parents: Mapping[str, str]) -> str:
    """`parents`: for the id of a group of copies the publisher of its parent. A group that is not known is one."""
    if article.group is not None:
        return parents.get(article.group, f"group:{article.group}")
    return publisher_or_host(article.uri, article.publisher)
