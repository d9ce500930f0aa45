"""Names in lines where nearly every word has a capital, as headlines have: a verb or an adjective looks like a name."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from worker.extraction.entities.mention import Mention
from worker.extraction.entities.person_names import GIVEN
from worker.gazetteer.lists import EntityType, plain

__all__ = ["title_lines", "without_headline_words"]

_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SMALL = re.compile(r"\b[a-zà-ÿ]{3,}\b")
_MIN_WORDS = 4
_SHARE = 0.8
"""Words of a headline, and the share of its longer ones that have a capital."""
_LONGER = 4
"""Letters of a word that a headline writes with a capital whatever it is."""


def without_headline_words(found: Sequence[Mention], text: str) -> list[Mention]:
    """The mentions; one of a headline is cut to the names that the text has elsewhere, else it loses common words.

    "Fixing Norland" is Norland where the text below names that. Only people lose words that the text writes small.
    """
    lines = title_lines(text)
    if not lines:
        return list(found)
    starts = [start for start, _ in lines]
    in_title = [_is_in(m, starts, lines) for m in found]
    elsewhere: dict[str, EntityType] = {}
    for mention, title in zip(found, in_title, strict=True):
        if not title:
            elsewhere.setdefault(mention.name, mention.kind)
    small = set(_SMALL.findall(text))
    made: list[Mention] = []
    for mention, title in zip(found, in_title, strict=True):
        if not title or " " not in mention.name or mention.name in elsewhere:
            made.append(mention)
        else:
            made += _known_inside(mention, elsewhere, text) or _without_small_words(mention, small, text)
    return made


def title_lines(text: str) -> list[tuple[int, int]]:
    """The lines in which nearly every longer word has a capital."""
    return [match.span() for match in _LINE.finditer(text) if _is_title(match[0])]


def _is_title(line: str) -> bool:
    found = _WORD.findall(line)
    longer = [word for word in found if len(word) >= _LONGER]
    if len(found) < _MIN_WORDS or not longer:
        return False
    return sum(word[0].isupper() for word in longer) >= _SHARE * len(longer) and not line.isupper()


def _is_in(mention: Mention, starts: Sequence[int], lines: Sequence[tuple[int, int]]) -> bool:
    at = bisect_right(starts, mention.span[0]) - 1
    return at >= 0 and mention.span[0] < lines[at][1]


def _known_inside(mention: Mention, elsewhere: dict[str, EntityType], text: str) -> list[Mention]:
    """The longest names inside of a mention that the text has elsewhere as names."""
    words = list(_WORD.finditer(text, *mention.span))
    made: list[Mention] = []
    at = 0
    while at < len(words):
        for end in range(len(words), at, -1):
            span = (words[at].start(), words[end - 1].end())
            name = text[slice(*span)]
            if name in elsewhere:
                made.append(Mention(span, elsewhere[name], name))
                at = end
                break
        else:
            at += 1
    return made


def _without_small_words(mention: Mention, small: Iterable[str], text: str) -> list[Mention]:
    if mention.kind != "PERSON":
        return [mention]
    words = list(_WORD.finditer(text, *mention.span))
    while words and _is_common(words[0][0], small):
        words = words[1:]
    while words and _is_common(words[-1][0], small):
        words = words[:-1]
    if not words:
        return []
    span = (words[0].start(), mention.span[1] if words[-1].end() >= mention.span[1] - 1 else words[-1].end())
    return [Mention(span, mention.kind, text[slice(*span)])]


def _is_common(word: str, small: Iterable[str]) -> bool:
    return word.casefold() in small and plain(word) not in GIVEN
