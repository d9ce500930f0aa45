"""The text that every span counts in: headline, blank line, body; without what belongs to the page and not the article."""

from __future__ import annotations

import re

import trafilatura

from worker.contract.article import RawArticle

__all__ = ["clean"]

_HTML = re.compile(r"<(?:!doctype|html|body|article|div|p|br|h1|span)\b", re.IGNORECASE)
_FURNITURE = re.compile(
    r"(?:add|leave|post|write) a comment\W*|comments?\W*(?:\(\d+\))?|share(?: (?:this|on|via)\b.{0,40})?|"
    r"(?:read|see) (?:more|also)\b.{0,120}|advertisement|(?:sign up|subscribe)\b.{0,120}|"
    r"(?:follow us|related (?:stories|articles|topics)|print|tweet|e-?mail)\b.{0,40}",
    re.IGNORECASE,
)
_LONGEST_TITLE = 200


def clean(article: RawArticle) -> tuple[str | None, str]:
    """The headline and the cleaned text, whose first line is the headline where there is one.

    A text without a headline of its own gives its first line, where that stands alone and ends like none.
    """
    body = article.body
    if _HTML.search(body):
        body = trafilatura.extract(body, include_comments=False, include_tables=False, favor_recall=True) or ""
    lines = [" ".join(line.split(" ")).strip() for line in re.split(r"\r\n?|\n|\u2028|\u2029", body)]
    paragraphs = [line for line in lines if line and not _FURNITURE.fullmatch(line)]
    headline = article.headline.strip() if article.headline and article.headline.strip() else None
    if headline is None and len(paragraphs) > 1 and _like_a_title(paragraphs[0]):
        headline = paragraphs[0]
    if headline is not None:
        headline = " ".join(headline.split())
        same = _letters(headline)
        while paragraphs and _letters(paragraphs[0]) == same:
            paragraphs.pop(0)
    return headline, "\n\n".join([headline, *paragraphs] if headline else paragraphs)


def _letters(line: str) -> str:
    return re.sub(r"\W+", "", line).casefold()


def _like_a_title(line: str) -> bool:
    return len(line) <= _LONGEST_TITLE and not line.endswith((".", "!", "”", '"', ":"))
