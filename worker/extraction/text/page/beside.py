"""Takes out of a page's tree what stands beside its article: cards and lists of other stories, captions of pictures.

It is known by its structure, in whatever language the page is: prose has links inside of it and is never one link, and
no picture has a paragraph for itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from worker.extraction.text.lines import letters

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["take_out_what_is_beside"]

_CARD_BLOCKS = ("p", "div", "h2", "h3", "h4", "h5", "h6", "ul", "section", "article", "figure")
_MIN_CARD_LETTERS = 20
_MAX_CARD_CHARS = 600
_MIN_STORY_LETTERS = 25
"""Letters from which the items of a list that are links are, on the average, headlines and no names or topics."""
_MIN_LINE_LETTERS = 60
"""Letters from which a paragraph that is one link is the summary of another story."""
_MIN_CAPITAL_LETTERS = 16
_CAPTION_TAGS = ("p", "span", "div", "em", "small", "i", "cite")
_CAPTION_CLASS = re.compile(r"caption|(?:^|[\s_-])credits?(?:$|\s)", re.IGNORECASE)
_MAX_CAPTION_CHARS = 400
_MAX_PICTURE_CHARS = 120
"""With more words beside a picture it may be the standfirst of the article, or what the pictured person says."""
_MAX_PICTURE_LEVELS = 5
_PICTURE_TAGS = ("div", "figure", "center", "li", "ul", "table")
_MAX_ELEMENTS = 500
"""Elements inside of a card, an item of a list or a picture's surroundings; more are a part of the page."""
_NOT_PART_OF_PICTURE = ("body", "html", "article", "section", "main", "td", "p", "h1")


def take_out_what_is_beside(tree: HtmlElement) -> None:
    """Takes out cards, lists and lines that link to other stories, and the captions of pictures."""
    for element in [*_cards(tree), *_lists_of_stories(tree), *_linked_lines(tree), *_captions(tree), *_pictures(tree)]:
        if element.getparent() is not None:
            element.drop_tree()


def _cards(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Links around whole blocks: no article has a paragraph or a heading of its own inside of a link."""
    for link in tree.iter("a"):
        if not _leads_away(link) or not _is_small(link) or next(link.iterdescendants(*_CARD_BLOCKS), None) is None:
            continue
        text = _text(link)
        if len(text) <= _MAX_CARD_CHARS and len(letters(text)) >= _MIN_CARD_LETTERS and link.find(".//h1") is None:
            yield link


def _lists_of_stories(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Lists of which every item is one link, and long enough for a headline."""
    for stories in tree.iter("ul", "ol"):
        items = [item for item in stories if item.tag == "li"]
        are_links = bool(items) and all(_is_linked(item) for item in items)
        if are_links and len(letters(_text(stories))) >= _MIN_STORY_LETTERS * len(items):
            yield stories


def _linked_lines(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Paragraphs that are one link, and are as long as a summary or printed in capitals like a headline."""
    for line in tree.iter("p"):
        if not _is_linked(line):
            continue
        text = _text(line)
        count = len(letters(text))
        if count >= _MIN_LINE_LETTERS or (count >= _MIN_CAPITAL_LETTERS and text.isupper()):
            yield line


def _captions(tree: HtmlElement) -> Iterator[HtmlElement]:
    for element in tree.iter(*_CAPTION_TAGS):
        if _CAPTION_CLASS.search(element.get("class") or "") and _has_few_words(element, _MAX_CAPTION_CHARS):
            yield element


def _pictures(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The largest elements with a picture and nothing but a few words beside it."""
    for picture in tree.iter("img"):
        if _is_in_a_line(picture):
            continue
        whole, above = None, picture.getparent()
        for _ in range(_MAX_PICTURE_LEVELS):
            if above is None or above.tag in _NOT_PART_OF_PICTURE or not _has_few_words(above, _MAX_PICTURE_CHARS):
                break
            whole, above = above, above.getparent()
        if whole is not None and whole.tag in _PICTURE_TAGS and whole.find(".//h1") is None and _text(whole):
            yield whole


def _is_in_a_line(picture: HtmlElement) -> bool:
    """Whether words stand right before or behind the picture."""
    before, above = picture.getprevious(), picture.getparent()
    words = (before.tail if before is not None else above.text if above is not None else None) or ""
    return bool(words.strip() or (picture.tail or "").strip())


def _is_linked(element: HtmlElement) -> bool:
    """Whether all words of the element are in links that lead away from it."""
    if not _is_small(element):
        return False
    links = [link for link in element.iter("a") if _leads_away(link)]
    return bool(links) and 0 < len(letters(_text(element))) <= sum(len(letters(_text(link))) for link in links)


def _is_small(element: HtmlElement) -> bool:
    """Whether it has few elements inside: others need not be read to the end again for each of those around them."""
    return next(islice(element.iter(), _MAX_ELEMENTS, None), None) is None


def _has_few_words(element: HtmlElement, max_chars: int) -> bool:
    return _is_small(element) and len(_text(element)) <= max_chars


def _leads_away(link: HtmlElement) -> bool:
    target = (link.get("href") or "").strip()
    return bool(target) and not target.startswith("#")


def _text(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())
