"""Articles from files: text, HTML, JSON of any known form, JSON Lines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import orjson

from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, article_from, decode_article

__all__ = ["read_articles"]


def read_articles(name: str, published: datetime | None) -> Iterator[RawArticle | str]:
    """The articles of a file (`-`: standard input); for what is none, a sentence that says where and why.

    `published` is for articles that name no date themselves.
    """
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as broken:
        yield f"{name}: cannot be read: {broken.strerror or broken}"
        return
    start = data.lstrip()[:1]
    if start not in (b"{", b"["):
        yield from _text(name, data, published)
        return
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        rows = [(number, line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
        if len(rows) < 2:
            rows = [(1, data)]
        for number, line in rows:
            yield from _json(f"{name}:{number}", line, published)
        return
    yield from _json(name, data, published)


def _text(name: str, data: bytes, published: datetime | None) -> Iterator[RawArticle | str]:
    try:
        body = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        yield f"{name}: not UTF-8: byte 0x{data[bad.start]:02x} at {bad.start}"
        return
    if not body.strip():
        yield f"{name}: the file is empty"
        return
    uri = "stdin:" if name == "-" else "file:" + Path(name).name
    yield RawArticle(uri=uri, body=body, published_at=published)


def _json(where: str, data: bytes, published: datetime | None) -> Iterator[RawArticle | str]:
    try:
        decoded = orjson.loads(data)
    except orjson.JSONDecodeError:
        decoded = None
    items = decoded if isinstance(decoded, list) else [decoded]
    for index, item in enumerate(items):
        try:
            article = decode_article(data) if decoded is None else article_from(item)
        except BrokenRecordError as broken:
            place = f"{where}[{index}]" if isinstance(decoded, list) else where
            yield f"{place}: {broken.error}"
            continue
        if article.published_at is None and published is not None:
            fields = {name: getattr(article, name) for name in article.__dataclass_fields__}
            article = RawArticle(**(fields | {"published_at": published}))
        yield article
