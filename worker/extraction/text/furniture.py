"""Lines that belong to the page and not to its article: buttons, appeals, related links, credits, notes about authors.

A line is furniture by what it begins with, and only where it is short: prose may begin with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.contract.extraction import BlockKind
from worker.extraction.lexicon.word_lists import any_of, ordered_words
from worker.extraction.text.lines import Line, letters

__all__ = ["without_furniture"]

_MAX_CHARS = 200
"""A longer line is prose, whatever its first words are; an appeal may have several sentences (`_APPEAL`)."""
_MAX_APPEAL_CHARS = 420
_MAX_BIO_CHARS = 700
_LAST_LINES = 6
"""Lines at the end among which notes about the authors and credits stand."""

_WHOLE = re.compile("|".join(ordered_words("furniture_lines")), re.IGNORECASE)
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
_TRADE = rf"(?:{any_of('author_trades')})s?"
_NAME = r"[A-Z][\w.’'-]+(?: (?:[a-z]{2,3} )?[A-Z][\w.’'-]+){1,3}"
_BIO = re.compile(
    rf"(?:an? |the )?(?:[\w’'-]+[ ,]+){{0,6}}{_TRADE},? {_NAME},? "
    r"(?:is|was|has|writes|covers|covered|reports|began|joined)\b|"
    rf"[Aa]n? (?:[\w’'-]+[ ,]+){{0,10}}{_TRADE}, [A-Z][\w’'-]+ "
    r"(?:has (?:covered|written|reported|been)|covers|writes)\b|"
    rf"{_NAME} makes (?:frequent|regular) appearances\b|"
    rf"(?:about the authors?\W+)?{_NAME} (?:is|are|was) (?:an?|the|our|[A-Z][\w’'. ]{{2,30}}[’']s) "
    rf"(?:[\w’',&-]+ ){{0,8}}{_TRADE}\b|"
    rf"{_NAME} (?:covers|writes (?:about|for|on)|reports (?:on|for|from)|joined|"
    r"has (?:written|been writing|covered|been covering|reported))\b|"
    rf"about the authors?\b|follow (?:him|her|them|{_NAME}) on\b|"
    rf"(?:you can )?(?:reach|contact|e-?mail) (?:him|her|them|{_NAME}) (?:at|on|via)\b|"
    r"(?:he|she|they) can be (?:reached|found|contacted)\b",
)
_ABOUT_HOUSE = re.compile(r"(?:About|ABOUT) (?:the )?[A-Z][\w&.’'-]*(?: (?:of |the |and |& )?[A-Z][\w&.’'-]*){0,4}:?")
"""The heading of what a press release says of its sender."""
_BYLINE = re.compile(
    rf"(?:By|BY|Story by|Words by|Written by)\s+{_NAME}(?:(?:,| and|,? &) {_NAME}){{0,4}}(?:[,|•]? .{{0,60}})?|"
    rf"{_NAME}(?:(?:,| and) {_NAME}){{0,2}},? (?:[\w’'&]+ ){{0,4}}"
    rf"(?:(?i:{_TRADE})|Press|Reuters|AFP|AP)"
)
_ACCOUNT = re.compile(r"^[—–-]{1,2}\s*.{1,60}\(@\w{1,30}\)\s+\w{3,9} \d{1,2}, \d{4}\W*$")
_MARKER = re.compile(r"^(?:[-–*•‣▪●◦·]|\d{1,2}[.)])\s+(?=\S)")


def without_furniture(lines: Sequence[Line], byline: str | None) -> list[Line]:
    """The lines of the article. A list's marks go, posts that are embedded are marked as such, and so are bylines."""
    kept = [_unmarked(line) for line in lines if not _is_furniture(line)]
    kept = _without_end(kept, byline)
    kept = _without_byline(kept, byline)
    return _with_posts(kept)


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
    if len(text) <= _MAX_CHARS:
        if _WHOLE.fullmatch(text):
            return True
        if _BEGINS.match(text) and (not _REPORTS.search(text[12:]) or _TITLE.fullmatch(text)):
            return True
    return (
        len(text) <= _MAX_APPEAL_CHARS and _APPEAL.match(text) is not None and _APPEAL_WORD.search(text[8:]) is not None
    )


def _without_end(lines: list[Line], byline: str | None) -> list[Line]:
    """Without the notes about the authors that end an article, and what comes behind the first of them."""
    names = [name for name in re.split(r",\s*|\s+and\s+", byline or "") if " " in name]
    for index in range(max(2, len(lines) - _LAST_LINES), len(lines)):
        rest = lines[index:]
        if (
            len(rest[0].text) <= _MAX_BIO_CHARS
            and _is_bio(rest[0].text, names)
            and not any("“" in line.text for line in rest[1:])
        ):
            return lines[:index]
        if _ABOUT_HOUSE.fullmatch(rest[0].text) and len(rest) > 1 and not any("“" in line.text for line in rest):
            return lines[:index]
    return lines


def _is_bio(text: str, names: Sequence[str]) -> bool:
    if any(re.match(rf"(?:\W*(?:about|by)\W+)?{re.escape(name)}\b", text, re.IGNORECASE) for name in names):
        return (
            re.search(
                rf"\b{_TRADE}\b|\b(?:covers|writes|reports|joined|@|professor|lecturer|researcher|teaches)\b", text
            )
            is not None
        )
    return _BIO.match(text) is not None


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
