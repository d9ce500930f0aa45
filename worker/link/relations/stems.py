"""Words as they are compared: lower case, without endings, their class of synonyms."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

__all__ = ["NEGATIONS", "STOP_WORDS", "listed", "stem", "stems_of_list", "tokens_of"]

_TOKEN = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_VOWEL = re.compile(r"[aeiouy]")
_MIN_STEM = 3
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")


@cache
def _lists() -> Mapping[str, str]:
    return tomllib.loads((files("worker.link.relations") / "data" / "words.toml").read_text(encoding="utf-8"))


def listed(name: str) -> frozenset[str]:
    """A list of data/words.toml. Raises KeyError: there is none of that name."""
    return frozenset(_lists()[name].split())


STOP_WORDS = listed("stop_words")
NEGATIONS = listed("negations")


def tokens_of(text: str) -> list[str]:
    """The words of a text in lower case, with straight apostrophes and without a possessive ending."""
    words = _TOKEN.findall(text.lower().replace("’", "'"))
    return [word.removesuffix("'s") if "'" in word else word for word in words]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without the endings of plural, tense and adverb: few rules, so that different words stay different."""
    if word.endswith("men") and len(word) > _MIN_STEM + 2 and not word.endswith("imen"):
        return word[:-2] + "an"
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            return word[: -len(ending)] + put
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > _MIN_STEM:
        word = word[:-1]
    for ending in ("ingly", "edly", "ing", "ed", "ly"):
        base = word.removesuffix(ending)
        if base != word and len(base) >= _MIN_STEM and _VOWEL.search(base):
            word = base if ending == "ly" else _DOUBLED.sub(r"\1", base)
            break
    return word.removesuffix("e") if len(word) > _MIN_STEM + 1 else word


def stems_of_list(name: str) -> frozenset[str]:
    """The stems of a list of data/words.toml."""
    return frozenset(map(stem, listed(name)))
