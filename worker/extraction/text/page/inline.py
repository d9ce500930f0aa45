"""Marks inside of a sentence: what a browser prints for them, and what is no word of the sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["print_marks"]

_DELETED = ("del", "s", "strike")
_QUOTATION_MARK = re.compile(r"[\"“”„«»‘’']")
_FOOTNOTE = re.compile(r"\W*(?:\d{1,3}|[a-z*†‡])\W*")


def print_marks(tree: HtmlElement) -> None:
    """Puts quotation marks around `q`, as browsers do, and takes out deleted words and the numbers of footnotes."""
    for deleted in list(tree.iter(*_DELETED)):
        _drop(deleted)
    for note in list(tree.iter("sup")):
        above, inside = note.getparent(), note.find(".//a")
        link = inside if inside is not None else above
        leads_down = link is not None and link.tag == "a" and (link.get("href") or "").startswith("#")
        if leads_down and _FOOTNOTE.fullmatch("".join(note.itertext())):
            _drop(above if above is link and "".join(above.itertext()) == "".join(note.itertext()) else note)
    for quote in reversed(list(tree.iter("q"))):  # the inner one first, while the outer one is known as a quote
        _print_quote(quote)


def _print_quote(quote: HtmlElement) -> None:
    opens, closes = ("‘", "’") if next(quote.iterancestors("q"), None) is not None else ("“", "”")
    before = quote.getprevious()
    around = (
        before.tail if before is not None else quote.getparent().text if quote.getparent() is not None else ""
    ) or ""
    if _QUOTATION_MARK.match((quote.text or "").lstrip()[:1]) or _QUOTATION_MARK.match(around[-1:]):
        quote.tag = "span"
        return  # they are there already
    quote.text = opens + (quote.text or "")
    last = next(quote.iterchildren(reversed=True), None)
    if last is None:
        quote.text += closes
    else:
        last.tail = (last.tail or "") + closes
    quote.tag = "span"  # so that it stays a part of its sentence


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
