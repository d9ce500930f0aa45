"""Lines that belong to the page and not to its article: buttons, appeals, related links, credits.

A line is furniture by what it begins with, and only where it is short: prose may begin with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.contract.extraction import BlockKind
from worker.extraction.lexicon.word_lists import ordered_words
from worker.extraction.text.lines import Line, letters
from worker.extraction.text.notes import NAME, TRADE, without_notes
from worker.extraction.text.summary import without_summary

__all__ = ["is_walled", "without_furniture"]

_MAX_CHARS = 200
"""A longer line is prose, whatever its first words are; an appeal may have several sentences (`_APPEAL`)."""
_MAX_APPEAL_CHARS = 420
_MAX_WHOLE_CHARS = 320
"""What is a whole line of furniture may be longer: its patterns say all of its words."""

_WHOLE = re.compile("|".join(ordered_words("furniture_lines")), re.IGNORECASE)
_PAYWALL = re.compile("|".join(ordered_words("paywall_lines")), re.IGNORECASE)
_LAST_LINES = 8
"""Lines at the end among which the rest of an article is offered."""
_BEGINS = re.compile("|".join(ordered_words("furniture_beginnings")), re.IGNORECASE)
_APPEAL = re.compile("|".join(ordered_words("appeal_beginnings")), re.IGNORECASE)
_APPEAL_WORD = re.compile(rf"\b(?:{'|'.join(ordered_words('appeal_words'))})\b", re.IGNORECASE)
_REPORTS = re.compile(
    r"\b(?:said|says|told|according|announced|added|wrote|asked|reported|claimed|argued)\b", re.IGNORECASE
)
"""A line with such a word is prose, whatever it begins with, but for the title of another article."""
_TITLE = re.compile(
    r"(?:read (?:more|next|also|now)|also read|see also|related(?: \w+)?|more|don[’']t miss|must read|watch|listen)\s?"
    r"[:\-–—|>»]\s?.*[^.!…\"”’]",
    re.IGNORECASE,
)
_CAPTION_BEGINS = re.compile("|".join(ordered_words("caption_beginnings")), re.IGNORECASE)
_CAPTION_ENDS = re.compile(rf"(?:{'|'.join(ordered_words('caption_ends'))})$", re.IGNORECASE)
_HEADING = re.compile("|".join(ordered_words("furniture_headings")), re.IGNORECASE)
_MAX_LINKS = 6
_ENDS_WITH_MARK = re.compile(r"[.!?…:;,\"”’»)]\W{0,2}$")
_MAX_CAPTION_CHARS = 400
_BYLINE = re.compile(
    rf"(?:By|BY|Story by|Words by|Written by)\s+{NAME}(?:(?:,| and|,? &) {NAME}){{0,4}}(?:[,|•]? .{{0,60}})?|"
    rf"{NAME}(?:(?:,| and) {NAME}){{0,2}},? (?:[\w’'&]+ ){{0,4}}"
    rf"(?:(?i:{TRADE})|Press|Reuters|AFP|AP)"
)
_ACCOUNT = re.compile(
    r"^[—–-]{1,2}\s*.{1,60}\(@[\w.@-]{1,60}\)[\s,·|]+\w{3,9} \d{1,2}, \d{4}"
    r"(?:,? (?:at )?\d{1,2}:\d{2}(?: ?[AaPp][Mm])?)?\W*$|"
    r"^(?:A )?[Pp]ost (?:shared |made )?by .{0,60}@[\w.@-]{1,60}\W*$"
)
_MARKER = re.compile(r"^(?:[-–*•‣▪●◦·]|\d{1,2}[.)])\s+(?=\S)")


def without_furniture(lines: Sequence[Line], byline: str | None) -> list[Line]:
    """The lines of the article. A list's marks go, posts that are embedded are marked as such, and so are bylines."""
    own = [line for line in _without_links(lines) if not _is_furniture(line)]
    kept = without_summary([_unmarked(line) for line in own])
    kept = without_notes(kept, byline)
    kept = _without_byline(kept, byline)
    return _with_posts([_as_caption(line) for line in _without_last_headings(kept)])


