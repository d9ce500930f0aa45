"""WARC, as crawlers write it: each HTML response becomes an article whose uri is the page's address."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import orjson
from trafilatura import extract_metadata
from trafilatura.utils import decode_file

from worker.replay.archives.kinds import ArchiveError, missing_extra

__all__ = ["articles_of"]

_LARGEST = 16 * 1024 * 1024
"""Bytes of a page that are read; what is behind them is no article."""


def articles_of(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """The address and the article, as JSON in the native form, of each page with status 200, in the file's order.

    The title, the publisher and the date are those that the page names itself; the time of the crawl is no date of
    publication and is left out.

    Raises:
        ArchiveError: the file is no WARC, is cut off, or warcio is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise missing_extra("WARC") from None
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.format != "warc":
                    raise ArchiveError(f"{path}: no WARC: it begins with {record.rec_headers.headers[0][1]!r}")
                if record.rec_type not in ("response", "resource"):
                    continue
                http = record.http_headers
                if http is not None and http.get_statuscode() != "200":
                    continue
                kind = (http or record.rec_headers).get_header("Content-Type") or ""
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                if not address or "html" not in kind.casefold():
                    continue
                body = record.content_stream().read(_LARGEST)
                yield address.encode("utf-8"), _article(address, _text(body, kind))
    except ArchiveLoadFailed as broken:
        raise ArchiveError(f"{path}: no WARC, or broken: {broken}") from None
    except (OSError, EOFError) as broken:
        raise ArchiveError(f"{path}: cannot be read: {broken}") from None


def _text(body: bytes, content_type: str) -> str:
    """Decoded as the response says; where it does not, or is wrong, as the bytes look."""
    header = Message()
    header["Content-Type"] = content_type
    named = header.get_content_charset()
    if named:
        try:
            return body.decode(named)
        except (LookupError, UnicodeDecodeError):
            pass
    guessed: str = decode_file(body)
    return guessed


def _article(address: str, page: str) -> bytes:
    article = {"uri": address, "body": page}
    about = extract_metadata(page, default_url=address) if page.strip() else None
    if about is not None:
        found = {
            "headline": about.title,
            "published_at": about.date,
            "publisher": about.sitename,
            "byline": about.author,
        }
        article |= {name: value for name, value in found.items() if isinstance(value, str) and value}
    return orjson.dumps(article)
