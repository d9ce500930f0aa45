"""Who and what the article names: one entity for all variants of a name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from worker.contract.claim import Entity
from worker.contract.claim import Span as EventSpan
from worker.contract.ids import entity_id
from worker.extraction.types import Span

__all__ = ["Entities", "find_entities"]

_TYPES = {"PERSON", "ORG", "GPE", "NORP", "LOC", "FAC", "EVENT", "LAW", "PRODUCT", "WORK_OF_ART"}
_MOST = 0.7


@dataclass(slots=True)
class _Named:
    kind: str
    name: str
    spans: list[Span] = field(default_factory=list)


class Entities:
    """Looks up what a span names."""

    def __init__(self, text: str, named: list[_Named]) -> None:
        self._text, self._named = text, named

    def within(self, spans: tuple[Span, ...]) -> list[Entity]:
        """The entities mentioned inside the spans, with the mentions that lie there."""
        found = []
        for each in self._named:
            here = [m for m in each.spans if any(s <= m[0] and m[1] <= e for s, e in spans)]
            if here:
                found.append(
                    Entity(
                        name=each.name,
                        entity_id=entity_id(each.kind, each.name),
                        type=each.kind,
                        spans=[EventSpan(start=s, end=e, exact=self._text[s:e]) for s, e in here],
                    )
                )
        return found

    def person_in(self, span: Span) -> str | None:
        """The canonical name of the last person named inside a span, but not of one it only belongs to ("Brisk's aide")."""
        inside = [
            (m, n.name)
            for n in self._named
            if n.kind == "PERSON"
            for m in n.spans
            if _meet(m, span)
            and not (m[1] < span[1] and re.match(r"['’]s?\b|\s*['’]", self._text[m[1] : span[1]]))
            and not re.match(r"\s(?!(?:of|at|in|from|who|and|for|on|with|to)\b)[a-z]", self._text[m[1] : span[1]])
            and not re.search(r"\b(?:of|for|to|by)\s(?:the\s)?$", self._text[span[0] : m[0]])
        ]
        return max(inside)[1] if inside else None

    def all_of(self, span: Span) -> tuple[str, str] | None:
        """Name and type of the entity that a span consists of, an article or a title beside it aside."""
        for each in self._named:
            if any(_meet(m, span) and m[1] - m[0] >= _MOST * (span[1] - span[0]) for m in each.spans):
                return each.name, each.kind
        return None

    def persons_before(self, at: int) -> list[str]:
        """Names of persons in the order of their mentions before a place."""
        return [
            name
            for _, name in sorted((m, n.name) for n in self._named if n.kind == "PERSON" for m in n.spans if m[1] <= at)
        ]


def _meet(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def find_entities(doc: Any, text: str) -> Entities:
    """Names by the parse's recogniser, joined where one is a variant of the other."""
    named: list[_Named] = []
    for ent in sorted((e for e in doc.ents if e.label_ in _TYPES), key=lambda e: -len(e.text)):
        span = _bare(text, (ent.start_char, ent.end_char))
        name = text[slice(*span)]
        if not name:
            continue
        fits = [each for each in named if _same(ent.label_, name, each)]
        if len(fits) == 1 or (fits and ent.label_ != "PERSON"):
            fits[0].spans.append(span)
        else:
            named.append(_Named(ent.label_, name, [span]))
    for each in named:
        each.spans.sort()
    return Entities(text, sorted(named, key=lambda n: n.spans[0]))


def _bare(text: str, span: Span) -> Span:
    start, end = span
    match = re.match(r"[Tt]he\s+", text[start:end])
    if match:
        start += match.end()
    possessive = re.search(r"['’]s?$|\s+$", text[start:end])
    return start, end - (len(possessive.group()) if possessive else 0)


def _plain(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()


def _shape(word: str) -> str:
    """Consonants kept, each vowel as `a`: transliterations change vowels in place, other names change the pattern."""
    return re.sub(r"[aeiouy]", "a", word)


def _same(kind: str, name: str, other: _Named) -> bool:
    if kind != "PERSON" or other.kind != "PERSON":
        return _plain(name) == _plain(other.name)
    ours, theirs = _plain(name).split(), _plain(other.name).split()
    if not ours or not theirs or _shape(ours[-1]) != _shape(theirs[-1]):
        return False
    return len(ours) == 1 or len(theirs) == 1 or _shape(ours[0]) == _shape(theirs[0])
