"""Describes sources by role and affiliation: "US Chargé d'Affaires at the UN Richard Mills" has both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from worker.extraction.entities.person_names import is_given_name
from worker.extraction.entities.stage import Entities
from worker.extraction.lexicon.word_lists import any_of, words
from worker.extraction.parse import Doc, Token
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span
from worker.extraction.speakers.descriptions import SourceKind, head_of, is_a_figure, kind_of
from worker.extraction.speakers.genders import GENDER_OF
from worker.extraction.speakers.pronouns import is_plural, is_share
from worker.gazetteer.lists import plain

__all__ = ["EventKind", "Roles", "SourceDescription"]

EventKind = Literal["person", "group", "organisation", "government", "document"]
"""Kinds of sources in the event."""

_INDEFINITE = re.compile(rf"(?:{any_of('indefinite_determiners')}|\d+)\s", re.IGNORECASE)
_DETERMINER = re.compile(
    rf"(?:{any_of('indefinite_determiners', 'definite_determiners')}|\d+)\s+",
    re.IGNORECASE,
)
_APPOSITION = re.compile(r"\s?,\s?(?P<words>[^,.;:()\n“”\"]{3,80})(?=[,.;:)\n]|$)|\s?\((?P<aside>[^()\n]{3,60})\)")
_FOR_WHOM = re.compile(
    r"\s(?:of|at|for|from|with|in|to)\s+((?:the|its|his|her|their|a|an)\s[\w’'\- ]+?)"
    r"(?=\s(?:who|which|that|in|on|at|of)\b|$)"
)
_PREPOSITION = re.compile(rf"\s{any_of('office_prepositions')}(?:\sthe)?\s*$")
_CLAUSE = re.compile(rf"\s{any_of('office_clause_starters')}\b.*$")
_ADVERB = re.compile(rf"^{any_of('office_adverbs')}\s", re.IGNORECASE)
_NO_APPOSITION = re.compile(r"\s?(?:who|which|and|but)\b")
_MAX_TOKENS_BEFORE = 8
"""Tokens of an office before a name; more are an error of the parse."""
_PRONOUNS = words("source_pronouns")
_SIDES = frozenset(("GPE", "ORG", "NORP", "LOC", "FAC"))
_UNNAMED = words("unnamed_people")
_BODY_WORDS = words("body_words")
_ROLES = words("roles")
_TITLES = words("titles")
_SPEAKING = words("roles_that_speak_for_a_body")
_BODIES = words("further_bodies")
_THINK_TANK = re.compile(r"think[ -]tank$")
_LEADS_IN = re.compile(r"^(?:to|of|for|by|with|from|in|at)\s", re.IGNORECASE)
"""A preposition before an office: "to manager Luc Perrin's fury"."""
_OF_AN_AGE = re.compile(r"\d-year-old$")
""" "The 61-year-old"."""
_NO_LONGER = frozenset({"former", "ex", "then"})
_RELATIVES = words("words_for_women") | words("words_for_men")
_SEVERAL = words("nouns_for_several")
_DOCUMENTS = words("documents_as_sources")
_KIND_OF_NOUN: dict[SourceKind, EventKind | None] = {
    SourceKind.PERSON: "person",
    SourceKind.SEVERAL: "group",
    SourceKind.GROUP: "organisation",
    SourceKind.DOCUMENT: "document",
    SourceKind.OTHER: None,
}
_KIND_OF_NAME: dict[str, EventKind] = {"GPE": "government", "LOC": "government", "NORP": "group"}
"""Kind of a named source by its entity type; other names are organisations."""


class _Office(NamedTuple):
    """A role without the name of its body, and that body; None if the words do not tell."""

    role: str | None
    affiliation: str | None


_NO_OFFICE = _Office(None, None)
_BORN = re.compile(r"-(?:born|raised|trained|educated)\s")
""" "A Nepalese-born chef" is no chef of Nepal."""


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """Kind, role and affiliation of a source. Several unnamed people are a group; a country that acts is a government.

    `role` is the office without the name of its body; `affiliation` the canonical name of that body or country, or the
    words for it if it has none; `anonymous`: people whom nobody could find by these words.
    """

    kind: EventKind | None = None
    role: str | None = None
    affiliation: str | None = None
    anonymous: bool = False


class Roles:
    """Describes the sources of one article; an office named once is the person's in the whole text."""

    def __init__(self, doc: Doc, text: str, entities: Entities, sources: Sequence[Span | None]) -> None:
        self._doc, self._text, self._entities = doc, text, entities
        self._sides = sorted((span, n.name) for n in entities.all if n.kind in _SIDES for span in n.spans)
        self._unnamed: dict[str, SourceDescription] = {}
        self._offices: dict[str, _Office] = {}
        self._mentions = {n.name: n.spans for n in entities.all if n.kind == "PERSON"}
        self._sources = [span for span in sources if span is not None]
        self._sources_at = SpanIndex(self._sources)
        self._sides_at = SpanIndex(span for span, _ in self._sides)

    def of(self, span: Span, name: str, kind: str | None) -> SourceDescription:
        """`name` and `kind` are the speaker's, `kind` an entity type or None for who is not named."""
        if kind == "PERSON":
            return SourceDescription("person", *self._office(name))
        if kind is not None:
            return SourceDescription(_KIND_OF_NAME.get(kind, "organisation"))
        if (word := self._text[slice(*span)].casefold()) in _PRONOUNS:
            return self._unnamed.get(name) or SourceDescription(_kind_behind_pronoun(word, name))
        if name not in self._unnamed:
            told = self._of_unnamed(span)
            joined = " and " in re.split(r"\s(?:by|of|for)\s", name)[0]
            self._unnamed[name] = (
                replace(told, kind="group") if joined and told.kind is None and is_plural(name) else told
            )
        return self._unnamed[name]

    def speaks_for(self, span: Span, name: str, kind: str | None) -> str | None:
        """The body or country that "we" is in what a source says, by the office of the source; None without one."""
        told = self.of(span, name, kind)
        office = set(re.findall(r"[\w-]+", (told.role or "").casefold()))
        if told.affiliation is None or _SPEAKING.isdisjoint(office) or office & _NO_LONGER:
            return None
        is_name = told.affiliation[:1].isupper() and (kind != "PERSON" or told.affiliation not in name)
        return told.affiliation if is_name and told.affiliation.split()[-1].casefold() not in _ROLES else None

    def _of_unnamed(self, span: Span) -> SourceDescription:
        """A source by its own words: "two officials", "the fisheries ministry", "a study"."""
        wording = self._text[slice(*span)]
        head = self._noun(span)
        named_as_people = any(word in _UNNAMED for word in plain(wording).split()[:4])
        kind = _kind_of_unnamed(head, wording, people=named_as_people)
        if kind not in ("person", "group"):
            return SourceDescription(kind, affiliation=self._holder(span))
        if is_share(wording) and not wording.casefold().startswith(("many ", "several ")):
            return SourceDescription(kind, anonymous=True)  # "54%", "one in ten"; "many doctors" are doctors
        office = self._phrase(span)
        if head is not None and head.pos_ == "PROPN":  # names of several: "Russia and Egypt"
            affiliation = None if kind == "group" else office.affiliation
            anonymous = kind == "person" and (named_as_people or _INDEFINITE.match(wording) is not None)
            return SourceDescription(kind, None, affiliation, anonymous)
        anonymous = kind == "group" or named_as_people or _INDEFINITE.match(wording) is not None
        return SourceDescription(kind, office.role, office.affiliation, anonymous)

    def _noun(self, span: Span) -> Token | None:
        """The head noun; the first noun where the parse hangs the phrase on something else."""
        head = head_of(self._doc, span)
        if head is None or head.pos_ in ("NOUN", "PROPN"):
            return head
        tokens = self._doc.char_span(*span, alignment_mode="expand")
        nouns = (t for t in tokens or () if t.pos_ in ("NOUN", "PROPN") and t.dep_ != "compound")
        return next(nouns, head)

    def _office(self, name: str) -> _Office:
        """The office of a person by the words around the mentions, the first that tells one."""
        if name not in self._offices:
            office = _NO_OFFICE
            for mention in self._mentions.get(name, ()):
                office = self._office_at(mention)
                if office.role is not None:
                    break
            self._offices[name] = office
        return self._offices[name]

    def _office_at(self, mention: Span) -> _Office:
        """The office before or behind one mention of a person."""
        source = next((self._sources[number] for number in self._sources_at.holding(mention)), None)
        begin = source[0] if source is not None else self._phrase_start(mention)
        office = self._before((begin, mention[0]))
        return office if office.role is not None else self._behind(mention)

    def _phrase_start(self, mention: Span) -> int:
        """The start of the noun phrase of a name, by the parse."""
        tokens = self._doc.char_span(*mention, alignment_mode="expand")
        if tokens is None:
            return mention[0]
        before = [c for c in tokens.root.lefts if c.dep_ in ("compound", "nmod", "amod", "poss", "det", "appos")]
        begin = min([tokens.start, *(c.left_edge.i for c in before)])
        is_torn = any(t.is_punct and t.text not in "-'’." for t in self._doc[begin : tokens.start])
        if is_torn or tokens.start - begin > _MAX_TOKENS_BEFORE:
            return mention[0]
        return self._doc[begin].idx

    def _before(self, span: Span) -> _Office:
        """An office before the name. Its body may come first ("US ...", "Norway's ...") or inside ("at the UN")."""
        start, end = span
        phrase = self._text[start:end].rstrip(" ,")
        if not _has_role(phrase):
            return _NO_OFFICE
        last = max((m.end() for m in re.finditer(r",\s", phrase) if _has_role(phrase[m.end() :])), default=0)
        return self._split((start + last, start + len(phrase)))  # "his namesake, Health Minister"

    def _behind(self, mention: Span) -> _Office:
        """An office behind the name: "Anna Berg, the harbour master, said", "Anna Berg (harbour master)"."""
        match = _APPOSITION.match(self._text, mention[1])
        if match is None:
            return _NO_OFFICE
        begin, end = match.span("words" if match["words"] else "aside")
        phrase = _CLAUSE.sub("", self._text[begin:end])
        if not _has_role(phrase) or _NO_APPOSITION.match(phrase):
            return _NO_OFFICE
        return self._split((begin, begin + len(phrase)))

    def _phrase(self, span: Span) -> _Office:
        """The office of people without a name: "two officials at the ministry"."""
        phrase = _CLAUSE.sub("", self._text[slice(*span)])
        cut = re.search(r",(?!\d)|[;:(]", phrase)
        return self._split((span[0], span[0] + (cut.start() if cut and cut.start() > 2 else len(phrase))))

    def _holder(self, span: Span) -> str | None:
        """The country or body that an unnamed body or document belongs to: "the Icelandic fisheries ministry"."""
        return next((name for _, name in self._sides_in(span)), None)

    def _sides_in(self, span: Span) -> list[tuple[Span, str]]:
        return [self._sides[number] for number in self._sides_at.inside((span,))]

    def _split(self, span: Span) -> _Office:
        """Role and affiliation of a phrase without the person's name."""
        begin, end = span
        start, determiner = begin, _DETERMINER.match(self._text, begin, end)
        while (skipped := _DETERMINER.match(self._text, start, end)) is not None:
            start = skipped.end()
        named = self._sides_in((start, end))
        if named:
            first, last = named[0], named[-1]
            return self._of_named_first(first, end) if first[0][0] == start else self._of_named_later(last, start, end)
        phrase = self._text[start:end]
        return _by_preposition(phrase) or _by_owner(phrase, determiner) or _Office(_tidy(phrase), None)

    def _of_named_first(self, side: tuple[Span, str], end: int) -> _Office:
        """ "US ambassador", "Norway's minister": the body's name begins the phrase."""
        (_, stop), name = side
        if (born := _BORN.match(self._text, stop)) is not None:
            return _Office(_tidy(self._text[born.end() : end]), None)
        return _Office(_tidy(re.sub(r"^['’]s?\s*|^-based\s|^\s*", "", self._text[stop:end])), name)

    def _of_named_later(self, side: tuple[Span, str], start: int, end: int) -> _Office:
        """ "ambassador at the UN"; without a preposition the name is a part of the role: "chief UN envoy"."""
        (begin, _), name = side
        before = self._text[start:begin]
        role = before if _PREPOSITION.search(before) else self._text[start:end]
        return _Office(_tidy(_PREPOSITION.sub("", role)), name)


