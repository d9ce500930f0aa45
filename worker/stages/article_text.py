"""The text of the article in a record, raw or extracted, for comparing it with others."""

from __future__ import annotations

from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.claim import Article
from worker.contract.codec import BrokenRecordError, decode_article, decode_extraction
from worker.contract.extraction import Extraction
from worker.contract.instants import in_utc
from worker.contract.reasons import DeadReason
from worker.extraction.outcome import Failed
from worker.extraction.text.stage import clean_text
from worker.link.copies.index import ArticleText
from worker.streaming.record import Record

__all__ = ["article_text"]

_EXTRACTION = b'{"extraction_id":'


def article_text(record: Record) -> ArticleText | str:
    """The text, or the uri of an article that is there no more: its record is a tombstone, or it is cancelled.

    Raises:
        BrokenRecordError: the record is neither an article nor an extraction.
    """
    if record.value is None:
        if not record.key:
            raise BrokenRecordError(DeadReason.TOMBSTONE_WITHOUT_KEY, "a null value without a key")
        return record.key.decode("utf-8", "replace")
    if record.value.startswith(_EXTRACTION):
        return _of_extraction(decode_extraction(record.value))
    return _of_article(decode_article(record.value))


def _of_extraction(extraction: Extraction) -> ArticleText | str:
    if extraction.status is ArticleStatus.CANCELED:
        return extraction.article.uri
    known = extraction.article
    return _text(known, extraction.text, known.headline, known.published_at, known.updated_at)


def _of_article(article: RawArticle) -> ArticleText | str:
    if article.status is ArticleStatus.CANCELED:
        return article.uri
    cleaned = clean_text(article)
    if isinstance(cleaned, Failed):
        raise BrokenRecordError(cleaned.reason, cleaned.error)
    known = cleaned.article
    return _text(known, cleaned.text, cleaned.headline, in_utc(known.published_at), in_utc(known.updated_at))


def _text(
    article: Article | RawArticle, text: str, headline: str | None, published: str | None, updated: str | None
) -> ArticleText:
    return ArticleText(
        uri=article.uri,
        text=text,
        headline=headline,
        publisher=article.publisher,
        published=published,
        version=article.version,
        updated=updated,
    )
