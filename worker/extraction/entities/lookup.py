"""The entities of a text, looked up by place or by name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from worker.contract.claim import Entity
from worker.contract.claim import Span as EventSpan
from worker.contract.ids import entity_id
from worker.extraction.entities.belonging import tells_of_another
from worker.extraction.lexicon.word_lists import any_of
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span
from worker.gazetteer.lists import EntityType, Entry, gazetteer, plain

__all__ = ["Entities", "Named"]

_MIN_SHARE = 0.7
"""Share of a span that a mention must cover, so that the span names the entity and not something of it."""
_DESCRIPTION = re.compile(
    r"(?:[Aa]n?|[Tt]he|[Ii]ts|[Tt]heir)\s(?:[\w’'-]+\s){0,3}[\w’'-]+,\s(?=[A-Z])"
    r"|(?:[Tt]he\s)?(?:(?!of|for|in|at|to|from|by|on|with|and|or)[a-z][\w-]+\s){1,3}(?=[A-Z])"
    r"|[A-Z][\w’'-]*['’]s\s(?=[A-Z])"
)
""" "A Polish bidder, Wisla Rail", "the airport operator Finavo", "Estonia's Tallinn Track": words before a name."""
_POSSESSIVE_AFTER = re.compile(r"['’]s?\b|\s*['’]")
_NOUN_AFTER = re.compile(r"\s(?!(?:of|at|in|from|who|and|for|on|with|to)\b)[a-z]")
_BODY_AFTER = re.compile(rf"\s{any_of('bodies_of_a_person')}\b", re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|a|an)\s", re.IGNORECASE)


@dataclass(slots=True)
class Named:
    """One entity: `entry` is the gazetteer's, if it has one; `spans` are all its mentions in the order of the text."""

    kind: EntityType
    name: str
    entry: Entry | None = None
    spans: list[Span] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.entry.id if self.entry is not None else entity_id(self.kind, plain(self.name))


class Entities:
    """The entities of one text. Spans are code-point offsets into it."""

    def __init__(self, text: str, named: list[Named]) -> None:
        self._text, self._named = text, named
        mentions = [(place, span) for place, each in enumerate(named) for span in each.spans]
        self._owners = [place for place, _ in mentions]
        self._spans = [span for _, span in mentions]
        self._index = SpanIndex(self._spans)
        self._ids: dict[tuple[str, str], str] = {}
        for each in named:
            self._ids.setdefault((each.kind, each.name), each.id)
        self._entries = {n.entry.id for n in named if n.entry is not None}
        self._persons = sorted((m, n.name) for n in named if n.kind == "PERSON" for m in n.spans)

    def _meeting(self, span: Span) -> list[tuple[Span, Named]]:
        """The mentions that share characters with a span, each with its entity, in the order of the entities."""
        return [(self._spans[i], self._named[self._owners[i]]) for i in self._index.meeting(span)]

    @property
    def all(self) -> list[Named]:
        """Every entity, in the order of the first mentions."""
        return self._named

    def within(self, spans: tuple[Span, ...]) -> list[Entity]:
        """The entities mentioned inside the spans, with the mentions that are there."""
        inside: dict[int, list[Span]] = {}
        for number in self._index.inside(spans):
            inside.setdefault(self._owners[number], []).append(self._spans[number])
        return [
            Entity(
                name=each.name,
                entity_id=each.id,
                type=each.kind,
                spans=[EventSpan(start=s, end=e, exact=self._text[s:e]) for s, e in inside[place]],
            )
            for place, each in ((place, self._named[place]) for place in inside)
        ]

    def person_in(self, span: Span) -> str | None:
        """The canonical name of the last person whom a span names and is, so not Brisk for "Brisk's aide"."""
        named = [(m, n.name) for m, n in self._meeting(span) if n.kind == "PERSON" and self._is_head(m, span)]
        return max(named)[1] if named else None

    def _is_head(self, mention: Span, span: Span) -> bool:
        """Whether the words of the span around a mention describe the person mentioned, and not somebody else."""
        before, after = self._text[span[0] : mention[0]], self._text[mention[1] : span[1]]
        if after and _POSSESSIVE_AFTER.match(after):
            return False
        if before.count("(") > before.count(")"):
            return False  # "Ravi Menon (Lib Dem)"
        if _BODY_AFTER.match(after):
            return False
        return not _NOUN_AFTER.match(after) and not tells_of_another(before)

    def all_of(self, span: Span) -> tuple[str, str] | None:
        """Name and type of the entity that a whole span names, an article or a description before the name aside.

        A capital is its country here: who asks for a whole span has one that speaks or is spoken to.
        """
        begin = _DESCRIPTION.match(self._text, *span)
        cores = [(_after_article(self._text, span), span[1])] + ([(begin.end(), span[1])] if begin else [])
        for core in cores:
            for mention, each in self._meeting(core):
                if self._is_of_members(mention, each):
                    continue
                if mention[1] - mention[0] >= _MIN_SHARE * (core[1] - core[0]):
                    if each.entry is not None and each.entry.what == "capital":
                        return self._government(each.entry)
                    return each.name, each.kind
        return None

    def _is_of_members(self, mention: Span, each: Named) -> bool:
        """True for people who are called after their country or party and are not it: "Swedes", not "the Swedes"."""
        start, end = mention
        word = self._text[start:end]
        if self._text[max(start - 4, 0) : start].casefold() == "the ":
            return False
        if each.entry is None or not word.endswith("s") or not word.isalpha() or word.isupper():
            return False
        is_member = each.entry.what == "country" or word[:-1] in gazetteer().self_evident
        return is_member and word not in each.name.split()

    def _government(self, capital: Entry) -> tuple[str, str]:
        union = gazetteer().named("ORG", "European Union")
        country = gazetteer().countries[capital.country]
        if capital.name == "Brussels" and union is not None and country.id not in self._entries:
            return union.name, union.kind
        return country.name, country.kind

    def id_of(self, kind: str, name: str) -> str | None:
        """The id of an entity of the text by its canonical name."""
        return self._ids.get((kind, name))

    def at(self, span: Span) -> Named | None:
        """The entity with a mention that shares characters with a span; of several mentions, that of the last."""
        found = self._meeting(span)
        return max(found, key=lambda each: each[0])[1] if found else None

    def persons_before(self, at: int) -> Iterator[str]:
        """The names of the people mentioned before an offset, one for each mention, the last first."""
        for number in range(bisect_left(self._persons, ((at, at),)) - 1, -1, -1):
            (_, end), name = self._persons[number]
            if end <= at:
                yield name


def _after_article(text: str, span: Span) -> int:
    article = _ARTICLE.match(text, *span)
    return article.end() if article else span[0]