def _kind_behind_pronoun(word: str, name: str) -> EventKind | None:
    """Of somebody without a name who is a source by a pronoun alone; None where that does not tell."""
    last = plain(name).split()[-1:]
    if word in GENDER_OF or (last and last[0] in _ROLES | _RELATIVES):
        return "person"
    if word == "they" and name.casefold() != word and is_plural(name):
        return "organisation" if last == ["police"] else "group"
    if word != "it" or name.casefold() == word:
        return None
    return "document" if last and last[0] in _DOCUMENTS else "organisation"


def _kind_of_unnamed(head: Token | None, wording: str, *, people: bool) -> EventKind | None:
    """`people`: whether the words name people, as "residents" and "sources" do."""
    kind = _KIND_OF_NOUN[kind_of(head)]
    lemma = head.lemma_.casefold() if head is not None else ""
    is_named = head is not None and (is_a_figure(head) or (head.pos_ == "PROPN" and kind == "organisation"))
    if lemma in _DOCUMENTS and not is_named:
        return "document"
    if people and kind in (None, "person", "group"):
        return "group" if head is not None and head.tag_ in ("NNS", "NNPS") else "person"
    if lemma == "police":
        return "organisation"
    return kind or _kind_by_words(head, wording)


def _kind_by_words(head: Token | None, wording: str) -> EventKind | None:
    """Of somebody whose noun alone tells no kind."""
    lemma = head.lemma_.casefold() if head is not None else ""
    if head is not None and _is_person(head, wording):
        return "person"
    if wording.casefold() == "one" or _OF_AN_AGE.search(wording) is not None or is_given_name(wording):
        return "person"
    if lemma in _BODIES or _THINK_TANK.search(wording) is not None:
        return "organisation"
    return "group" if lemma in _SEVERAL or is_share(wording) else None


