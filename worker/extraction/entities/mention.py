"""A mention of a name, and how the words around it are read."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.spans import Span
from worker.gazetteer.lists import EntityType, Entry, plain

__all__ = [
    "CAPITAL",
    "MIN_POPULATION",
    "PLACE_BEFORE",
    "PLACE_OF",
    "TITLED",
    "Mention",
    "Spread",
    "called_before",
    "in_capitals",
    "is_body",
    "is_within",
    "trimmed",
    "word_before",
]

_BODY_WORDS = words("body_words")
CAPITAL = re.compile(r"[A-ZÀ-ÖØ-Þ](?:[\w\-\u0300-\u036f]|['’](?!s\b)){0,80}(?:\.[A-Z]\.?){0,8}")
"""A capitalised word without its possessive; accents may be combining characters."""
TITLED = words("titles") | words("roles")
"""Words before a name that are no part of it: titles and offices."""
MIN_POPULATION = 500_000
"""Inhabitants from which on a city is meant wherever its name is written."""
PLACE_BEFORE = re.compile(r"\b(?:in|at|near|outside|from|to|around|across|of)\s$")
_IN = re.compile(r"\b(?:in|near|outside|across)\s$", re.IGNORECASE)
_HELD = re.compile(rf"\b{any_of('held_in')} in $", re.IGNORECASE)
_HELD_IN = 24
PLACE_OF = re.compile(rf"\b{any_of('place_kinds')}\sof\s$")
_AROUND = 100
_ARTICLE = re.compile(r"(?:the|a|an|another|this|that|these|those)\s+[^\w\s]*", re.IGNORECASE)
_BEHIND_NAME = re.compile(r"\s(?:\d{1,3}[-–]\d{1,3}|[^\w\s]*(?:and|as|at|by|for|from|in|of|on|or|the|to|with))$")
"""A score or a small word that the recogniser takes into a name: "Norland 2-0", "Norbook for"."""
_POSSESSIVE = re.compile(r"(?:['’]s?|[\s,;:]+)$")
_ABBREVIATED = re.compile(r"\b(?:[A-Z]\.)+$|\b(?:Inc|Corp|Ltd|Co|Jr|Sr)\.$")
_BEFORE = re.compile(r"([\w’'.\-]+)[ \u00a0]\Z")
_BEFORE_COMMA = re.compile(r"([\w’'.\-]+),?[ \u00a0]\Z")
_CALLED = re.compile(r"([\w’'.\-]+), \Z")


@dataclass(frozen=True, slots=True)
class Mention:
    """`name` is as in the text, without article, title and possessive; `entry` is the gazetteer's, if it has one."""

    span: Span
    kind: EntityType
    name: str
    entry: Entry | None = None


class Spread:
    """Mentions in the order of the text, none inside another, which can be looked up by their place."""

    def __init__(self, found: Iterable[Mention]) -> None:
        self.mentions = sorted(found, key=lambda m: m.span)
        self._starts = [m.span[0] for m in self.mentions]

    def meeting(self, span: Span) -> list[Mention]:
        """The mentions that share characters with a span."""
        last = bisect_right(self._starts, span[1] - 1)
        first = last
        while first and self.mentions[first - 1].span[1] > span[0]:
            first -= 1
        return self.mentions[first:last]


def trimmed(text: str, span: Span) -> Span:
    """A span without article, possessive and punctuation; it ends with its line and never before a combining accent."""
    start, end = span
    line = text.find("\n", start, end)
    end = line if line > start else end
    while start < end and not text[start].isalnum():
        start += 1
    article = _ARTICLE.match(text, start, end)
    if article and article.end() < end:
        start = article.end()
    opening = text.find("(", start, end)
    if opening > start and text.find(")", opening, end) < 0:
        end = opening
    if (behind := _BEHIND_NAME.search(text, start, end)) is not None:
        end = behind.start()
    while end > start and not (text[end - 1].isalnum() or text[end - 1] == "." or unicodedata.combining(text[end - 1])):
        end -= 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    possessive = _POSSESSIVE.search(text, start, end)
    if possessive and possessive.start() > start:
        end = possessive.start()
    if text[end - 1 : end] == "." and not _ABBREVIATED.search(text[start:end]):
        end -= 1
    return start, end


def word_before(text: str, at: int, *, comma: bool = False) -> str:
    """The word before an offset in the same line, empty if there is none; `comma` allows a comma between."""
    match = (_BEFORE_COMMA if comma else _BEFORE).search(text[max(0, at - 24) : at])
    return plain(match[1].strip(".")) if match else ""


def is_within(text: str, at: int) -> bool:
    """ "In Tarn", "near Tarn"; not "shares in Tarn"."""
    before = text[max(0, at - _HELD_IN) : at]
    return _IN.search(before) is not None and _HELD.search(before) is None


def called_before(text: str, at: int) -> str:
    """The word before the comma that a name follows: "group" of "a patients' group, Second Chance"."""
    match = _CALLED.search(text[max(0, at - 24) : at])
    return plain(match[1]) if match else ""


@lru_cache(maxsize=4096)
def is_body(name: str) -> bool:
    """Whether a name has a word that only names of organisations have: bank, ministry, university."""
    return any(word.strip(".,") in _BODY_WORDS for word in plain(name).split())


def in_capitals(text: str, start: int, end: int) -> bool:
    """Whether the line around a word is in capitals, so that its capitals say nothing."""
    begin, stop = text.rfind("\n", max(0, start - _AROUND), start) + 1, text.find("\n", end, end + _AROUND)
    around = text[max(begin, start - _AROUND) : start] + text[end : stop if stop >= 0 else end + _AROUND]
    letters = [c for c in around[:80] if c.isalpha()]
    return len(letters) > 8 and sum(c.isupper() for c in letters) > 0.9 * len(letters)
