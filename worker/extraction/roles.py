"""What a source is and for whom it speaks: "US Chargé d'Affaires at the UN Richard Mills" has a role and an affiliation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worker.extraction.descriptions import Kind, head_of, kind_of
from worker.extraction.entities import Entities
from worker.extraction.gazetteer import plain
from worker.extraction.names import WORDS
from worker.extraction.types import Span

__all__ = ["Described", "Roles"]

_ARTICLE = re.compile(
    r"(?:the|a|an|one|another|some|several|many|its|his|her|their|our|two|three|four|five|\d+)\s+", re.IGNORECASE
)
_INDEFINITE = re.compile(r"(?:an?|one|another|some|several|many|two|three|four|five|\d+)\s", re.IGNORECASE)
_APPOSITION = re.compile(r"\s?,\s?([^,.;:()\n“”\"]{3,80})(?=[,.;:)\n]|$)|\s?\(([^()\n]{3,60})\)")
_FOR_WHOM = re.compile(
    r"\s(?:of|at|for|from|with|in|to)\s+((?:the|its|his|her|their|a|an)\s[\w’'\- ]+?)(?=\s(?:who|which|that|in|on|at|of)\b|$)"
)
_PREPOSITION = re.compile(r"\s(?:of|at|for|from|with|in|to|on|by|near|inside|within|familiar)(?:\sthe)?\s*$")
_CLAUSE = re.compile(r"\s(?:who|which|that|whose|speaking|familiar|quoted|based|close|briefed|involved)\b.*$")
_ADVERB = re.compile(r"^(?:once|now|then|formerly|long|also|currently|today|the)\s", re.IGNORECASE)
_PRONOUNS = frozenset("it they he she we i this that these those who others another".split())
_SIDES = frozenset(("GPE", "ORG", "NORP", "LOC", "FAC"))
_UNNAMED = WORDS["unnamed"]
_PAPERS = frozenset(
    "agreement analysis bill book contract court-paper datum deal decision decree document estimate figure filing finding forecast "
    "guideline judgment judgement law memo newspaper paper poll projection protocol record report review rule ruling statistic "
    "statute study survey transcript treaty verdict".split()
)
_KINDS = {
    Kind.PERSON: "person",
    Kind.SEVERAL: "group",
    Kind.GROUP: "organisation",
    Kind.DOCUMENT: "document",
    Kind.OTHER: None,
}
_NAMED_KINDS = {"PERSON": "person", "GPE": "government", "LOC": "government", "NORP": "group", "ORG": "organisation"}


@dataclass(frozen=True, slots=True)
class Described:
    """`kind`: person, group (several unnamed people), organisation, government (a country that acts), document, or None.

    `role` is the office without whose it is, `affiliation` the canonical name of whom the source belongs to, or the words
    where it has none; `anonymous`: people whom nobody could find by these words.
    """

    kind: str | None = None
    role: str | None = None
    affiliation: str | None = None
    anonymous: bool = False


class Roles:
    """Describes the sources of one article; an office named once holds for the person in the whole text."""

    def __init__(self, doc: Any, text: str, entities: Entities, sources: Sequence[Span | None]) -> None:
        self._doc, self._text, self._entities = doc, text, entities
        self._sides = sorted((span, n.name) for n in entities.all if n.kind in _SIDES for span in n.spans)
        self._unnamed: dict[str, Described] = {}
        self._offices: dict[str, tuple[str | None, str | None]] = {}
        self._mentions = {n.name: n.spans for n in entities.all if n.kind == "PERSON"}
        self._sources = [span for span in sources if span is not None]

    def of(self, span: Span, name: str, kind: str | None) -> Described:
        """`name` and `kind` are the speaker's, `kind` an entity type or None for who is not named."""
        if kind == "PERSON":
            role, affiliation = self._office(name)
            return Described("person", role, affiliation)
        if kind is not None:
            return Described(_NAMED_KINDS.get(kind, "organisation"), None, None)
        words, head = self._text[slice(*span)], self._noun(span)
        if words.casefold() in _PRONOUNS:
            return self._unnamed.get(name, Described())
        people = any(word in _UNNAMED for word in plain(words).split()[:4])
        what = _KINDS[kind_of(head)]
        if head is not None and head.lemma_.casefold() in _PAPERS:
            what = "document"
        elif people and what in (None, "person", "group"):
            what = "group" if head is not None and head.tag_ in ("NNS", "NNPS") else "person"
        elif head is not None and head.lemma_.casefold() == "police":
            what = "organisation"
        role, affiliation = self._phrase(span) if what in ("person", "group") else (None, self._holder(span))
        names = head is not None and head.pos_ == "PROPN"  # "Russia and Egypt"
        unknown = (what == "group" and not names) or (
            what == "person" and (people or _INDEFINITE.match(words) is not None)
        )
        found = Described(what, None if names else role, None if names and what == "group" else affiliation, unknown)
        return self._unnamed.setdefault(name, found)

    def _noun(self, span: Span) -> Any:
        """The head noun; the first noun where the parse hangs the phrase on something else."""
        head = head_of(self._doc, span)
        if head is None or head.pos_ in ("NOUN", "PROPN"):
            return head
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        nouns = [t for t in tokens or () if t.pos_ in ("NOUN", "PROPN") and t.dep_ != "compound"]
        return nouns[0] if nouns else head

    def _office(self, name: str) -> tuple[str | None, str | None]:
        """The office of a person by the words around the mentions, the first that tells one."""
        known = self._offices.get(name)
        if known is not None:
            return known
        found: tuple[str | None, str | None] = (None, None)
        for mention in self._mentions.get(name, ()):
            around = next((s for s in self._sources if s[0] <= mention[0] and mention[1] <= s[1]), None)
            begin = around[0] if around is not None else self._left(mention)
            found = self._before((begin, mention[0]))
            if found[0] is None:
                found = self._behind(mention)
            if found[0] is not None:
                break
        self._offices[name] = found
        return found

    def _left(self, mention: Span) -> int:
        """Where the noun phrase of a name begins, by the parse."""
        tokens = self._doc.char_span(*mention, alignment_mode="expand")
        if tokens is None:
            return mention[0]
        begin = tokens.start
        head = tokens.root
        for child in head.lefts:
            if child.dep_ in ("compound", "nmod", "amod", "poss", "det", "appos"):
                begin = min(begin, child.left_edge.i)
        if tokens.start - begin > 8 or any(
            t.is_punct and t.text not in "-'’." for t in self._doc[begin : tokens.start]
        ):
            return mention[0]
        return int(self._doc[begin].idx)

    def _before(self, span: Span) -> tuple[str | None, str | None]:
        """An office before the name: whose it is may stand first ("US ...", "Norway's ...") or inside ("at the UN")."""
        start, end = span
        words = self._text[start:end].rstrip(" ,")
        if not _has_role(words):
            return None, None
        last = max((m.end() for m in re.finditer(r",\s", words) if _has_role(words[m.end() :])), default=0)
        return self._split((start + last, start + len(words)))  # "his namesake, Health Minister"

    def _behind(self, mention: Span) -> tuple[str | None, str | None]:
        match = _APPOSITION.match(self._text, mention[1])
        if match is None:
            return None, None
        group = 1 if match[1] else 2
        begin, end = match.span(group)
        words = _CLAUSE.sub("", self._text[begin:end])
        if not _has_role(words) or re.match(r"\s?(?:who|which|and|but)\b", words):
            return None, None
        return self._split((begin, begin + len(words)))

    def _phrase(self, span: Span) -> tuple[str | None, str | None]:
        words = _CLAUSE.sub("", self._text[slice(*span)])
        cut = re.search(r"[,;:(]", words)
        return self._split((span[0], span[0] + (cut.start() if cut and cut.start() > 2 else len(words))))

    def _holder(self, span: Span) -> str | None:
        """Whom an unnamed body or document belongs to: "the Icelandic fisheries ministry"."""
        inside = [name for (s, e), name in self._sides if span[0] <= s and e <= span[1]]
        return inside[0] if inside else None

    def _split(self, span: Span) -> tuple[str | None, str | None]:
        """Office and whose it is, of a phrase without the name."""
        start, end = span
        article = _ARTICLE.match(self._text, start, end)
        while (skipped := _ARTICLE.match(self._text, start, end)) is not None:
            start = skipped.end()
        inside = [((s, e), name) for (s, e), name in self._sides if start <= s and e <= end]
        if inside and inside[0][0][0] == start:
            (_, stop), name = inside[0]
            role = re.sub(r"^['’]s?\s*|^-based\s|^\s*", "", self._text[stop:end])
            return _tidy(role), name
        if inside:
            (begin, _), name = inside[-1]
            before = self._text[start:begin]
            role = before if _PREPOSITION.search(before) else self._text[start:end]
            return _tidy(_PREPOSITION.sub("", role)), name
        match = _FOR_WHOM.search(self._text[start:end])
        if match and (match[0].split()[0] not in ("at", "in", "to") or set(plain(match[1]).split()) & WORDS["bodies"]):
            whose = match[1].strip()
            whose = re.sub(r"^(?:the|a|an)\s", "", whose) if re.search(r"[A-Z]", whose) else whose
            return _tidy(self._text[start : start + match.start()]), whose
        owner = re.match(r"([\w’'\- ]+?)['’]s\s", self._text[start:end])
        if owner and article:
            return _tidy(
                self._text[start + owner.end() : end]
            ), f"{self._text[article.start() : article.end()]}{owner[1]}".strip().casefold()
        return _tidy(self._text[start:end]), None


def _has_role(words: str) -> bool:
    return any(word.strip(".,'") in WORDS["roles"] for word in plain(words).split())


def _tidy(role: str) -> str | None:
    words = _ADVERB.sub("", " ".join(role.split()).strip(" ,;:-–—'’"))
    while " " in words and words.split()[-1].casefold().strip(".") in WORDS["titles"] - WORDS["roles"]:
        words = words.rsplit(" ", 1)[0]  # "opposition leader Sir"
    if not words or all(word.strip(".") in WORDS["titles"] for word in plain(words).split()):
        return None
    return words
