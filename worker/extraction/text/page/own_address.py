"""The address that a page gives as its own."""

from __future__ import annotations

import re

from lxml import etree, html

__all__ = ["own_address"]

_NAMED = re.compile(rb"""canonical|og:url""", re.IGNORECASE)
_MAX_HEAD_BYTES = 512 * 1024


def own_address(page: bytes) -> str | None:
    """The canonical link of a page, or its og:url; None where it names none, and for what is no page."""
    head = page[:_MAX_HEAD_BYTES]
    if _NAMED.search(head) is None or b"<" not in head:
        return None
    try:
        tree = html.document_fromstring(head)
    except (etree.LxmlError, ValueError):
        return None
    links = [e.get("href") for e in tree.iter("link") if (e.get("rel") or "").casefold() == "canonical"]
    links += [e.get("content") for e in tree.iter("meta") if (e.get("property") or "").casefold() == "og:url"]
    return next((link.strip() for link in links if link and re.fullmatch(r"\s*https?://[^/\s]+\S*\s*", link)), None)
