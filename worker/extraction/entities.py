"""Who and what the article names: one entity for all variants of a name, with a type and a stable id."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from worker.contract.claim import Entity
from worker.contract.claim import Span as EventSpan
from worker.contract.ids import entity_id
from worker.extraction.gazetteer import Entry, gazetteer, plain
from worker.extraction.mention import Mention
from worker.extraction.mentions import mentions
from worker.extraction.names import GIVEN, WORDS, family, given, same_person
from worker.extraction.types import Span

__all__ = ["Entities", "Named", "find_entities"]

_MOST = 0.7
_DESCRIBED = re.compile(
    r"(?:[Aa]n?|[Tt]he|[Ii]ts|[Tt]heir)\s(?:[\w’'-]+\s){0,3}[\w’'-]+,\s(?=[A-Z])|(?:[Tt]he\s)?(?:(?!of|for|in|at|to|from|by|on|with|and|or)[a-z][\w-]+\s){1,3}(?=[A-Z])|"
    r"[A-Z][\w’'-]*['’]s\s(?=[A-Z])"
)
""" "A Polish bidder, Wisla Rail", "the airport operator Finavo", "Estonia's Tallinn Track": what stands before the name."""
_IN = re.compile(r"\b(?:in|near|outside|across)\s$")
_SUFFIX = re.compile(r",?\s(?:inc|ltd|llc|plc|corp|corporation|co|gmbh|ag|sa)\.?$")


@dataclass(slots=True)
class Named:
    """One entity: `entry` where the gazetteer knows it, `spans` all its mentions in order."""

    kind: str
    name: str
    entry: Entry | None = None
    spans: list[Span] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.entry.id if self.entry is not None else entity_id(self.kind, plain(self.name))


class Entities:
    """Looks up what a span names."""

    def __init__(self, text: str, named: list[Named]) -> None:
        self._text, self._named = text, named

    @property
    def all(self) -> list[Named]:
        """Every entity, in the order of the first mentions."""
        return self._named

    def within(self, spans: tuple[Span, ...]) -> list[Entity]:
        """The entities mentioned inside the spans, with the mentions that lie there."""
        found: list[Entity] = []
        if not spans:
            return found
        first, last = min(s for s, _ in spans), max(e for _, e in spans)
        for each in self._named:
            if each.spans[0][0] >= last or each.spans[-1][1] <= first:
                continue
            here = [m for m in each.spans if any(s <= m[0] and m[1] <= e for s, e in spans)]
            if here:
                found.append(
                    Entity(
                        name=each.name,
                        entity_id=each.id,
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
        """Name and type of the entity that a span consists of, an article or a title beside it aside.

        A capital that is asked for as a whole acts: it is its country.
        """
        begin = _DESCRIBED.match(self._text, *span)
        cores = [(_after_article(self._text, span), span[1])] + ([(begin.end(), span[1])] if begin else [])
        for core in cores:
            for each in self._named:
                if any(_meet(m, core) and m[1] - m[0] >= _MOST * (core[1] - core[0]) for m in each.spans):
                    if each.entry is not None and each.entry.what == "capital":
                        return self._government(each.entry)
                    return each.name, each.kind
        return None

    def _government(self, capital: Entry) -> tuple[str, str]:
        union = gazetteer().named("ORG", "European Union")
        names = {n.entry.id for n in self._named if n.entry is not None}
        country = gazetteer().countries[capital.country]
        if capital.name == "Brussels" and union is not None and country.id not in names:
            return union.name, union.kind
        return country.name, country.kind

    def id_of(self, kind: str, name: str) -> str | None:
        """The id of an entity of the text by its canonical name."""
        return next((n.id for n in self._named if n.kind == kind and n.name == name), None)

    def at(self, span: Span) -> Named | None:
        """The entity whose mention a span lies in or holds, the last one of several."""
        best: tuple[Span, Named] | None = None
        for each in self._named:
            for mention in each.spans:
                if _meet(mention, span) and (best is None or mention > best[0]):
                    best = mention, each
        return best[1] if best else None

    def persons_before(self, at: int) -> list[str]:
        """Names of persons in the order of their mentions before a place."""
        return [
            name
            for _, name in sorted((m, n.name) for n in self._named if n.kind == "PERSON" for m in n.spans if m[1] <= at)
        ]


def _after_article(text: str, span: Span) -> int:
    article = re.match(r"(?:the|a|an)\s", text[slice(*span)], re.IGNORECASE)
    return span[0] + (article.end() if article else 0)


def _meet(a: Span, b: Span) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def find_entities(doc: Any, text: str) -> Entities:
    """What a text names, each entity with all its mentions; spans are code-point offsets into `text`, `doc` its parse.

    Variants are joined: a surname with its full name where only one person has it, two spellings of one name, a short
    form of a body with its full one, a capital that acts with its country.
    """
    found = mentions(doc, text)
    named: list[Named] = []
    by_entry: dict[str, Named] = {}
    persons = [m for m in found if m.kind == "PERSON" and m.entry is None]
    others = [m for m in found if m.kind != "PERSON" or m.entry is not None]
    for mention in others:
        if mention.entry is not None:
            each = by_entry.get(mention.entry.id)
            if each is None:
                each = by_entry[mention.entry.id] = Named(mention.entry.kind, mention.entry.name, mention.entry)
                named.append(each)
            each.spans.append(mention.span)
    named += _bodies([m for m in others if m.entry is None], text)
    named += _persons(persons, text)
    for each in named:
        each.spans.sort()
    return Entities(text, sorted(named, key=lambda n: n.spans[0]))


def _key(name: str) -> str:
    return _SUFFIX.sub("", plain(name))


def _bodies(found: list[Mention], text: str) -> list[Named]:
    """Names that are no person's and in no list: one entity a name, of the type that most of its mentions have."""
    made: dict[str, Named] = {}
    kinds: dict[str, Counter[str]] = {}
    short: dict[str, list[Named]] = {}
    for mention in sorted(found, key=lambda m: -len(m.name)):
        key = _key(mention.name)
        each = made.get(key)
        if each is None and " " not in mention.name:
            fits = short.get(plain(mention.name)) or (short.get(mention.name) if mention.name.isupper() else None) or []
            if len(fits) == 1:  # "Aurora" of "Aurora Air", "TWF" of "Transport Workers' Federation"
                fits[0].spans.append(mention.span)
                continue
        if each is None:
            each = made[key] = Named(mention.kind, _readable(mention.name))
            if mention.kind == "ORG":
                for form in _short_forms(mention.name):
                    short.setdefault(form, []).append(each)
        each.spans.append(mention.span)
        kinds.setdefault(key, Counter())[mention.kind] += 1
    for key, counts in kinds.items():
        each = made[key]
        if each.kind != "EVENT" and any(_IN.search(text[max(0, s - 9) : s]) for s, _ in each.spans):
            each.kind = "GPE" if counts.keys() & {"GPE", "ORG", "PRODUCT"} and "LOC" not in counts else "LOC"
            continue
        each.kind = max(counts, key=lambda kind: (counts[kind], kind in ("GPE", "ORG"), kind))
    return list(made.values())