def _is_person(noun: Token, wording: str) -> bool:
    """True for one of a trade or an office, and for a relative: "her uncle"; not for "The Daily Reporter"."""
    is_noun = noun.tag_ == "NN" or (noun.tag_ == "NNP" and not wording.startswith("The "))
    return is_noun and noun.lemma_.casefold() in _ROLES | _RELATIVES


def _by_preposition(phrase: str) -> _Office | None:
    """ "master of the harbour": a body without a name, behind a preposition; "at", "in", "to" can begin a place."""
    match = _FOR_WHOM.search(phrase)
    if match is None:
        return None
    if match[0].split()[0] in ("at", "in", "to") and _BODY_WORDS.isdisjoint(plain(match[1]).split()):
        return None
    whose = match[1].strip()
    whose = re.sub(r"^(?:the|a|an)\s", "", whose) if re.search(r"[A-Z]", whose) else whose
    return _Office(_tidy(phrase[: match.start()]), whose)


def _by_owner(phrase: str, determiner: re.Match[str] | None) -> _Office | None:
    """ "the company's lawyer": a body without a name that has a determiner, as owner."""
    owner = re.match(r"([\w’'\- ]+?)['’]s\s", phrase)
    if owner is None or determiner is None:
        return None
    return _Office(_tidy(phrase[owner.end() :]), f"{determiner[0]}{owner[1]}".strip().casefold())


def _has_role(phrase: str) -> bool:
    return any(word.strip(".,'") in _ROLES for word in plain(phrase).split())


def _tidy(role: str) -> str | None:
    """A role without adverbs before and titles behind it; None where only titles are left."""
    phrase = _ADVERB.sub("", _LEADS_IN.sub("", " ".join(role.split()).strip(" ,;:-–—'’")))
    while " " in phrase and phrase.split()[-1].casefold().strip(".") in (_TITLES - _ROLES) | {"the"}:
        phrase = phrase.rsplit(" ", 1)[0].rstrip(" ,")  # "opposition leader Sir", "author, Dr"
    if not phrase or all(word.strip(".") in _TITLES for word in plain(phrase).split()):
        return None
    return phrase
