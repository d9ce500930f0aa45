"""A content whose clause is made, as words: what all ways of making one share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.lexicon.word_lists import ordered_words, words
from worker.extraction.meaning.standalone_text import StandaloneText, unmarked
from worker.extraction.parse import Token
from worker.extraction.spans import Span
from worker.extraction.speakers.pronouns import short_name, with_article
from worker.extraction.speakers.stage import Reported

__all__ = [
    "ADDED",
    "COMMITTING",
    "DEEDS_OF_NOUNS",
    "VERBS",
    "ClauseContent",
    "as_subject",
    "first_at",
    "in_sentence",
    "is_how",
    "is_several",
    "said_name",
    "trimmed",
    "whole_name",
]

_AS_SUBJECT = dict(pair.split() for pair in ordered_words("pronouns_as_subject"))
_NOBODY_KNOWS = frozenset({"he", "she", "they", "it", "we", "i"})
COMMITTING = words("committing_cues")
DEEDS_OF_NOUNS = dict(pair.split(maxsplit=1) for pair in ordered_words("deeds_of_nouns"))
_SAME_LETTERS = 6
VERBS = ("VERB", "AUX")
ADDED = ("relcl", "punct", "appos", "acl", "cc", "conj")
"""Relations of what is said of a noun and is no part of its name."""


@dataclass(frozen=True, slots=True)
class ClauseContent:
    tokens: Sequence[Token]
    readable: StandaloneText

    def has(self, token: Token) -> bool:
        return self.tokens[0].i <= token.i <= self.tokens[-1].i and any(t.i == token.i for t in self.tokens)

    def words(self, tokens: Sequence[Token], put: dict[Token, str] | None = None) -> str:
        """Tokens as they are read, some with other words put for them."""
        edits: dict[Span, str] = {(t.idx, t.idx + len(t.text)): word for t, word in (put or {}).items()}
        readable = self.readable.with_edits(edits) if edits else self.readable
        return unmarked(readable.of_tokens(trimmed(tokens)))

    def below(self, token: Token) -> list[Token]:
        """The tokens of the content below one, in their order."""
        inside = {t.i for t in token.subtree}
        return [t for t in self.tokens if t.i in inside]

    def after(self, token: Token) -> list[Token]:
        return [t for t in self.tokens if t.i > token.i]


def trimmed(tokens: Sequence[Token]) -> list[Token]:
    kept = list(tokens)
    while kept and kept[0].text in (",", ";", ":", "-", "–", "—", "•"):
        kept = kept[1:]
    while kept and kept[-1].text in (",", ";", ":", "-", "–", "—"):
        kept = kept[:-1]
    return kept


def is_several(noun: Token) -> bool:
    plural = noun.tag_ in ("NNS", "NNPS") or noun.lower_ in ("they", "them", "we", "us", "these", "those", "people")
    return plural or any(c.dep_ == "conj" for c in noun.children)


def as_subject(words_of: str) -> str:
    return _AS_SUBJECT.get(words_of.casefold(), words_of)


def in_sentence(name: str) -> str:
    determiners = ("The ", "A ", "An ", "This ", "That ", "Its ", "Another ")
    return name[0].lower() + name[1:] if name.startswith(determiners) else name


def whole_name(content: ClauseContent, reported: Reported) -> str | None:
    """The name of a source at the beginning of a sentence; of several the words of the text."""
    span = reported.source.span
    if span is None:
        return None
    if (reported.source.name or "").casefold() in _NOBODY_KNOWS:
        return reported.source.name
    name = _members(reported) or short_name(reported.source, again=False)
    name = re.sub(r"(?<=\w)['’]s$|(?<=s)['’]$|\s[-–—]+$", "", name) if name is not None else None
    return with_article(content.readable.text, name) if name is not None and reported.source.kind != "person" else name


def said_name(reported: Reported) -> str | None:
    """The name of a source inside of a sentence; a pronoun of which nobody knows whom it means, as it is."""
    if reported.source.span is None:
        return None
    name = reported.source.name or ""
    if name.casefold() == "i":
        return "I"
    return name.casefold() if name.casefold() in _NOBODY_KNOWS else _members(reported) or short_name(reported.source)


def _members(reported: Reported) -> str | None:
    """The words of a source that is a party by its members: "Republicans", whose name is "Republican Party"."""
    span, name = reported.source.span, reported.source.name or ""
    word = span.exact if span is not None else ""
    is_of_name = word[:_SAME_LETTERS] == name[:_SAME_LETTERS] and word.endswith("s") and not name.endswith("s")
    return word if is_of_name and word.isalpha() and " " in name else None


def first_at(verb: Token, start: int) -> int:
    at = verb.i
    while at > 0 and verb.doc[at - 1].idx >= start:
        at -= 1
    return at


def is_how(token: Token) -> bool:
    return token.lower_ in ("how", "why", "when", "where") and token.dep_ == "advmod"
