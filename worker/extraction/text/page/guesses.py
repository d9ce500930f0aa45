"""Guesses of date and byline for pages that name neither in a form for machines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from htmldate import find_date
from lxml.etree import XPath

from worker.contract.forms.instants import read_instant
from worker.extraction.text.lines import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["guessed_byline", "guessed_day"]

_BYLINES = [
    XPath(path)
    for path in (
        ".//*[@itemprop='author']//*[@itemprop='name'] | .//*[@itemprop='author'][not(.//*[@itemprop='name'])]",
        ".//a[@rel='author']",
        ".//*[contains(@class,'author-name') or contains(@class,'author__name') or contains(@class,'authorName')]",
        ".//*[contains(@class,'byline') or contains(@class,'Byline')]",
        ".//*[self::span or self::a or self::p or self::div][contains(@class,'author')]",
    )
]
_BY = re.compile(r"^(?:by|von|par|por|door|av|di)\s+|^(?:written by|words by|author)\s*:?\s+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,4}")
_MAX_CHARS = 120


def guessed_byline(tree: HtmlElement) -> tuple[str, str] | None:
    """The first names on the page in a place that is marked as the author's."""
    for path in _BYLINES:
        names: list[str] = []
        for element in path(tree)[:4]:
            text = _BY.sub("", one_line(" ".join(element.itertext())))
            name = re.split(r"\s*[|•·]\s*|\s+(?:is|@|updated|published)\b|\d", text)[0].strip(" ,;:")
            if len(text) <= _MAX_CHARS and name not in names and _NAME.fullmatch(name):
                names.append(name)
        if names:
            return "author element", ", ".join(names)
    return None


def guessed_day(tree: HtmlElement, address: str) -> tuple[str, object] | None:
    """The day that htmldate finds on the page or in its address."""
    try:
        day = find_date(tree, url=address or None, original_date=True, extensive_search=True, max_date="2100-01-01")
        return ("date on the page", read_instant(day)) if day else None
    except (ValueError, TypeError, AttributeError):  # of htmldate, for pages that it did not expect
        return None
