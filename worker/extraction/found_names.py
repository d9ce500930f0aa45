"""Names that the recogniser missed: those of the gazetteer, and those that an office or their own words give away."""

from __future__ import annotations

import re
from itertools import pairwise

from worker.extraction.gazetteer import gazetteer, plain
from worker.extraction.mention import LARGE, TITLED, Mention, Spread, in_capitals, is_body, trimmed, word_before
from worker.extraction.names import GIVEN, WORDS
from worker.extraction.types import Span

__all__ = ["cities", "firms", "introduced", "known"]

_WORDS_TOO = frozenset("will may mark rose grace art frank drew hope dawn robin jack grant ray sue pat bill".split())
"""Given names that begin sentences as other words."""
_LOCATED = re.compile(r"\b(?:at|near|outside|inside|in|towards?|into|visited)\s(?:the\s)?$")
_LONGER = tuple(".'’&-/")
_LONGEST = 7
"""Words of a body's name before its last."""
_RUN = re.compile(r"[^\s,;:!?()]{1,40}")
_SPACES = re.compile(r"(?:['’]s?)?[ \u00a0]")


def known(text: str, words: list[Span]) -> list[Mention]:
    """Names of the gazetteer that stand for themselves: countries, demonyms, organisations, seats of governments."""
    lists = gazetteer()
    found: list[Mention] = []
    waiting: list[tuple[Mention, str]] = []
    done = 0
    for start, end in words:
        if start < done:
            continue
        names = lists.first_words.get(text[start:end])
        if names is None and text[end : end + 1] in _LONGER:
            names = lists.first_words.get(_word(text, start))
        for name in names or ():
            stop = start + len(name)
            if not text.startswith(name, start) or text[stop : stop + 1].isalnum():
                continue
            entry, form = lists.free[name]
            if _is_shouted(text, start, stop, name):
                break
            mention = Mention((start, stop), entry.kind, name, entry)
            if form in lists.countries:
                waiting.append((mention, form))
            elif form != "metonym" or not _LOCATED.search(text[max(0, start - 14) : start]):
                found.append(mention)
            done = stop
            break
    for start, end in _lower_names(text):
        found.append(Mention((start, end), "ORG", text[start:end], lists.free[text[start:end]][0]))
    here = {m.entry.country for m in found if m.entry is not None}
    return found + [mention for mention, country in waiting if country in here]


def _lower_names(text: str) -> list[Span]:
    return [m.span() for m in re.finditer(r"\bal[- ](?:Qaeda|Qaida)\b", text) if m[0] in gazetteer().free]


def _word(text: str, start: int) -> str:
    match = _RUN.match(text, start)
    return match[0] if match else ""


def _is_shouted(text: str, start: int, end: int, name: str) -> bool:
    """ "LET US GO": capitals in a line of capitals are no abbreviation."""
    return name.isupper() and len(name) <= 4 and name.isalpha() and in_capitals(text, start, end)


def introduced(text: str, words: list[Span], found: Spread) -> list[Mention]:
    """Names that only their office gives away: "presiding judge Odile Marchand"."""
    made = []
    for index, (start, end) in enumerate(words[:-1]):
        following = words[index + 1]
        if following[0] != end + 1 or text[end] != " ":
            continue
        before, first = word_before(text, start, comma=True), plain(text[start:end])
        if (
            first in TITLED
            or first in WORDS["role_modifiers"]
            or (before not in WORDS["roles"] and (first not in GIVEN or first in _WORDS_TOO))
        ):
            continue
        stop = following[1]
        if index + 2 < len(words) and words[index + 2][0] == stop + 1 and text[stop] == " ":
            stop = words[index + 2][1]
        span = trimmed(text, (start, stop))
        if any(word in WORDS["roles"] for word in plain(text[slice(*span)]).split()):
            continue
        met = found.meeting(span)
        if all(" " not in m.name and m.span[1] == span[1] for m in met) and not is_body(text[slice(*span)]):
            made.append(Mention(span, "PERSON", text[slice(*span)]))
    return made


def cities(text: str, words: list[Span], found: Spread) -> list[Mention]:
    """Large cities of two words that the recogniser missed or cut: "São Paulo" with accents as characters of their own."""
    made = []
    for (start, end), (begin, stop) in pairwise(words):
        if begin != end + 1 or text[end] not in " \u00a0":
            continue
        entries = gazetteer().places.get(plain(text[start:stop]))
        if not entries or entries[0].population < LARGE:
            continue
        met = found.meeting((start, stop))
        if all(start <= m.span[0] and m.span[1] <= stop for m in met) and (start, stop) not in [m.span for m in met]:
            made.append(Mention((start, stop), "GPE", text[start:stop]))
    return made


def firms(text: str, words: list[Span]) -> list[Mention]:
    """Bodies that the recogniser missed: "the Farmers' Party"."""
    made = []
    for index, (_, end) in enumerate(words):
        if plain(text[slice(*words[index])]) not in WORDS["bodies"]:
            continue
        first = index
        while index - first < _LONGEST and first and _SPACES.fullmatch(text[words[first - 1][1] : words[first][0]]):
            first -= 1
        while first < index and (
            text[slice(*words[first])] in ("The", "A", "An", "In", "At", "On") or words[first][0] == 0
        ):
            first += 1
        if first < index:
            span = words[first][0], end
            made.append(Mention(span, "ORG", text[slice(*span)]))
    return made
