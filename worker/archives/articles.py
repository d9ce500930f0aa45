"""Reads articles from files: text, HTML, e-mail, JSON of any known form, JSON Lines, XML of news, tables, crawls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from worker.archives.found import MAX_WHOLE_BYTES, found_in
from worker.archives.kinds import ArchiveError
from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, decode_article
from worker.streaming.record import Record

__all__ = ["read_articles"]


def read_articles(name: str, published: datetime | None) -> Iterator[RawArticle | str]:
    """The articles of a file (`-`: standard input); for whatever is no article, a sentence that says where and why.

    `published` is the date of articles that name none themselves.
    """
    try:
        for found in found_in(Path(name)):
            value = found.content.value if isinstance(found.content, Record) else found.content
            if not value and not found.place:
                yield f"{name}: the file is empty"
                continue
            try:
                article = decode_article(value or b"", max_bytes=MAX_WHOLE_BYTES)
            except BrokenRecordError as broken:
                yield f"{name}{found.place}: {broken.error}"
                continue
            if article.published_at is None and published is not None:
                article = replace(article, published_at=published)
            yield article
    except ArchiveError as broken:
        yield str(broken)
