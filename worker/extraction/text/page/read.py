"""Reads an HTML body: the lines of its article, and what the page says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import trafilatura

from worker.contract.forms.values import is_empty, read_text
from worker.contract.texts.plain_text import without_entities
from worker.extraction.text.lines import Line, letters, plain_lines
from worker.extraction.text.markup import is_page
from worker.extraction.text.page.about import PageAbout, about_page
from worker.extraction.text.page.beside import take_out_what_is_beside
from worker.extraction.text.page.blocks import lines_of_tree
from worker.extraction.text.page.lost import recovered
from worker.extraction.text.page.tree import fragment_tree, page_tree, take_out_code

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["Page", "read_html"]

_FEW_CHARS = 600
"""With fewer characters left, something of the article may have been taken for what stands beside it."""


@dataclass(frozen=True, slots=True)
class Page:
    """`share`: of the text that the page names as the article's, the part that is in `lines`; None: it names none."""

    lines: list[Line]
    about: PageAbout = field(default_factory=PageAbout)
    share: float | None = None


def read_html(body: str, address: str) -> Page:
    """The article of a page, or all of a fragment, which holds nothing but the article."""
    whole = is_page(body)
    tree = page_tree(body) if whole else fragment_tree(body)
    if tree is None:
        return Page([])
    if not whole:
        article = tree.find(".//article")
        return Page(lines_of_tree(article if article is not None else tree))
    about = about_page(tree, address)
    take_out_code(tree)
    take_out_what_is_beside(tree)
    lines = _main_lines(tree)
    if _chars(lines) < _FEW_CHARS and (tree := page_tree(body)) is not None:
        take_out_code(tree)
        all_lines = _main_lines(tree)
        lines = all_lines if _chars(all_lines) > 2 * _chars(lines) else lines
    lost = recovered(tree, lines, about.described)
    return Page(_as_described(lost.lines, about.described), about, lost.share)


def _as_described(lines: list[Line], described: Mapping[str, object]) -> list[Line]:
    """The lines of the page's own `articleBody` where the page has its text there alone: it was read as one line."""
    if len(lines) != 1 or is_empty(described.get("articleBody")):
        return lines
    try:
        own = plain_lines(without_entities(read_text(described["articleBody"])))
    except ValueError:
        return lines
    return own if letters("".join(line.text for line in own)) == letters(lines[0].text) else lines


def _chars(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _main_lines(tree: HtmlElement) -> list[Line]:
    document = trafilatura.bare_extraction(  # which copies the tree
        tree, include_comments=False, include_tables=True, include_formatting=True
    )
    return lines_of_tree(document.body) if document is not None and document.body is not None else []
