"""Names and what the text calls them: "Anna Berg, the harbour master", "Norwind, a developer of wind farms"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache

from worker.contract.claim import Entity
from worker.extraction.lexicon.tables import read_table
from worker.extraction.lexicon.trades import is_trade
from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Phrase, Token
from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import Span
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = [
    "Described",
    "Introduced",
    "SourceKind",
    "head_of",
    "introduced",
    "is_a_figure",
    "kind_of",
    "known_bodies",
    "narrower_words",
    "words_for",
]

_PEOPLE = words("described_people")
_GENDERED = words("words_for_women") | words("words_for_men")
_TITLES = _PEOPLE | words("roles") | _GENDERED
_BODIES = words("described_bodies")
_DOCUMENTS = words("documents_in_a_name")
_ANY_FIRM = words("nouns_of_any_firm")
_BEFORE_A_FIGURE = words("words_before_a_figure")
_LOWER_RANKS = words("words_for_lower_ranks")
_SIDES = frozenset({"GPE", "NORP", "ORG"})
"""Types of the entities that a person can speak for."""


@cache
def narrower_words() -> Mapping[str, frozenset[str]]:
    """Wider words for people and bodies, each with the narrower ones that it may stand for."""
    return {str(wide): frozenset(str(listed).split()) for wide, listed in read_table("wider_words")["narrower"].items()}


@cache
def known_bodies() -> Mapping[str, frozenset[str]]:
    """Nouns for bodies, each with the names of those that it calls and whose names do not say so."""
    return {str(noun): frozenset(map(str, named)) for noun, named in read_table("wider_words")["known_bodies"].items()}


@cache
def _in_names() -> frozenset[str]:
    """Words in the name of a body by which it is called."""
    return _BODIES.union(*narrower_words().values())


class SourceKind(Enum):
    """Kinds of sources, by their head nouns."""

    PERSON = "person"
    SEVERAL = "several"
    GROUP = "group"
    DOCUMENT = "document"
    OTHER = "other"


@dataclass(slots=True)
class Introduced:
    """A name, the nouns that it is called by, and its mentions: where each starts and whether it is a subject.

    `kind` is an entity type. `side` is whom a person speaks for, name and type, where the words of a title say so
    ("French President ...").
    """

    name: str
    kind: str
    called: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    """Of these, the nouns that say what a person is: "chairman", not the "campaign" of a campaign chairman."""
    mentions: list[tuple[int, bool]] = field(default_factory=list)
    """In the order of the text."""
    side: tuple[str, str] | None = None

    def last_mention(self, before: int) -> int:
        """The start of the last mention before an offset; -1 if there is none."""
        number = bisect_left(self.mentions, (before,))
        return self.mentions[number - 1][0] if number else -1


def head_of(doc: Doc, span: Span) -> Token | None:
    """The head noun's token of a phrase; None for an empty one."""
    tokens = doc.char_span(*span, alignment_mode="expand")
    return tokens.root if tokens is not None and len(tokens) else None


def kind_of(head: Token | None) -> SourceKind:
    if head is None:
        return SourceKind.OTHER
    lemma = head.lemma_.casefold()
    if lemma in _DOCUMENTS and not is_a_figure(head) and not _is_called_a_body(head):
        return SourceKind.DOCUMENT
    if any(c.dep_ == "conj" for c in head.children) or head.tag_ in ("NNS", "NNPS"):
        return SourceKind.SEVERAL
    if is_a_figure(head) or lemma in _PEOPLE | _GENDERED or (head.pos_ == "NOUN" and is_trade(lemma)):
        return SourceKind.PERSON
    if lemma in _BODIES or head.ent_type_ in _SIDES or _is_called_a_body(head):
        return SourceKind.GROUP
    return SourceKind.OTHER


def is_a_figure(noun: Token) -> bool:
    """True for "a senior party figure", which is no number, and for "the pop star"."""
    return noun.lemma_.casefold() in ("figure", "star") and any(
        c.lower_ in _BEFORE_A_FIGURE for c in noun.children if c.dep_ in ("amod", "compound", "nmod")
    )