def _short_forms(name: str) -> set[str]:
    """What a body of several words may be called: its first word, its initials."""
    words = [w for w in re.split(r"[\s\-]+", name) if w]
    return {plain(words[0]), "".join(w[0] for w in words if w[0].isupper())} if len(words) > 1 else set()


def _readable(name: str) -> str:
    return name.title() if name.isupper() and " " in name else name


def _persons(found: list[Mention], text: str) -> list[Named]:
    """People: full names first, then surnames where one person alone can have them."""
    made: list[Named] = []
    full = [m for m in found if len(m.name.split()) > 1]
    for mention in sorted(full, key=lambda m: (m.name.isupper(), -len(m.name), m.span)):
        fits = [n for n in made if given(n.name) and same_person(n.name, mention.name)]
        if len(fits) == 1:
            fits[0].spans.append(mention.span)
        else:
            made.append(Named("PERSON", _readable(mention.name), None, [mention.span]))
    alone: dict[str, Named] = {}
    for mention in (m for m in found if len(m.name.split()) == 1):
        each = _whose(mention, made, text)
        if each is None:
            each = alone.setdefault(plain(mention.name), Named("PERSON", _readable(mention.name)))
        each.spans.append(mention.span)
    return made + list(alone.values())


def _whose(mention: Mention, persons: list[Named], text: str) -> Named | None:
    word = plain(mention.name)
    fits = [n for n in persons if family(n.name) == word or plain(n.name.split()[-1]) == word]
    fits = fits or [n for n in persons if same_person(n.name, mention.name)]
    if len(fits) > 1:
        before = re.search(r"\b([A-Za-z]+)\.?\s$", text[max(0, mention.span[0] - 8) : mention.span[0]])
        title = before[1].casefold() if before else ""
        letter = "f" if title in WORDS["female_titles"] else "m" if title in WORDS["male_titles"] else None
        fits = [n for n in fits if letter and GIVEN.get((given(n.name) or [""])[0], letter) == letter]
    if not fits:
        fits = [
            n for n in persons if plain(n.name).split()[0] == word and word not in (family(p.name) for p in persons)
        ]
    return fits[0] if len(fits) == 1 else None
