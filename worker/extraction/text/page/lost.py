"""Paragraphs that the extraction of a page lost, though they look like those that it kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from worker.contract.forms.values import read_text
from worker.extraction.text.lines import Line, letters, one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["Recovered", "recovered"]

_MIN_CHARS = 80
"""Shorter paragraphs are captions and buttons more often than text."""
_LOST_SHARE = 0.3
"""Share of the kept text from which paragraphs that are missing were lost and not left out."""
_KEY_CHARS = 60
_FURNITURE = ("nav", "footer", "aside", "form", "header", "figure", "figcaption")
_MIN_BODY_CHARS = 500


class Recovered:
    """The lines of a page with what was lost put back. `share`: the part of the page's own text that is in them."""

    def __init__(self, lines: list[Line], share: float | None) -> None:
        self.lines, self.share = lines, share


def recovered(tree: HtmlElement, lines: Sequence[Line], described: Mapping[str, object]) -> Recovered:
    """The lines, and in their place on the page the paragraphs that are missing.

    A paragraph is missing where its parent and grandparent have the same tags and classes as those of kept paragraphs,
    or where the page's own `articleBody` has it. Few missing ones were left out on purpose.
    """
    paragraphs = [(element, one_line(" ".join("".join(element.itertext()).split()))) for element in tree.iter("p")]
    paragraphs = [(element, text) for element, text in paragraphs if text]
    kept_text = letters("".join(line.text for line in lines))
    own_text = _own_text(described)
    kept = [_has(kept_text, text) for _, text in paragraphs]
    shapes = Counter(
        _shape(e) for (e, text), has in zip(paragraphs, kept, strict=True) if has and len(text) >= _MIN_CHARS
    )
    missing = [
        not has
        and (_has(own_text, text) or (len(text) >= _MIN_CHARS and shapes[_shape(element)] > 0 and _in_text(element)))
        for (element, text), has in zip(paragraphs, kept, strict=True)
    ]
    lost = sum(len(text) for (_, text), gone in zip(paragraphs, missing, strict=True) if gone)
    if lost > _LOST_SHARE * sum(len(line.text) for line in lines):
        texts = [(text, has, gone) for (_, text), has, gone in zip(paragraphs, kept, missing, strict=True)]
        lines = _put_back(lines, texts)
    return Recovered(list(lines), _share(own_text, lines))


def _has(text: str, paragraph: str) -> bool:
    key = letters(paragraph)[:_KEY_CHARS]
    return len(key) > 8 and key in text


def _shape(element: HtmlElement) -> tuple[str, ...]:
    parts: list[str] = []
    above = element.getparent()
    for _ in range(2):
        if above is None:
            break
        parts += [str(above.tag), " ".join(sorted((above.get("class") or "").split()))]
        above = above.getparent()
    return tuple(parts)


def _in_text(element: HtmlElement) -> bool:
    return not any(above.tag in _FURNITURE for above in element.iterancestors())


def _put_back(lines: Sequence[Line], paragraphs: Sequence[tuple[str, bool, bool]]) -> list[Line]:
    """The missing paragraphs behind the last line that comes before them on the page."""
    out, at = list(lines), 0
    for text, has, gone in paragraphs:
        if has:
            key = letters(text)[:_KEY_CHARS]
            at = next((i + 1 for i in range(at, len(out)) if key in letters(out[i].text)), at)
        elif gone:
            out.insert(at, Line(text))
            at += 1
    return out


def _own_text(described: Mapping[str, object]) -> str:
    body = described.get("articleBody")
    try:
        text = read_text(body) if body else ""
    except ValueError:
        text = ""
    return letters(text) if len(text) >= _MIN_BODY_CHARS else ""


def _share(own_text: str, lines: Sequence[Line]) -> float | None:
    """The share of the page's own text that is in the lines, by pieces of sixty letters."""
    if not own_text:
        return None
    kept = letters("".join(line.text for line in lines))
    pieces = [own_text[i : i + _KEY_CHARS] for i in range(0, len(own_text) - _KEY_CHARS + 1, _KEY_CHARS)]
    found = sum(piece[:30] in kept or piece[30:] in kept for piece in pieces)
    return round(found / len(pieces), 2)