def _is_called_a_body(name: Token) -> bool:
    """True for "the consumer group Fairpurse"."""
    return name.pos_ == "PROPN" and any(
        c.dep_ == "compound" and c.tag_ == "NN" and c.lemma_.casefold() in _BODIES for c in name.children
    )


def introduced(doc: Doc, entities: Sequence[Entity]) -> list[Introduced]:
    """Persons and bodies of a text with all that it calls them, in the order of their first mention."""
    found = []
    sides = _Sides(entities)
    for entity in entities:
        if entity.type not in ("PERSON", "ORG", "GPE"):
            continue
        each = Introduced(entity.name, entity.type)
        if entity.type != "PERSON":
            each.called |= {w.casefold() for w in entity.name.split()} & _in_names()
        for mention in entity.spans:
            tokens = doc.char_span(mention.start, mention.end, alignment_mode="expand")
            if tokens is None or not len(tokens):
                continue
            head = tokens.root
            each.mentions.append((mention.start, _is_subject(head)))
            nouns, titles = _called(tokens, head)
            each.called |= nouns
            each.titles |= titles
            if entity.type == "PERSON" and each.side is None:
                each.side = sides.before(tokens, head)
        found.append(each)
    return found


def _is_subject(head: Token) -> bool:
    """True for a subject, and for a name beside one: "the owner, Brent Foods, built the mill"."""
    return head.dep_ in NOUN_SUBJECTS or (head.dep_ == "appos" and head.head.dep_ in NOUN_SUBJECTS)


def _called(tokens: Phrase, head: Token) -> tuple[set[str], set[str]]:
    """The nouns that the words around a mention call the entity, and those of them that are titles.

    `tokens`: the mention; `head`: its head.
    """
    nouns: list[Token] = []
    titles: list[Token] = []
    for child in (child for token in tokens for child in token.children):
        if child.i < tokens.start and child.dep_ in ("compound", "nmod", "appos"):
            nouns += child.subtree  # a title before the name
            titles += [child] if child.i == tokens.start - 1 or child.dep_ == "appos" else []
        elif child.dep_ == "appos" and child.head == head:
            nouns += [child, *_below(child, ("amod", "compound"))]
            titles.append(child)
    beside = tokens[0].nbor(-1) if tokens.start else None
    if beside is not None and beside.dep_ == "conj" and _is_title(beside) and beside not in titles:
        nouns += [beside, *_below(beside, ("compound",))]  # "and | transport minister | Denzil Crabbe"
        titles.append(beside)
    elif beside is not None and beside.tag_ == "NN" and (beside.dep_, beside.head) == (head.dep_, head.head):
        nouns.append(beside)  # "the charity | Shelter North", two subjects of one verb
    if head.dep_ == "appos":
        nouns += [head.head, *_below(head.head, ("amod", "compound"))]
        titles.append(head.head)
        nouns += _above_a_body(head.head)
        titles += _above_a_body(head.head)
    if head.dep_ == "nsubj" and head.head.lemma_ == "be":
        attributes = _below(head.head, ("attr",))
        nouns += attributes
        titles += attributes
    called = {name for name in _lemmas(nouns) if name.isalpha()}
    return called, {name for name in called if name in _TITLES or is_trade(name)} | (called & _lemmas(titles))


def _above_a_body(body: Token) -> list[Token]:
    """The office before the body that a parse puts the name beside: "a spokesman for Northlink Rail, Kim Dale"."""
    if body.dep_ != "pobj" or body.pos_ != "PROPN" or body.head.lower_ not in ("for", "of", "at"):
        return []
    office = body.head.head
    return [office] if office.tag_ == "NN" and office.lemma_.casefold() in _TITLES else []


def _is_title(noun: Token) -> bool:
    lemma = noun.lemma_.casefold()
    return noun.pos_ == "NOUN" and noun.text.islower() and (lemma in _TITLES or is_trade(lemma))


def _below(token: Token, relations: Sequence[str]) -> list[Token]:
    return [child for child in token.children if child.dep_ in relations]


