"""The extraction: all that was taken from one version of one article, whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.contract.article import ArticleStatus
from worker.contract.claim import Article, Claim, Provenance

__all__ = ["Extraction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The value of a record in `articles.extracted`, keyed by the article's uri and compacted.

    `text` is the cleaned text that every span of `claims` counts in. `claims_count` lets a reader of the topic
    `claims` know when it has them all. Nothing in it depends on when it was made: the same article and the same
    pipeline give the same bytes.
    """

    extraction_id: str
    article: Article
    status: ArticleStatus
    text: str
    claims_count: int
    provenance: Provenance
    claims: list[Claim] = field(default_factory=list)
