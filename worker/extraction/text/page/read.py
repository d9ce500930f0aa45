"""Reads an HTML body: the lines of its article, and what the page says about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import trafilatura

from worker.extraction.text.lines import Line
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
    return Page(lost.lines, about, lost.share)


def _chars(lines: Sequence[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _main_lines(tree: HtmlElement) -> list[Line]:
    document = trafilatura.bare_extraction(  # which copies the tree
        tree, include_comments=False, include_tables=True, include_formatting=True
    )
    return lines_of_tree(document.body) if document is not None and document.body is not None else []
