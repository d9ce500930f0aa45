"""Speeches, statements and letters that a page prints in full: its first lines say whose they are, and it says "I"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.extraction.lexicon.word_lists import any_of
from worker.extraction.spans import Span, inside_any

__all__ = ["printed_in_full"]

_NAME = r"(?!(?i:full|complete|entire|transcript|text)\b)[A-ZÀ-ÞĀ-Ž][\w’'.-]*"
_OFFICE = r"(?:[Tt]he )?(?:[a-z][\w-]*,? ){0,4}"
_WHO = rf"(?P<source>{_OFFICE}{_NAME}(?: (?:(?:of|for|the|and|de|van|von|al|bin|da|del) ){{0,2}}{_NAME}){{0,7}})"
_TEXT = rf"(?:[\w’'-]+ ){{0,3}}(?i:{any_of('texts_printed_in_full')})"
_READ = r"(?i:full text|full transcript|transcript|in full|text|read)(?: of(?: the)?|:| [-–—|])?"
_MARK = rf"(?:[‘“\"'][^\n]{{3,120}}[’”\"'][:.]? )?(?:{_READ} )?(?:[Aa]n? |[Tt]he )?"
_BEHIND = r"(?:,? \(?in full\)?|(?: (?:at|to|on|in|for|before|after|of)| [-–—|]|[,:]) .*)?"
_TO_SOMEBODY = rf"(?:{_TEXT} to [^,:]{{3,60}}?|(?:[\w’'-]+ ){{0,2}}(?i:open letter|message|statement))"
_TITLES = (
    re.compile(rf"{_MARK}{_TEXT}(?: to [^,:]{{3,60}}?)? (?:given |delivered |made )?by {_WHO}{_BEHIND}"),
    re.compile(rf"{_MARK}{_TO_SOMEBODY} from {_WHO}{_BEHIND}"),
    re.compile(rf"{_MARK}{_WHO}['’]s? {_TEXT}{_BEHIND}"),
    re.compile(rf"{_WHO}(?::| [-–—|]) (?:[Tt]he )?{_TEXT}{_BEHIND}"),
    re.compile(rf"{_WHO} (?:[\w’'-]+ ){{0,2}}(?i:{any_of('texts_printed_in_full')} transcript){_BEHIND}"),
)
"""As in "Remarks by Governor Ayesha Malik at ...", "Open letter from ...", "Full text: King Harald's address", "Lena
Foy: speech to ...". A "Letter from Havana" is none.
"""
_LINES_OF_A_TITLE = 3
_LONGEST_TITLE = 200
_SELF = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|me|us)\b")
_MIN_SHARE_OF_SELF = 3
"""One paragraph in so many says "I" or "we" outside of quotes, at least."""
_ENDS = (".", "!", "?", "…", "”", '"', ":", ";")


def printed_in_full(text: str, lines: Sequence[Span], marks: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Each paragraph of such a text, behind the words for who says it.

    None where the text tells of that person as a report does, or where too little of it says "I". `lines`: the
    paragraphs of the text, `marks`: its quotes.
    """
    for number, line in enumerate(lines[:_LINES_OF_A_TITLE]):
        source = _whose(text, line)
        if source is None:
            continue
        said = [each for each in lines[number + 1 :] if _is_paragraph(text, each)]
        surname = re.compile(rf"\b{re.escape(text[slice(*source)].rsplit(maxsplit=1)[-1])}\b")
        while said and surname.search(text, *said[0]):
            said = said[1:]  # "Minister Ferro gave this speech in Puno on Sunday."
        while said and surname.search(text, *said[-1]):
            said = said[:-1]  # "Lucia Ferro has been foreign minister since May."
        if any(surname.search(text, *each) for each in said):
            return []
        own = sum(any(not inside_any(w.span(), marks) for w in _SELF.finditer(text, *each)) for each in said)
        return [(source, each) for each in said] if own and own * _MIN_SHARE_OF_SELF >= len(said) else []
    return []


def _whose(text: str, line: Span) -> Span | None:
    if line[1] - line[0] > _LONGEST_TITLE or text[line[1] - 1] in ".!?":
        return None
    found = (form.fullmatch(text, *line) for form in _TITLES)
    return next((match.span("source") for match in found if match is not None), None)


def _is_paragraph(text: str, line: Span) -> bool:
    """True for sentences; not for a greeting, a signature or a heading."""
    return text[line[1] - 1] in _ENDS and len(text[slice(*line)].split()) > 1
