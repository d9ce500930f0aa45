"""Cleans an article: what of its body is the article, and what the body's page says that the record does not.

The text begins with the headline, where there is one, and has a blank line between two lines of the article.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from worker.contract.article import ArticleWarning, RawArticle, WarningKind
from worker.contract.extraction import Block, BlockKind
from worker.contract.texts.plain_text import without_entities
from worker.extraction.spans import Span
from worker.extraction.text.captions import is_captions, text_of_captions
from worker.extraction.text.exports import without_export_fields
from worker.extraction.text.furniture import is_walled, without_furniture
from worker.extraction.text.lines import Line, letters, one_line, plain_lines
from worker.extraction.text.markdown import is_markdown, without_markdown
from worker.extraction.text.markup import is_markup, unpacked
from worker.extraction.text.page.read import Page, read_html
from worker.extraction.text.wrapped import with_paragraphs

__all__ = ["CleanText", "clean"]

_MAX_TITLE_CHARS = 200
_MAX_SUBHEAD_CHARS = 110
_UNSTATED = (
    BlockKind.SUBHEAD,
    BlockKind.CAPTION,
    BlockKind.BYLINE,
    BlockKind.TABLE,
    BlockKind.EMBEDDED_POST,
)
_CUT_SHARE = 0.6
"""Share of the page's own text below which the warning says that the text is cut short."""
_FROM_PAGE = ("published_at", "updated_at", "publisher", "byline", "section", "language")
_TEXT_LEFT = 0.5
"""Where less is left of a body that closes no tag when it is read as HTML, it was a text that names tags."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """All spans are code-point offsets into `text`; where there is a `headline`, it is the first line of `text`.

    `article`: the record's fields, with those of its page where the record has none. `origins`: for each of them where
    it was found. `blocks`: the lines of the text. `share`: see `Extraction.text_share`.
    """

    headline: str | None
    text: str
    article: RawArticle = field(compare=False)
    blocks: tuple[Block, ...] = field(default=(), compare=False)
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)
    warnings: tuple[ArticleWarning, ...] = field(default=(), compare=False)
    address: str | None = field(default=None, compare=False)
    share: float | None = field(default=None, compare=False)

    @property
    def unstated(self) -> list[Span]:
        """The lines in which the article itself states nothing: subheads, captions, bylines, tables, others' posts."""
        return [(block.start, block.end) for block in self.blocks if block.kind in _UNSTATED]


def clean(article: RawArticle) -> CleanText:
    """The article's text, lines and fields.

    An article without a headline, in the record and on its page, takes the first line of its text, where that is a
    paragraph of its own, is short, and does not end like a sentence.
    """
    page = _read(unpacked(article.body), article.uri)
    fields, origins = _merged(article, page)
    lines = without_furniture(page.lines, fields.byline)
    headline, origin = _headline(fields, page, lines)
    if origin is not None:
        origins["headline"] = origin
    lines = _without_headline(lines, headline, page.about.titles)
    text, blocks = _put_together(headline, lines)
    return CleanText(
        headline,
        text,
        article=replace(fields, headline=headline),
        blocks=blocks,
        origins=origins,
        warnings=(*article.notes.warnings, *_warnings(fields, page)),
        address=page.about.address,
        share=page.share,
    )


def _read(body: str, address: str) -> Page:
    if is_captions(body):
        return Page(_text_lines(text_of_captions(body)))
    if not is_markup(body):
        return Page(_text_lines(body))
    page = read_html(body, address)
    kept = sum(len(line.text) for line in page.lines)
    return Page(_text_lines(body)) if "</" not in body and kept < _TEXT_LEFT * len(body) else page


def _text_lines(body: str) -> list[Line]:
    lines = plain_lines(without_entities(with_paragraphs(body)))
    if is_markdown(body):
        lines = [line for line in map(without_markdown, lines) if line.text]
    return _with_subheads(without_export_fields(lines))


