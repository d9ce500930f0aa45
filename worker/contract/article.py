"""The raw article: what the worker reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["ArticleStatus", "RawArticle"]


class ArticleStatus(StrEnum):
    """Whether the publisher stands by the article. A cancelled one retracts its claims."""

    USABLE = "usable"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """One version of one article, in the native form.

    `uri` names the article over all its versions and is the Kafka key of everything that follows from it.
    `body` is plain text (paragraphs separated by line breaks) or HTML; which of the two is found by looking.
    """

    uri: str
    body: str
    headline: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    version: str = "1"
    language: str | None = None
    publisher: str | None = None
    byline: str | None = None
    status: ArticleStatus = ArticleStatus.USABLE