def _lemmas(tokens: Iterable[Token]) -> set[str]:
    return {token.lemma_.casefold() for token in tokens}


class _Sides:
    """The countries and bodies that a title can belong to, by place."""

    def __init__(self, entities: Sequence[Entity]) -> None:
        sides = [(entity, (s.start, s.end)) for entity in entities if entity.type in _SIDES for s in entity.spans]
        self._entities = [entity for entity, _ in sides]
        self._spans = SpanIndex(span for _, span in sides)

    def before(self, tokens: Phrase, head: Token) -> tuple[str, str] | None:
        """The country or body whose title is before a name. `tokens`: the name; `head`: its head."""
        before = [c for c in head.children if c.i < tokens.start and c.dep_ in ("compound", "nmod", "amod", "poss")]
        title = [t for c in before for t in c.subtree]
        if _PEOPLE.isdisjoint(_lemmas(title)):
            return None
        for token in title:
            for number in self._spans.holding((token.idx, token.idx + 1)):
                return self._entities[number].name, self._entities[number].type
        return None


def words_for(each: Introduced) -> set[str]:
    """The words by which a description may call somebody: those of a body's name, of a person's title."""
    name = set(re.findall(r"[\w-]+", each.name.casefold())) if each.kind == "ORG" else set[str]()
    return name | each.called


class Described:
    """The names of a text by the nouns that it calls them."""

    def __init__(self, known: Sequence[Introduced]) -> None:
        self._by_noun: dict[str, list[Introduced]] = {}
        for each in known:
            for noun in each.titles if each.kind == "PERSON" else each.called:
                self._by_noun.setdefault(noun, []).append(each)
        self._firms = [each for each in known if each.kind == "ORG"]

    def names(self, head: Token, span: Span) -> list[str]:
        """The names that a description with the definite article may mean, mentioned last first; one where it is clear.

        `head`: the description's noun; `span`: where it is.
        """
        lemma = head.lemma_.casefold()
        fits = _latest_first(self._by_noun.get(lemma, ()), span[0])
        owners = _lemmas(c for c in _below(head, ("poss",)) if c.pos_ in ("NOUN", "PROPN"))
        if owners:  # "the controllers' union" is no union that is called by another name
            fits = [each for each in fits if each.kind == "PERSON" or owners & words_for(each)]
        if len(fits) > 1:
            defining = _lemmas(_below(head, ("amod", "compound")))
            fits = [each for each in fits if defining and defining <= each.called] or fits
            fits = [each for each in fits if each.called & _LOWER_RANKS <= defining] or fits
        # who is mayor is not the former one
        if any(c.lower_ == "former" for c in head.children) and not any("former" in each.called for each in fits):
            fits = (
                _latest_first(self._by_noun.get("predecessor", ()), span[0]) or fits
            )  # the mayor is not the former one
        if not fits and (narrower := narrower_words().get(lemma)) is not None:
            wider = {id(each): each for noun in narrower for each in self._by_noun.get(noun, ())}
            fits = _latest_first(wider.values(), span[0])[:1]
        if not fits and (listed := known_bodies().get(lemma)) is not None:
            fits = _latest_first((each for each in self._firms if each.name in listed), span[0])
        if not fits and lemma in _ANY_FIRM:
            fits = _latest_first([each for each in self._firms if _acts(each, span[0])] or self._firms, span[0])
            fits = [each for each in fits if not (each.name.isupper() and _is_new(each, span[0]))]
        return [each.name for each in fits]


def _acts(each: Introduced, before: int) -> bool:
    return any(is_subject for start, is_subject in each.mentions if start < before)


def _is_new(each: Introduced, before: int) -> bool:
    """Whether a name was mentioned no more than once: an abbreviation that was just brought in."""
    return sum(start < before for start, _ in each.mentions) <= 1


def _latest_first(known: Iterable[Introduced], before: int) -> list[Introduced]:
    """Those that were mentioned before an offset."""
    mentioned = [(-last, place, each) for place, each in enumerate(known) if (last := each.last_mention(before)) >= 0]
    return [each for *_, each in sorted(mentioned, key=lambda mention: mention[:2])]