def _with_subheads(lines: list[Line]) -> list[Line]:
    """A short line without an end mark between two paragraphs of a plain text is a subhead."""
    return [
        Line(line.text, BlockKind.SUBHEAD)
        if 0 < index < len(lines) - 1 and line.kind is BlockKind.PARAGRAPH and _like_a_subhead(line.text)
        else line
        for index, line in enumerate(lines)
    ]


def _like_a_subhead(line: str) -> bool:
    return (
        len(line) <= _MAX_SUBHEAD_CHARS
        and line[:1].isupper()
        and line[-1].isalnum()
        and not re.search(r"[.!?]\s", line)
        and not re.match(r"[-–—•*\d]", line)
    )


def _merged(article: RawArticle, page: Page) -> tuple[RawArticle, dict[str, str]]:
    """The record's fields, and those of the page where the record has none."""
    values, origins = page.about.values, dict(article.notes.origins)
    missing = {name: values[name] for name in _FROM_PAGE if name in values and getattr(article, name) is None}
    origins |= {name: page.about.origins[name] for name in missing}
    return replace(article, **missing), origins  # type: ignore[arg-type]  # each was read by its field's reader


def _headline(article: RawArticle, page: Page, lines: Sequence[Line]) -> tuple[str | None, str | None]:
    """The headline, and where it was found if not in the record."""
    if article.headline and article.headline.strip():
        return _once(one_line(article.headline)), None
    if "headline" in page.about.values:
        return _once(str(page.about.values["headline"])), page.about.origins["headline"]
    if len(lines) > 1 and _like_a_title(lines[0]):
        return _once(lines[0].text), "first line"
    return None, None


def _once(title: str) -> str:
    """The title, where a page prints it twice in one line."""
    half = len(title) // 2
    return title[:half] if len(title) > 30 and title[:half] == title[half + 1 :] and title[half] == " " else title


def _like_a_title(line: Line) -> bool:
    return (
        len(line.text) <= _MAX_TITLE_CHARS
        and not line.text.endswith((".", "!", "”", '"', ":"))
        and line.kind in (BlockKind.PARAGRAPH, BlockKind.SUBHEAD)
    )


def _without_headline(lines: list[Line], headline: str | None, titles: Sequence[str]) -> list[Line]:
    """Without the headline's repetitions, and the page's other titles: at the beginning, and as a heading anywhere."""
    if headline is None:
        return lines
    same = {letters(headline), 2 * letters(headline), *map(letters, titles)}
    start = 0
    while start < len(lines) and letters(lines[start].text) in same:
        start += 1
    return [line for line in lines[start:] if line.kind is not BlockKind.SUBHEAD or letters(line.text) not in same]


def _put_together(headline: str | None, lines: Sequence[Line]) -> tuple[str, tuple[Block, ...]]:
    all_lines = [Line(headline, BlockKind.HEADLINE), *lines] if headline else lines
    blocks: list[Block] = []
    at = 0
    for line in all_lines:
        blocks.append(Block(line.kind, at, at + len(line.text)))
        at += len(line.text) + 2
    return "\n\n".join(line.text for line in all_lines), tuple(blocks)


def _warnings(article: RawArticle, page: Page) -> list[ArticleWarning]:
    warnings: list[ArticleWarning] = []
    if is_walled(page.lines):
        says = "the text ends where the page offers the rest to those who subscribe or log in"
        warnings.append(ArticleWarning(WarningKind.CUT_SHORT, "body", says))
    elif page.share is not None and page.share < _CUT_SHARE:
        says = f"the text has {page.share:.0%} of what the page itself gives as the article's text"
        warnings.append(ArticleWarning(WarningKind.CUT_SHORT, "body", says))
    if article.published_at is None:
        says = "no date of publication is known, so a relative time has no interval"
        warnings.append(ArticleWarning(WarningKind.NO_DATE, "published_at", says))
    return warnings
