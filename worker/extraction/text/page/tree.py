"""The tree of an HTML body, made so that breaks between paragraphs are paragraphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree
from trafilatura.utils import load_html

from worker.extraction.text.page.inline import print_marks

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["fragment_tree", "is_hidden", "is_json_ld", "page_tree", "take_out_code"]

_TWO_BREAKS = re.compile(r"(?:<br\b[^>]{0,200}>(?:\s|&nbsp;)*){2,}", re.IGNORECASE)
_MAX_TOOLTIP_CHARS = 2_000
_MAX_CELL_CHARS = 400
_TABLE_PARTS = ("tbody", "thead", "tfoot", "tr", "td", "th")
_NO_TEXT = (
    "script", "style", "svg", "template", "link", "meta", "noscript", "iframe", "object", "embed", "canvas", "audio",
    "video", "nav", "footer", "dialog", "select", "button", "input", "textarea", "label",
)  # fmt: skip
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|right|text-indent)\s*:\s*-\d{3,}|clip\s*:\s*rect\(\s*[01]",
    re.IGNORECASE,
)
_NO_SIZE = re.compile(r"font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)", re.IGNORECASE)
"""Of an element without parts: they may have a size of their own."""
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|u-hidden)(?:\s|$)", re.IGNORECASE
)
_OUT_OF_SIGHT = etree.XPath(
    ".//*[contains(@style,'-9') or contains(@style,'none') or contains(@style,'rect(') or contains(@class,'sr-only')"
    " or contains(@class,'reader') or contains(@class,'visually')]"
)
"""Of what may be hidden on a whole page; a page that a dialogue lies over hides all of it in other ways."""
_MAX_FOLDED_CHARS, _MAX_FOLDED = 1_000, 300
_INVALID = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def page_tree(page: str) -> HtmlElement | None:
    """The tree of a whole page; None where there is nothing to be parsed."""
    try:
        tree: HtmlElement | None = load_html(_INVALID.sub("", page))
    except (ValueError, etree.LxmlError):
        return None
    if tree is not None:
        print_marks(tree)
        _take_out_tooltips(tree)
        _unfold_layout(tree)
        _break_into_paragraphs(tree)
    return tree


def fragment_tree(fragment: str) -> HtmlElement | None:
    """The tree of a page that has nothing but the fragment, as its article."""
    paragraphs = _TWO_BREAKS.sub("</p><p>", fragment) if "<p" not in fragment.casefold() else fragment
    return page_tree(f"<html><head></head><body><article>{paragraphs}</article></body></html>")


def take_out_code(tree: HtmlElement) -> None:
    """Takes out what holds no text of an article, before the tree is copied and searched many times: scripts, drawings,
    controls, navigation. JSON-LD stays, since the article's text may be there alone.
    """
    for element in _OUT_OF_SIGHT(tree):
        if element.getparent() is not None and is_hidden(element) and not _may_be_unfolded(element):
            element.drop_tree()
    for element in list(tree.iter(*_NO_TEXT)):
        if not is_json_ld(element) and element.getparent() is not None:
            element.drop_tree()


def is_json_ld(element: HtmlElement) -> bool:
    """Whether it is a script with JSON-LD, whose type may have a charset behind it."""
    return (element.get("type") or "").partition(";")[0].strip().casefold() == "application/ld+json"


def _may_be_unfolded(element: HtmlElement) -> bool:
    """Whether so much is not displayed that it is the rest of an article, behind a button."""
    chars = 0
    for count, inner in enumerate(element.iter()):
        chars += len(inner.text or "") + (len(inner.tail or "") if inner is not element else 0)
        if chars > _MAX_FOLDED_CHARS or count > _MAX_FOLDED:
            return True
    return False


def is_hidden(element: HtmlElement) -> bool:
    """Whether a reader of the page does not see it, as far as the element itself says so."""
    style = element.get("style") or ""
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or (bool(style) and _HIDDEN_STYLE.search(style) is not None)
        or (len(element) == 0 and _NO_SIZE.search(style) is not None)
        or _HIDDEN_CLASS.search(element.get("class") or "") is not None
    )


def _take_out_tooltips(tree: HtmlElement) -> None:
    """Takes out what a page shows over a word that is pointed at: it stands in the middle of the word's sentence.

    It is a small `span` of a paragraph with links and spans of its own, right behind the link on the word.
    """
    for paragraph in list(tree.iter("p")):
        for span in list(paragraph.iter("span")):
            before = span.getprevious()
            linked = before is not None and before.tag == "a" and not (before.tail or "").strip()
            nested = linked and span.find(".//span") is not None and span.find(".//a") is not None
            if (nested or span.get("role") == "tooltip") and len("".join(span.itertext())) <= _MAX_TOOLTIP_CHARS:
                span.drop_tree()


def _unfold_layout(tree: HtmlElement) -> None:
    """Makes plain containers of tables that lay out a page: a cell of them holds tables, paragraphs or much text."""
    for table in list(tree.iter("table")):
        cells = [cell for row in table.iter("tr") if _table_of(row) is table for cell in row.iterchildren("td", "th")]
        if any(_holds_text(cell) for cell in cells):
            parts = [part for part in table.iter(*_TABLE_PARTS) if _table_of(part) is table]
            for part in (table, *parts):
                part.tag = "div"


def _table_of(part: HtmlElement) -> HtmlElement | None:
    return next(part.iterancestors("table"), None)


def _holds_text(cell: HtmlElement) -> bool:
    holds_blocks = cell.find(".//table") is not None or cell.find(".//h1") is not None or len(cell.findall(".//p")) > 1
    return holds_blocks or len("".join(cell.itertext())) > _MAX_CELL_CHARS


def _break_into_paragraphs(tree: HtmlElement) -> None:
    """Makes paragraphs of what two breaks separate inside of one container, and of text that stands in it bare."""
    for container in list(tree.iter("p", "div", "article", "section", "td")):
        if any(_followed_by_break(inner) for inner in container.iterchildren("br")):
            _rebuilt(container)


def _followed_by_break(element: HtmlElement) -> bool:
    following = element.getnext()
    return following is not None and following.tag == "br" and not (element.tail or "").strip()


def _rebuilt(container: HtmlElement) -> None:
    """Puts what lies between double breaks into a `p` of its own. A container that is a `p` becomes a `div`."""
    text, children = container.text, list(container)
    container.text = None
    paragraph = etree.SubElement(container, "p")
    paragraph.text = text
    breaks = 0
    for child in children:
        tail = child.tail
        if child.tag == "br":
            breaks += 1
            container.remove(child)
            if (tail or "").strip():
                paragraph = _after_breaks(container, paragraph, breaks)
                _append_text(paragraph, tail)
                breaks = 0
            continue
        if breaks:
            paragraph = _after_breaks(container, paragraph, breaks)
            breaks = 0
        child.tail = None
        if child.tag in ("p", "div", "ul", "ol", "blockquote", "table", "h2", "h3", "h4", "figure", "section"):
            container.append(child)
            paragraph = etree.SubElement(container, "p")
            paragraph.text = tail
        else:
            paragraph.append(child)
            child.tail = tail
    if container.tag == "p":
        container.tag = "div"


def _after_breaks(container: HtmlElement, paragraph: HtmlElement, breaks: int) -> HtmlElement:
    """The paragraph in which the text goes on: after one break the same one, after two a new one."""
    if breaks == 1:
        etree.SubElement(paragraph, "br")
        return paragraph
    return etree.SubElement(container, "p")


def _append_text(paragraph: HtmlElement, text: str | None) -> None:
    last = next(paragraph.iterchildren(reversed=True), None)  # its length would be counted child by child
    if last is not None:
        last.tail = (last.tail or "") + (text or "")
    else:
        paragraph.text = (paragraph.text or "") + (text or "")
