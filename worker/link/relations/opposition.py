"""Words of two claims that cannot both be true of one thing: "open" and "closed", "legal" and "illegal"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.link.relations.lexicon import Opposition, has_synonym, opposites

__all__ = ["Opposed", "opposed_words"]

_NEGATIVE_PREFIXES = ("un", "in", "il", "im", "ir", "dis", "non")
_MIN_BARE = 4


@dataclass(frozen=True, slots=True)
class Opposed:
    """`hard` where both words cannot be true; a judgement or a degree is not."""

    a: str
    b: str
    hard: bool


@dataclass(frozen=True, slots=True)
class _Opposable:
    """The stems of a claim, those with listed opposites, and those with a negative prefix with what is behind it."""

    stems: frozenset[str]
    listed: tuple[tuple[str, Sequence[Opposition]], ...]
    prefixed: tuple[tuple[str, str], ...]


@lru_cache(maxsize=16384)
def _opposable(stems: tuple[str, ...]) -> _Opposable:
    known = opposites()
    return _Opposable(
        frozenset(stems),
        tuple((word, known[word]) for word in stems if word in known),
        tuple((word, bare) for word in stems if (bare := _bare(word))),
    )


def opposed_words(a: tuple[str, ...], b: tuple[str, ...]) -> list[Opposed]:
    """Stems of `a` with their opposite in `b`; not those that the other claim has as well. One for each family."""
    of_a, of_b = _opposable(a), _opposable(b)
    found = _listed_opposites(of_a, of_b) if of_a.listed and of_b.listed else {}
    listed = {word for each in found.values() for word in (each.a, each.b)}
    by_prefix = [Opposed(x, bare, hard=True) for x, bare in of_a.prefixed if bare in of_b.stems and x not in listed]
    by_prefix += [Opposed(bare, y, hard=True) for y, bare in of_b.prefixed if bare in of_a.stems and y not in listed]
    return [*found.values(), *by_prefix[:1]]


def _listed_opposites(a: _Opposable, b: _Opposable) -> dict[int, Opposed]:
    """By family."""
    found: dict[int, Opposed] = {}
    for word, oppositions in a.listed:
        if word in b.stems or has_synonym(word, b.stems):
            continue
        for opposition in oppositions:
            for other, others in b.listed:
                if other in a.stems or opposition.family in found:
                    continue
                if any(o.family == opposition.family and o.side != opposition.side for o in others) and not (
                    has_synonym(other, a.stems)
                ):
                    found[opposition.family] = Opposed(word, other, opposition.hard)
    return found


@lru_cache(maxsize=65536)
def _bare(word: str) -> str:
    """The word without a negative prefix, "" where it has none."""
    for prefix in _NEGATIVE_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _MIN_BARE:
            return word[len(prefix) :]
    return ""