def _without_links(lines: Sequence[Line]) -> list[Line]:
    """Without headings of links, and the titles of other stories below them."""
    kept: list[Line] = []
    below = 0
    for line in lines:
        if line.kind is not BlockKind.HEADLINE and _HEADING.fullmatch(line.text):
            below = _MAX_LINKS
            if kept and kept[-1].kind is BlockKind.SUBHEAD:
                kept[-1] = Line(kept[-1].text, BlockKind.PARAGRAPH)  # the last line of the text, without its stop
        elif below and len(line.text) <= _MAX_CHARS and not _ENDS_WITH_MARK.search(line.text):
            below -= 1
        else:
            below = 0
            kept.append(line)
    return kept


def is_walled(lines: Sequence[Line]) -> bool:
    """Whether the text ends where the rest is for those who pay."""
    return any(_is_paywall(line.text) for line in lines[-_LAST_LINES:])


def _is_paywall(text: str) -> bool:
    return len(text) <= _MAX_CHARS and _PAYWALL.fullmatch(text) is not None


def _unmarked(line: Line) -> Line:
    marker = _MARKER.match(line.text)
    if marker is None or (marker[0][0].isdigit() and line.kind is not BlockKind.LIST_ITEM):
        return line
    kind = BlockKind.LIST_ITEM if line.kind is BlockKind.PARAGRAPH else line.kind
    return Line(line.text[marker.end() :], kind)


def _is_furniture(line: Line) -> bool:
    text = _MARKER.sub("", line.text)
    if line.kind is BlockKind.HEADLINE or not text:
        return not text
    if (len(text) <= _MAX_WHOLE_CHARS and _WHOLE.fullmatch(text.lstrip("—– ") or text)) or _is_paywall(text):
        return True
    if len(text) <= _MAX_CHARS:
        bare = text.strip("[]()>»›▶►→—– ")
        if _BEGINS.match(bare) and (not _REPORTS.search(bare[12:]) or _TITLE.fullmatch(bare)):
            return True
    return (
        len(text) <= _MAX_APPEAL_CHARS and _APPEAL.match(text) is not None and _APPEAL_WORD.search(text[8:]) is not None
    )


def _without_last_headings(lines: list[Line]) -> list[Line]:
    """Without headings that no text follows: they are those of other stories."""
    end = len(lines)
    while end > 0 and lines[end - 1].kind is BlockKind.SUBHEAD:
        end -= 1
    return lines[:end] if any(line.kind is BlockKind.PARAGRAPH for line in lines[:end]) else lines


def _as_caption(line: Line) -> Line:
    """The line as a caption, if it tells what a picture shows."""
    if line.kind is not BlockKind.PARAGRAPH or len(line.text) > _MAX_CAPTION_CHARS:
        return line
    is_caption = _CAPTION_BEGINS.match(line.text) or _CAPTION_ENDS.search(line.text)
    return Line(line.text, BlockKind.CAPTION) if is_caption else line


def _without_byline(lines: list[Line], byline: str | None) -> list[Line]:
    """Without a line near the beginning that has nothing but the authors' names, by whatever words around them."""
    own = {letters(name) for name in re.split(r",\s*|\s+and\s+", byline or "") if name}
    kept: list[Line] = []
    for index, line in enumerate(lines):
        rest = letters(re.sub(r"^(?:by|von|par|por)\s+", "", line.text, flags=re.IGNORECASE))
        if index < 5 and len(line.text) < 120 and own and rest and any(rest == name for name in own):
            continue
        if index < 5 and line.kind is BlockKind.PARAGRAPH and _BYLINE.fullmatch(line.text):
            line = Line(line.text, BlockKind.BYLINE)  # noqa: PLW2901 - the same line, known better
        kept.append(line)
    return kept


def _with_posts(lines: list[Line]) -> list[Line]:
    """A line that signs a post with its account makes the lines of the quote before it, or the one line, the post."""
    marked = list(lines)
    for index, line in enumerate(lines):
        if not _ACCOUNT.match(line.text):
            continue
        marked[index] = Line(line.text, BlockKind.EMBEDDED_POST)
        before = index - 1
        while before >= 0 and (lines[before].kind is BlockKind.QUOTE or before == index - 1):
            marked[before] = Line(lines[before].text, BlockKind.EMBEDDED_POST)
            before -= 1
    return marked
