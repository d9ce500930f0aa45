"""Decodes pages and texts as browsers do: byte order mark, then the charset that is named, then UTF-8, then a guess."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

__all__ = ["decoded_text"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_META_BYTES = 4096
"""Bytes at the beginning of a page in which its charset may stand; the standard says 1,024, pages do not keep to it."""
_AS_BROWSERS = {
    "iso-8859-1": "windows-1252", "iso8859-1": "windows-1252", "latin1": "windows-1252", "latin-1": "windows-1252",
    "us-ascii": "windows-1252", "ascii": "windows-1252", "iso-8859-9": "windows-1254", "iso-8859-11": "windows-874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
}  # fmt: skip
"""What browsers read under these names: https://encoding.spec.whatwg.org/#names-and-labels."""


def decoded_text(data: bytes, named: str | None = None) -> str:
    """The text of a page or a file. `named`: the charset that its header names, if any.

    Bytes that are of no charset that is named are read as what they look like; what is left becomes U+FFFD.
    """
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data.decode(charset, "replace").removeprefix("\ufeff")
    meta = _META.search(data[:_META_BYTES])
    in_page = meta[1].decode("ascii", "replace") if meta else None
    for claimed in (named, in_page, "utf-8"):
        text = _decoded(data, claimed) if claimed else None
        if text is not None:
            return text
    best = from_bytes(data[:100_000]).best()
    guess = _decoded(data, best.encoding) if best is not None else None
    return guess if guess is not None else data.decode("windows-1252", "replace")


def _decoded(data: bytes, charset: str) -> str | None:
    """None for a charset that nobody knows, or that the bytes are not of."""
    name = charset.strip().casefold()
    try:
        return data.decode(_AS_BROWSERS.get(name, name))
    except UnicodeDecodeError:
        # windows-1252 leaves five bytes undefined, and browsers read them as control characters
        return data.decode("windows-1252", "replace") if _AS_BROWSERS.get(name) == "windows-1252" else None
    except (LookupError, ValueError):
        return None
