"""Whether two spellings name one person: transliterations do, other names do not."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

from worker.extraction.gazetteer import plain

__all__ = ["GIVEN", "WORDS", "family", "given", "same_person", "same_surname", "skeleton"]

_PEOPLE = tomllib.loads(files("worker.extraction").joinpath("data/people.toml").read_text(encoding="utf-8"))
WORDS: dict[str, frozenset[str]] = {name: frozenset(listed.split()) for name, listed in _PEOPLE["words"].items()}
GIVEN: dict[str, str] = {
    plain(name): letter for letter, kind in (("f", "female"), ("m", "male")) for name in _PEOPLE["given"][kind].split()
}
"""Common given names to f or m."""
_FULL = {short: frozenset(full.split()) for short, full in _PEOPLE["nicknames"].items()}
_APART = {name: number for number, group in enumerate(_PEOPLE["apart"]["groups"]) for name in group.split()}
_DISTINCT = {name: number for number, group in enumerate(_PEOPLE["distinct"]["groups"]) for name in group.split()}
_SOUNDS = (
    ("sch", "sh"), ("tch", "ch"), ("dzh", "j"), ("dj", "j"), ("zh", "j"), ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"),
    ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("ce", "se"), ("ci", "si"), ("cy", "sy"), ("ch", "C"), ("c", "k"), ("C", "ch"),
)  # fmt: skip
_PARTICLES = frozenset("al el ad as ash bin ibn de da di del der den van von la le dos du ten ter abu".split())
_LEAST_ALIKE, _ALIKE = 60, 80


_BETWEEN = re.compile(r"[\s\-]+")


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(w for w in _BETWEEN.split(plain(name).replace("'", "")) if w and w not in _PARTICLES)


@lru_cache(maxsize=4096)
def family(name: str) -> str:
    """The surname without accents, case and particles; of "Jr" the one before."""
    words = [w for w in _words(name) if w not in ("jr", "jr.", "sr", "sr.", "ii", "iii")]
    return words[-1] if words else ""


def given(name: str) -> list[str]:
    return [w.rstrip(".") for w in _words(name)[:-1]]


@lru_cache(maxsize=4096)
def skeleton(word: str) -> str:
    """Consonants by sound, each run of vowels one `a`: transliterations change vowels, other names change the pattern."""
    for spelt, sound in _SOUNDS:
        word = word.replace(spelt, sound)
    return re.sub(r"([^a])\1", r"\1", re.sub(r"[aeiouy]+", "a", word))


def same_surname(one: str, other: str) -> bool:
    """Equal, or two spellings of one name: the same sounds and letters enough in common, and no two names of their own."""
    if one == other:
        return True
    if (one in _APART and _APART.get(one) == _APART.get(other)) or _distinct(one, other):
        return False
    likeness = fuzz.ratio(one, other)
    if skeleton(one) == skeleton(other):
        return likeness >= _LEAST_ALIKE
    swapped = skeleton(one).replace("g", "k") == skeleton(other).replace("g", "k")
    return swapped and likeness >= _ALIKE and len(one) > 5


def _distinct(one: str, other: str) -> bool:
    return one in _DISTINCT and other in _DISTINCT and _DISTINCT[one] != _DISTINCT[other]


def _compatible(one: str, other: str) -> bool:
    if one == other or (skeleton(one) == skeleton(other) and not _distinct(one, other)):
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return other in _FULL.get(one, ()) or one in _FULL.get(other, ())


def same_person(one: str, other: str) -> bool:
    """Two names of people, the shorter one maybe a surname alone; given names that are both there must agree."""
    if not same_surname(family(one), family(other)):
        return False
    ours, theirs = given(one), given(other)
    return not ours or not theirs or _compatible(ours[0], theirs[0])
