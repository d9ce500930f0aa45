"""The notes that end an article: about its authors, and in a press release about its sender."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.lexicon.word_lists import any_of, ordered_words
from worker.extraction.text.lines import Line

__all__ = ["NAME", "TRADE", "without_notes"]

_MAX_BIO_CHARS = 700
_MAX_SENDER_CHARS = 1_500
_LAST_LINES = 6
"""Lines at the end among which notes about the authors and credits stand."""

TRADE = rf"(?:{any_of('author_trades')})s?"
NAME = r"[A-Z][\w.’'-]+(?: (?:[a-z]{2,3} )?[A-Z][\w.’'-]+){1,3}"
_BIO = re.compile(
    rf"(?:an? |the )?(?:[\w’'-]+[ ,]+){{0,6}}{TRADE},? {NAME},? "
    r"(?:is|was|has|writes|covers|covered|reports|began|joined)\b|"
    rf"[Aa]n? (?:[\w’'-]+[ ,]+){{0,10}}{TRADE}, [A-Z][\w’'-]+ "
    r"(?:has (?:covered|written|reported|been)|covers|writes)\b|"
    rf"{NAME} makes (?:frequent|regular) appearances\b|"
    rf"(?:about the authors?\W+)?{NAME} (?:is|are|was) (?:an?|the|our|[A-Z][\w’'. ]{{2,30}}[’']s) "
    rf"(?:[\w’',&-]+ ){{0,8}}{TRADE}\b|"
    rf"{NAME} (?:covers|writes (?:about|for|on)|reports (?:on|for|from)|joined|"
    r"has (?:written|been writing|covered|been covering|reported))\b|"
    rf"about the authors?\b|follow (?:him|her|them|{NAME}) on\b|"
    rf"(?:you can )?(?:reach|contact|e-?mail) (?:him|her|them|{NAME}) (?:at|on|via)\b|"
    rf"(?:[Hh]e|[Ss]he|[Tt]hey|{NAME}) can be (?:reached|found|contacted|followed)\b|"
    rf"{NAME}, (?:an?|the|our|[A-Z][\w’'. ]{{2,30}}[’']s) (?:[\w’',&-]+ ){{0,8}}{TRADE}\b[^.]{{0,60}}, "
    r"(?:covers|writes|reports|has (?:covered|written|reported))\b|"
    rf"[Aa]bout {NAME}(?::|$)",
)
_ABOUT_HOUSE = re.compile(r"(?:About|ABOUT) (?:the )?[A-Z][\w&.’'-]*(?: (?:of |the |and |& )?[A-Z][\w&.’'-]*){0,4}:?")
"""The heading of what a press release says of its sender."""
_HOUSE = r"[A-Z][\w&.’'-]*(?: (?:of |the |and |& )?[A-Z][\w&.’'-]*){0,4}"
_ABOUT_SENDER = re.compile(
    rf"(?:The )?({_HOUSE})(?: \([^()]{{1,80}}\))? (?:is|are) (?:an?|the|one of) "
    rf".{{0,160}}?\b{any_of('house_nouns')}s?\b"
)
_MIN_HOUSE_MARKS = 3
"""A reporter may end with a sentence about a company as well; it has fewer of the words of such a note."""
_HOUSE_MARK = re.compile("|".join(ordered_words("house_marks")), re.IGNORECASE)


def without_notes(lines: list[Line], byline: str | None) -> list[Line]:
    """Without the first of the notes that end an article, and what comes behind it."""
    names = [name for name in re.split(r",\s*|\s+and\s+", byline or "") if " " in name]
    for index in range(max(2, len(lines) - _LAST_LINES), len(lines)):
        rest = lines[index:]
        quotes_behind = any("“" in line.text for line in rest[1:])
        if len(rest[0].text) <= _MAX_BIO_CHARS and _is_bio(rest[0].text, names) and not quotes_behind:
            return lines[:index]
        if "“" not in rest[0].text and not quotes_behind and _is_about_sender(rest, lines[:index]):
            return lines[:index]
    return lines


def _is_about_sender(rest: Sequence[Line], before: Sequence[Line]) -> bool:
    """Whether a press release tells from here on who its sender is, under a heading or by the sender's name."""
    if _ABOUT_HOUSE.fullmatch(rest[0].text):
        return len(rest) > 1
    told = _ABOUT_SENDER.match(rest[0].text) if len(rest[0].text) <= _MAX_SENDER_CHARS else None
    return (
        told is not None
        and any(told[1] in line.text for line in before)
        and len({mark.casefold() for line in rest for mark in _HOUSE_MARK.findall(line.text)}) >= _MIN_HOUSE_MARKS
        and all(told[1].split()[0] in line.text or _HOUSE_MARK.search(line.text) for line in rest)
    )


def _is_bio(text: str, names: Sequence[str]) -> bool:
    if any(re.match(rf"(?:\W*(?:about|by)\W+)?{re.escape(name)}\b", text, re.IGNORECASE) for name in names):
        return (
            re.search(
                rf"\b{TRADE}\b|\b(?:covers|writes|reports|joined|@|professor|lecturer|researcher|teaches)\b", text
            )
            is not None
        )
    return _BIO.match(text) is not None
