"""Which countries a claim is about, or comes from: by its entities, and by names in its words, source and headline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from worker.contract.claim import Claim
from worker.gazetteer.lists import gazetteer

__all__ = ["countries_of"]

_CAPITALISED = re.compile(r"(?<!\w)[A-ZÀ-Þ][\w’'.]*")
_LARGE = 1_000_000
"""People: a smaller city has its name from, or shares it with, much else."""


def countries_of(claim: Claim) -> frozenset[str]:
    """ISO codes: of what is named in the content, in its source and in the headline of its article; a city counts for
    its country, an adjective too. Empty where none is named.
    """
    known = _country_by_id()
    persons = " ".join(entity.name for entity in claim.entities if entity.type == "PERSON")
    found = {known[entity.entity_id] for entity in claim.entities if entity.entity_id in known}
    for text in _texts(claim):
        found.update(country for name, country in _named_in(text) if name not in persons)
    return frozenset(found)


def _texts(claim: Claim) -> Iterable[str]:
    yield claim.article.headline or ""
    yield claim.content.text
    for link in claim.attribution:
        source = link.source
        span = source.span.exact if source.span else None
        yield " ".join(filter(None, (source.name, source.role, source.affiliation, span)))


@lru_cache(maxsize=16384)
def _named_in(text: str) -> tuple[tuple[str, str], ...]:
    """The names of countries, their peoples, governments' seats, capitals and large cities in a text, each with its
    country. Kept, since headlines and sources come again and again.
    """
    by_first = _names_by_first_word()
    found: list[tuple[str, str]] = []
    for match in _CAPITALISED.finditer(text):
        word = match[0].removesuffix("’s").removesuffix("'s").rstrip(".'’")
        for name, country in by_first.get(word, ()):
            end = match.start() + len(name)
            if text.startswith(name, match.start()) and not text[end : end + 1].isalnum():
                found.append((name, country))
                break
    return tuple(found)


@cache
def _names_by_first_word() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Names with their country, by their first word, the longest first."""
    lists = gazetteer()
    names = {name: known.entry.country for name, known in lists.self_evident.items() if known.entry.what == "country"}
    for known, *_ in lists.places.values():  # the capital or largest of those with one name
        if known.what == "capital" or known.population >= _LARGE:
            names.setdefault(known.name, known.country)
    found: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        first = _CAPITALISED.match(name)
        found.setdefault(first[0].rstrip(".") if first else name, []).append((name, names[name]))
    return {word: tuple(of) for word, of in found.items()}


@cache
def _country_by_id() -> Mapping[str, str]:
    lists = gazetteer()
    places = {each.id: each.country for entries in lists.places.values() for each in entries}
    return {entry.id: iso for iso, entry in lists.countries.items()} | places
