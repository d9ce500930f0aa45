"""The article that a page describes in JSON-LD."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import TYPE_CHECKING

from worker.contract.codec import BrokenRecordError, decoded_json
from worker.contract.forms.schema_org import articles_in
from worker.extraction.text.lines import letters
from worker.extraction.text.page.tree import is_json_ld

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["described_article", "documents_of"]

_WRAPPED = re.compile(
    r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|(?://)?\s*\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$|;\s*$"
)
_LAST_COMMA = re.compile(r",\s*([}\]])")
_MAX_SCRIPTS = 50


def described_article(tree: HtmlElement, titles: list[str]) -> Mapping[str, object]:
    """The node of the article that the page is about; empty where there is none.

    Of several it is the one whose headline is the page's title, else the first with the most to say. A page may
    describe the articles that it links to as well.
    """
    nodes = [node for document in documents_of(tree) for node in articles_in(document)]
    known = [letters(title) for title in titles if title]
    return max(nodes, key=lambda node: _fit(node, known), default={})


def documents_of(tree: HtmlElement) -> Iterator[object]:
    """The documents of JSON-LD in a page, without those that are no JSON."""
    scripts = (script for script in tree.iter("script") if is_json_ld(script))
    for _, script in zip(range(_MAX_SCRIPTS), scripts, strict=False):
        text = _WRAPPED.sub("", script.text or "").strip()
        for written in (text, *_mended(text)) if text else ():
            try:
                yield decoded_json(written.encode("utf-8", "replace"))
                break
            except BrokenRecordError:
                continue


def _mended(text: str) -> Iterator[str]:
    """As it was meant: with its entities as characters, without a comma behind the last item."""
    text = unescape(text) if text[1:].lstrip().startswith(("&quot;", "&#34;", "{&quot;")) else text
    yield text
    yield _LAST_COMMA.sub(r"\1", text)


def _fit(node: Mapping[str, object], known: list[str]) -> tuple[bool, int]:
    headline = node.get("headline") or node.get("name")
    own = letters(headline) if isinstance(headline, str) else ""
    matches = bool(own) and any(own in title or title in own for title in known if title)
    fields = ("headline", "datePublished", "author", "articleBody", "publisher", "dateModified")
    return matches, sum(bool(node.get(field)) for field in fields)
