"""What is taken of an article before its claims are looked for: text, lines, fields, and where each is from."""

from __future__ import annotations

from datetime import UTC, datetime

from worker.contract.article import RawArticle
from worker.extraction.outcome import Failed
from worker.extraction.text.language import language_of
from worker.extraction.text.stage import clean_text

__all__ = ["taken_of"]


def taken_of(article: RawArticle) -> dict[str, object] | Failed:
    """One object for an article, whatever its language; `claimwire extract --articles` prints them.

    `id` is the record's own `id` where it has one, else the uri; `language` that of the text, `stated_language` what
    record or page say. `origins` has for each field the path in the record, or the place on the page.
    """
    cleaned = clean_text(article)
    if isinstance(cleaned, Failed):
        return cleaned
    known = cleaned.article
    return {
        "id": article.notes.record_id or article.uri,
        "uri": known.uri,
        "form": article.notes.form,
        "status": known.status,
        "headline": cleaned.headline,
        "published_at": _iso(known.published_at),
        "updated_at": _iso(known.updated_at),
        "embargoed_until": _iso(known.embargoed_until),
        "byline": known.byline,
        "publisher": known.publisher,
        "section": known.section,
        "address": cleaned.address,
        "version": known.version,
        "language": language_of(article, cleaned.text),
        "stated_language": known.language,
        "text": cleaned.text,
        "blocks": cleaned.blocks,
        "text_share": cleaned.share,
        "origins": cleaned.origins,
        "warnings": cleaned.warnings,
    }


def _iso(at: datetime | None) -> str | None:
    """The instant with its own zone, so that its day can be told; a time without one is UTC."""
    return None if at is None else (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()
