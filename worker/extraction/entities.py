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
_PRONOUNS = {"he", "she", "him", "her"}


@dataclass(slots=True)
class _Named:
    kind: str
    name: str
    spans: list[Span] = field(default_factory=list)


class Entities:
    """Looks up what a span names."""

    def __init__(self, text: str, named: list[_Named]) -> None:
        self._text, self._named = text, named
        self._speakers: list[Span] = []

    def these_spoke(self, sources: list[Span]) -> None:
        """Where the article's sources stand: a pronoun is looked for among them first."""
        self._speakers = sources

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

    def source(self, span: Span) -> tuple[str, str | None]:
        """The canonical name of a source and its type; a pronoun's is the last person named before it."""
        words = self._text[slice(*span)]
        if words.casefold() in _PRONOUNS:
            before = [(m, n) for n in self._named if n.kind == "PERSON" for m in n.spans if m[1] <= span[0]]
            spoke = [(m, n) for m, n in before if any(s <= m[0] and m[1] <= e for s, e in self._speakers)]
            choice = spoke or before  # who spoke last speaks on; a name in between is mostly talked about
            return (max(choice, key=lambda pair: pair[0])[1].name, "PERSON") if choice else (words, None)
        inside = [(m, n) for n in self._named for m in n.spans if m[0] < span[1] and span[0] < m[1]]
        person = [n for _, n in inside if n.kind == "PERSON"]
        if person:
            return person[-1].name, "PERSON"
        whole = [n for m, n in inside if m[1] - m[0] >= 0.7 * (span[1] - span[0])]
        return (whole[0].name, whole[0].kind) if whole else (words, None)


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
