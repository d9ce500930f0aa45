"""The extraction: everything taken from one version of one article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from worker.contract.article import ArticleStatus, ArticleWarning
from worker.contract.claim import Article, Claim, Provenance

__all__ = ["Block", "BlockKind", "Extraction"]


class BlockKind(StrEnum):
    """What a line of the text is on the page."""

    HEADLINE = "headline"
    SUBHEAD = "subhead"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CAPTION = "caption"
    BYLINE = "byline"
    EMBEDDED_POST = "embedded_post"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the text: the code points from `start` up to `end`, and what it is on the page."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The value of a record in `articles.extracted`, keyed by the article's uri and compacted.

    `text` is the cleaned text to which the spans of `claims` refer. With `claims_count` a reader of the topic
    `claims` knows when it has all of them. The same article and the same pipeline give the same bytes.

    `origins`: for each field of the article where it was taken from, a path in the record or a place in its page.
    `text_share`: of the text that the page shows as the article's, the share that is in `text`; null where the page
    does not tell.
    """

    extraction_id: str
    article: Article
    status: ArticleStatus
    text: str
    claims_count: int
    provenance: Provenance
    claims: list[Claim] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    byline: str | None = None
    section: str | None = None
    address: str | None = None
    """The address that the page gives as its own (canonical), where it names one."""
    origins: Mapping[str, str] = field(default_factory=dict)
    warnings: list[ArticleWarning] = field(default_factory=list)
    text_share: float | None = None
