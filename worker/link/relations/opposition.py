"""Words of two claims that cannot both be true of one thing: "open" and "closed", "legal" and "illegal"."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from worker.link.relations.lexicon import opposites, synonyms

__all__ = ["Opposed", "opposed_words"]

_NEGATIVE_PREFIXES = ("un", "in", "il", "im", "ir", "dis", "non")
_MIN_BARE = 4


@dataclass(frozen=True, slots=True)
class Opposed:
    """`hard` where both words cannot be true; a judgement or a degree is not."""

    a: str
    b: str
    hard: bool


def opposed_words(a: tuple[str, ...], b: tuple[str, ...]) -> list[Opposed]:
    """Stems of `a` with their opposite in `b`; not those that the other claim has as well. One for each family."""
    in_a, in_b = set(a), set(b)
    found: dict[int, Opposed] = {}
    known = opposites()
    for word in a:
        if word in in_b or _has_synonym(word, in_b):
            continue
        for opposition in known.get(word, ()):
            for other in b:
                if other in in_a or opposition.family in found or _has_synonym(other, in_a):
                    continue
                if any(o.family == opposition.family and o.side != opposition.side for o in known.get(other, ())):
                    found[opposition.family] = Opposed(word, other, opposition.hard)
    listed = {word for each in found.values() for word in (each.a, each.b)}
    by_prefix = [Opposed(x, _bare(x), hard=True) for x in a if _bare(x) in in_b and x not in listed]
    by_prefix += [Opposed(_bare(y), y, hard=True) for y in b if _bare(y) in in_a and y not in listed]
    return [*found.values(), *by_prefix[:1]]


def _has_synonym(word: str, others: set[str]) -> bool:
    classes = synonyms().get(word)
    return classes is not None and any(not classes.isdisjoint(synonyms().get(other, ())) for other in others)


@lru_cache(maxsize=65536)
def _bare(word: str) -> str:
    """The word without a negative prefix, "" where it has none."""
    for prefix in _NEGATIVE_PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _MIN_BARE:
            return word[len(prefix) :]
    return ""
