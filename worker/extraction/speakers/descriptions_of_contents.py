"""Which definite descriptions of a content get the name that the article gave before: "the charity", "the mayor".

A wrong name is worse than a description: one is put only where the article calls one body or person so and brings in
no other of its kind.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from worker.extraction.lexicon.word_lists import words
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.descriptions import Introduced, known_bodies, narrower_words
from worker.extraction.speakers.pronouns import with_article
from worker.extraction.syntax.relations import NOUN_SUBJECTS

__all__ = ["DescriptionsOfContents", "NamedDescription"]

_BODIES = words("described_bodies") | words("nouns_of_any_firm")
_ANY_FIRM = words("nouns_of_any_firm")
_OFFICES = words("offices_of_one")
_FIRMS = frozenset({"company", "firm"})
_NO_FIRMS = words("bodies_that_are_no_firms")
_SAYS_WHICH = ("prep", "acl", "relcl", "appos", "conj", "amod", "compound", "nummod", "nmod", "poss")
_MAX_SENTENCES = 4
"""Sentences since a name was mentioned last."""
_MENTIONS_OF_A_FIRM = 2
"""Mentions of a body that the text is about."""


@dataclass(frozen=True, slots=True)
class NamedDescription:
    """ "The charity": where it is, and the name of what it means."""

    span: Span
    name: str


class DescriptionsOfContents:
    """Answers for one text."""

    def __init__(self, doc: Doc, text: str, known: Sequence[Introduced], quotes: Sequence[Span]) -> None:
        self._text, self._quotes = text, quotes
        self._known = known
        self._doc = doc
        self._starts = [sentence.start_char for sentence in doc.sents]
        self._nouns: dict[str, list[Token]] = defaultdict(list)
        for token in doc:
            if token.pos_ == "NOUN" and (token.lemma_.casefold() in _BODIES or token.lemma_.casefold() in _OFFICES):
                self._nouns[token.lemma_.casefold()].append(token)

    def named(self, tokens: Sequence[Token], content: Sequence[Span]) -> tuple[NamedDescription, ...]:
        """The descriptions of a content outside of quoted words, each name once, in the order of the text."""
        found: list[NamedDescription] = []
        for token in tokens:
            if not _is_bare(token) or inside_any((token.idx, token.idx + 1), self._quotes):
                continue
            article = token.nbor(-1)
            span = (article.idx, token.idx + len(token.text))
            if not inside_any(span, content):
                continue
            each = self._meant(token)
            if each is None or any(put.name == each.name for put in found) or self._is_told(each, content, token):
                continue
            found.append(NamedDescription(span, with_article(self._text, each.name)))
        return tuple(found)

    def _meant(self, noun: Token) -> Introduced | None:
        """The one body or person that the text calls by a noun, mentioned not long before it."""
        lemma = noun.lemma_.casefold()
        kind = "PERSON" if lemma in _OFFICES else "ORG"
        calling = _ANY_FIRM if lemma in _ANY_FIRM else {lemma, *narrower_words().get(lemma, ())}
        by_name = known_bodies().get(lemma, frozenset())
        fits = [o for o in self._known if o.kind == kind and (calling & _called(o) or o.name in by_name)]
        fits = [o for o in fits if o.name.casefold() != lemma]  # "the Court" is one named before
        each = fits[0] if len(fits) == 1 else None
        if each is None or not self._is_the_last(each, noun, calling):
            each = self._firm_just_named(noun) if lemma in _FIRMS else None
        if each is None:
            return None
        is_owner = any(c.tag_ == "POS" for c in noun.children)
        return None if is_owner and each.name.endswith("s") else each

    def _is_the_last(self, each: Introduced, noun: Token, calling: AbstractSet[str]) -> bool:
        """Whether somebody was mentioned not long before a noun, of bodies as the last, and no other of the kind is."""
        last = each.last_mention(noun.idx)
        if last < 0 or self._sentence(noun.idx) - self._sentence(last) > _MAX_SENTENCES:
            return False
        others = [o for o in self._known if o.kind == "ORG" and o is not each and o.last_mention(noun.idx) > last]
        if each.kind == "ORG" and others:
            return False
        return not self._is_another_of_its_kind(noun, calling, each.mentions)

    def _sentence(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _firm_just_named(self, noun: Token) -> Introduced | None:
        """The only body of the sentence of a noun, up to it, and of the one before it in its paragraph, if a firm."""
        sentence = noun.sent
        before = sentence.doc[sentence.start - 1].sent if sentence.start else sentence
        if "\n" in self._text[before.start_char : sentence.start_char]:
            before = sentence
        window = sentence.doc[before.start : noun.i]
        begin = before.start_char
        fits = [o for o in self._known if o.kind == "ORG" and begin <= o.last_mention(noun.idx)]
        if len(fits) != 1 or len(fits[0].mentions) < _MENTIONS_OF_A_FIRM:
            return None
        (each,) = fits
        name = {word.casefold() for word in each.name.split()}
        if _NO_FIRMS & (name | each.called) or any(
            each.name in known_bodies()[kind] for kind in _NO_FIRMS & known_bodies().keys()
        ):
            return None
        named = {t.i for o in self._known for start, _ in o.mentions if (f := self._at(start)) for t in _whole(f)}
        for token in window:
            if token.pos_ == "PROPN" and token.i not in named and token.dep_ in (*NOUN_SUBJECTS, "poss"):
                return None
            is_firm = token.pos_ == "NOUN" and token.lemma_.casefold() in _FIRMS
            if is_firm and not _is_bare(token) and token.dep_ not in ("compound", "appos"):
                return None
        return each

    def _is_another_of_its_kind(
        self, noun: Token, calling: AbstractSet[str], named: Sequence[tuple[int, bool]]
    ) -> bool:
        """Whether the text brings in one of the kind besides: "another bank", "a company in Oslo", "companies"."""
        mentions = [start for start, _ in named]
        for lemma in calling:
            for other in self._nouns.get(lemma, ()):
                if other.i >= noun.i or (_is_bare(other) and other.idx > min(mentions)):
                    continue
                if other.tag_ == "NN" and other.dep_ == "compound" and other.head.pos_ == "NOUN":
                    continue  # "agency officials"
                if other.tag_ == "NN" and not any(c.dep_ in ("det", "poss", *_SAYS_WHICH) for c in other.children):
                    continue  # "took the city to court"
                if not self._is_of_the_name(other, mentions):
                    return True
        return False

    def _is_of_the_name(self, noun: Token, mentions: Sequence[int]) -> bool:
        """Whether a noun calls the name: "the charity Open Hands", "Open Hands, a charity", "Open Hands is one"."""
        if noun.tag_ != "NN":
            return False
        firsts = [first for start in mentions if (first := self._at(start)) is not None]
        names = {t.idx for first in firsts for t in _whole(first)}
        beside = [noun.head] if noun.dep_ in ("appos", "compound", "nmod") else []
        beside += [c for c in noun.children if c.dep_ in ("appos", "compound", "nmod")]
        if any(t.idx in names for t in beside):
            return True
        subject = next((c for c in noun.head.children if c.dep_ in NOUN_SUBJECTS), None)
        if noun.dep_ == "attr":
            return subject is not None and subject.idx in names
        return any(0 < start - noun.idx - len(noun.text) <= 1 for start in mentions)

    def _at(self, start: int) -> Token | None:
        tokens = self._doc.char_span(start, start + 1, alignment_mode="expand")
        return tokens[0] if tokens is not None and len(tokens) else None

    def _is_told(self, each: Introduced, content: Sequence[Span], noun: Token) -> bool:
        """Whether the content names it itself, before or behind."""
        return any(inside_any((start, start + 1), content) for start, _ in each.mentions if start != noun.idx)


def _called(each: Introduced) -> set[str]:
    if each.kind == "PERSON":
        return each.titles
    return each.called


def _whole(first: Token) -> list[Token]:
    """The tokens of a name from its first one: up to the noun that it belongs to."""
    found = [first]
    at = first
    while at.dep_ in ("compound", "nmod", "poss", "amod") and at.head.i > at.i and at.head.pos_ == "PROPN":
        at = at.head
        found.append(at)
    return found


def _is_bare(noun: Token) -> bool:
    """True for "the charity": a noun with the article and nothing else that says which."""
    lemma = noun.lemma_.casefold()
    if noun.tag_ != "NN" or noun.dep_ in ("compound", "appos", "attr") or not (lemma in _BODIES or lemma in _OFFICES):
        return False
    if noun.i == 0 or noun.nbor(-1).lower_ != "the" or noun.nbor(-1).head != noun:
        return False
    return not any(c.dep_ in _SAYS_WHICH for c in noun.children)
