"""The raw article: what the worker reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

__all__ = ["ArticleStatus", "ArticleWarning", "Notes", "RawArticle", "WarningKind"]


class ArticleStatus(StrEnum):
    """The publisher's word on the article. A cancelled article retracts its claims."""

    USABLE = "usable"
    CANCELED = "canceled"


class WarningKind(StrEnum):
    """What may be wrong with what was taken of an article."""

    UNREADABLE_VALUE = "unreadable_value"
    """A field has a value that cannot be read as what it is; the field is left out."""
    UNKNOWN_FIELD = "unknown_field"
    """A field that no form knows has a name that looks like that of a known one."""
    CUT_SHORT = "cut_short"
    """The text is known, or likely, to be only a part of the article's."""
    NO_DATE = "no_date"
    """No date of publication is known, so relative times have no interval."""


@dataclass(frozen=True, slots=True)
class ArticleWarning:
    """`field`: the field of the native form, or the name in the record, that it is about."""

    kind: WarningKind
    field: str
    says: str


@dataclass(frozen=True, slots=True)
class Notes:
    """How an article was read: the name of its form, for each field that has a value where in the record it was, and
    what could not be read. `record_id`: the record's own `id`, which need not be the article's uri.
    """

    form: str = "native"
    origins: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[ArticleWarning, ...] = ()
    record_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """One version of one article, in the native form.

    `uri` names the article over all its versions and is the Kafka key of everything that follows from it.
    `body` is plain text (paragraphs separated by line breaks) or HTML; the worker detects which. `embargoed_until`: the
    article may be read by the public only from then on; its claims carry it, and nothing waits.
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
    section: str | None = None
    embargoed_until: datetime | None = None
    notes: Notes = field(default_factory=Notes, compare=False)
    """Not of the message: made when it is read."""
