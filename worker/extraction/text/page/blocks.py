"""The lines of a tree of HTML, or of the simpler tree that trafilatura makes of it, each with its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.contract.extraction import BlockKind
from worker.contract.texts.plain_text import without_entities
from worker.extraction.text.lines import Line, one_line
from worker.extraction.text.page.tree import is_hidden

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["lines_of_tree"]

_KINDS = {
    "head": BlockKind.SUBHEAD, "h1": BlockKind.SUBHEAD, "h2": BlockKind.SUBHEAD, "h3": BlockKind.SUBHEAD,
    "h4": BlockKind.SUBHEAD, "h5": BlockKind.SUBHEAD, "h6": BlockKind.SUBHEAD, "item": BlockKind.LIST_ITEM,
    "li": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM, "quote": BlockKind.QUOTE,
    "blockquote": BlockKind.QUOTE, "figcaption": BlockKind.CAPTION, "row": BlockKind.TABLE, "tr": BlockKind.TABLE,
    "address": BlockKind.BYLINE,
}  # fmt: skip
_BLOCKS = {
    *_KINDS, "p", "div", "article", "section", "main", "body", "html", "list", "ul", "ol", "dl", "table", "figure",
    "pre", "graphic", "tbody", "thead", "center", "header", "hr", "details", "summary", "doc",
}  # fmt: skip
_BREAKS = {"br", "lb"}
_CELLS = {"cell", "td", "th"}
_WITHOUT_TEXT = {
    "script", "style", "noscript", "template", "nav", "aside", "footer", "form", "button", "select", "option", "iframe",
    "object", "svg", "label", "input", "textarea", "audio", "video", "canvas",
}  # fmt: skip
_MAX_DEPTH = 250


def lines_of_tree(tree: _Element) -> list[Line]:
    """The lines below an element in the order of the page; breaks end a line, cells of a row are one line."""
    collector = _Collector()
    collector.walk(tree, BlockKind.PARAGRAPH, 0)
    collector.end_line(BlockKind.PARAGRAPH)
    return collector.lines


class _Collector:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._parts: list[str] = []

    def end_line(self, kind: BlockKind) -> None:
        text = one_line(without_entities("".join(self._parts)))  # some feeds escape what is escaped
        self._parts.clear()
        if text.strip(" |"):
            self.lines.append(Line(text.strip(" |") if kind is BlockKind.TABLE else text, kind))

    def walk(self, element: _Element, kind: BlockKind, depth: int) -> None:
        self._parts.append(element.text or "")
        for inner in element:
            if isinstance(inner.tag, str) and depth < _MAX_DEPTH and not _left_out(inner):
                self._enter(inner, kind, depth)
            self._parts.append(inner.tail or "")

    def _enter(self, inner: _Element, kind: BlockKind, depth: int) -> None:
        tag = str(inner.tag)
        if tag in _BREAKS:
            self.end_line(kind)
        elif tag in _CELLS:
            self._parts.append(" | ")
            self.walk(inner, kind, depth + 1)
        elif tag in _BLOCKS and kind is not BlockKind.TABLE:
            self.end_line(kind)
            own = _KINDS.get(tag, kind)
            self.walk(inner, own, depth + 1)
            self.end_line(own)
        else:
            self.walk(inner, kind, depth + 1)


def _left_out(element: _Element) -> bool:
    return element.tag in _WITHOUT_TEXT or is_hidden(element)
