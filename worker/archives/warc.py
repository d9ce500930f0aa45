"""WARC, as crawlers write it: each HTML response becomes an article whose uri is the page's address."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import redirect_stderr
from email.message import Message
from pathlib import Path
from typing import Any

import orjson

from worker.archives.kinds import ArchiveError, missing_extra
from worker.contract.texts.charsets import decoded_text

__all__ = ["articles_of"]

_PACKINGS = ("", "identity", "gzip", "x-gzip", "deflate", "none", "utf-8")
"""Values of Content-Encoding that can be read; the last two are mistakes of servers, which pack nothing."""
_MAX_PAGE_BYTES = 16 * 1024 * 1024
"""Bytes of a page that are read; the rest is cut off."""


def articles_of(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """The address, and the article as native JSON, of each HTML page with status 200, in the file's order.

    The time of the crawl is left out: it is not the date of publication, which the page itself names.

    Raises:
        ArchiveError: the file is not WARC, or cut off, or warcio is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise missing_extra("WARC") from None
    try:
        with path.open("rb") as stream:
            records = ArchiveIterator(stream)
            while (record := _next(records)) is not None:
                _check(record, path)
                if record.rec_type not in ("response", "resource"):
                    continue
                http = record.http_headers
                if http is not None and http.get_statuscode() != "200":
                    continue
                kind = (http or record.rec_headers).get_header("Content-Type") or ""
                address = record.rec_headers.get_header("WARC-Target-URI") or ""
                if not address or "html" not in kind.casefold():
                    continue
                with redirect_stderr(io.StringIO()):
                    body = _body(record, path)
                yield address.encode("utf-8"), _article(address, _text(body, kind))
    except ArchiveError:
        raise
    except (OSError, EOFError) as broken:
        raise ArchiveError(f"{path}: cannot be read: {broken}") from None
    except Exception as broken:  # noqa: BLE001 - warcio raises AttributeError and others for headers that are broken
        raise ArchiveError(f"{path}: no WARC, or broken: {broken}") from None


def _check(record: Any, path: Path) -> None:
    """Raises ArchiveError: it is a record of the older format ARC, which any line of five words is taken for."""
    if record.format != "warc":
        raise ArchiveError(f"{path}: no WARC: it begins with {record.rec_headers.headers[0][1]!r}")


def _body(record: Any, path: Path) -> bytes:
    """The page, unpacked. warcio does so for gzip and deflate; of others it would hand out the packed bytes.

    Raises:
        ArchiveError: it is packed in a way for which a package is missing, or in one that is not known.
    """
    http = record.http_headers
    packing = str((http.get_header("Content-Encoding") if http else None) or "").strip().casefold()
    if packing == "br":
        http.remove_header("Content-Encoding")  # warcio cannot work with this version of brotli
        return _of_brotli(record.content_stream().read(_MAX_PAGE_BYTES), path)
    if packing not in _PACKINGS:
        raise ArchiveError(f"{path}: a page packed with {packing[:40]!r}; gzip, deflate and brotli are unpacked")
    body: bytes = record.content_stream().read(_MAX_PAGE_BYTES)
    return body


def _of_brotli(packed: bytes, path: Path) -> bytes:
    """Unpacked, up to the bound; what is cut off or damaged gives what comes before."""
    try:
        import brotli
    except ImportError:
        raise missing_extra(f"{path}: a page packed with brotli") from None
    unpacking = brotli.Decompressor()
    parts, size = [], 0
    try:
        part = unpacking.process(packed, output_buffer_limit=_MAX_PAGE_BYTES)
        while part and size < _MAX_PAGE_BYTES:
            parts.append(part)
            size += len(part)
            part = b"" if unpacking.is_finished() else unpacking.process(b"", output_buffer_limit=_MAX_PAGE_BYTES)
    except brotli.error as damaged:
        raise ArchiveError(f"{path}: a page packed with brotli is damaged: {damaged}") from None
    return b"".join(parts)[:_MAX_PAGE_BYTES]


def _next(records: Iterator[Any]) -> Any:
    """The next record; None at the end. What warcio prints of it is not shown: it could act on the terminal."""
    with redirect_stderr(io.StringIO()):
        return next(records, None)


def _text(body: bytes, content_type: str) -> str:
    """Decodes with the charset that the response names; without one, or with a wrong one, as the page says or looks."""
    header = Message()
    header["Content-Type"] = content_type
    return decoded_text(body, header.get_content_charset())


def _article(address: str, page: str) -> bytes:
    """The page as the body of an article: what it says of itself is read with it, as for every other way in."""
    return orjson.dumps({"uri": address, "body": page})
