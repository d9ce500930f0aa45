"""The lists of words that the rules look words up in, from data/words/*.toml: one file a subject, one key a list.

A list is a string of words separated by white space, or an array where its entries are phrases of several words. A
table gives each of its words a number. The comment above each key says what the list means. Keys are unique over all
files, so that a list can move to another file without a change of code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["WordListError", "any_of", "numbers_of_words", "ordered_words", "words"]

_List = tuple[str, ...] | Mapping[str, float]


class WordListError(Exception):
    """A list of data/words/ is missing, is defined twice, or does not have the form that the caller asked for."""


def words(name: str) -> frozenset[str]:
    """The words or phrases of a list, as written in its file. Raises WordListError where no file has the list."""
    return frozenset(ordered_words(name))


def ordered_words(name: str) -> tuple[str, ...]:
    """The same in the order of the file: the months from January on. Raises WordListError."""
    found = _list(name)
    return found if isinstance(found, tuple) else tuple(found)


def numbers_of_words(name: str) -> Mapping[str, float]:
    """Each word of a table with its number: `million = 1e6`. Raises WordListError where the list is no table."""
    found = _list(name)
    if isinstance(found, tuple):
        raise WordListError(f"{name!r} of data/words/ is a list of words; a table of words and numbers was expected")
    return found


def any_of(*names: str) -> str:
    """The words of the lists as one group of a regular expression, longer ones first: `(?:more than|more|over)`.

    A blank in a phrase matches any white space. Raises WordListError.
    """
    listed = {word for name in names for word in ordered_words(name)}
    longest_first = sorted(listed, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(r"\s".join(map(re.escape, word.split())) for word in longest_first) + ")"


def _list(name: str) -> _List:
    found = _lists().get(name)
    if found is None:
        raise WordListError(f"no file of data/words/ has a list {name!r}")
    return found


@cache
def _lists() -> Mapping[str, _List]:
    """Reads every file once. Raises WordListError where two files have a list of the same name."""
    lists: dict[str, _List] = {}
    folder = files("worker.extraction") / "data" / "words"
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name):
        for name, value in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if name in lists:
                raise WordListError(f"data/words/{file.name} defines {name!r}, which another file defines as well")
            lists[name] = _read(file.name, name, value)
    return MappingProxyType(lists)


def _read(file: str, name: str, value: object) -> _List:
    match value:
        case str():
            listed = tuple(value.split())
        case list():
            listed = tuple(str(word) for word in value)
        case dict():
            return MappingProxyType({str(word): float(number) for word, number in value.items()})
        case _:
            raise WordListError(f"data/words/{file}: {name!r} must be a string of words, an array or a table")
    if len(set(listed)) < len(listed):
        twice = sorted({word for word in listed if listed.count(word) > 1})
        raise WordListError(f"data/words/{file}: {name!r} has a word twice: {', '.join(twice)}")
    return listed
