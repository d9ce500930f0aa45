"""The edits that tell a reader of a claim alone what its "this", its "these rules" and its open "it" point at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from worker.contract.claim import QuoteType, Voice
from worker.extraction.meaning.references.answers import is_answer
from worker.extraction.meaning.references.clause_before import (
    SAYS_WHICH,
    ClauseBefore,
    is_definite,
    is_told,
    looks_back,
    points,
)
from worker.extraction.meaning.references.open_words import (
    OPEN,
    OWNERS,
    PERSONAL,
    is_explained,
    is_of_several,
    is_open_pronoun,
    is_place_or_time_before,
    names_place,
    names_time,
)
from worker.extraction.meaning.references.this_noun import NounsBefore, PointingPhrase
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, any_meet, inside_any
from worker.extraction.speakers.genders import GENDER_OF
from worker.extraction.speakers.pronouns import is_plural
from worker.extraction.speakers.stage import Reported, Statement
from worker.extraction.syntax.expletives import is_expletive
from worker.extraction.syntax.relations import is_finite

__all__ = ["References"]


class References:
    """Answers for the statements of one text."""

    def __init__(self, doc: Doc, text: str, statements: Sequence[Statement], quotes: Sequence[Span]) -> None:
        self._clauses = ClauseBefore(doc, text, _names(statements))
        self._nouns = NounsBefore(doc)
        self._text, self._quotes = text, quotes

    def edits(self, statement: Statement) -> tuple[dict[Span, str], frozenset[Span]]:
        """The edits that complete the nouns of a content, and those of them that are inside quoted words."""
        edits: dict[Span, str] = {}
        subject = _subject(statement)
        quoted: set[Span] = set()
        for token in _tokens(statement):
            phrase = self._nouns.completed(token, is_subject=token == subject)
            if phrase is not None and not inside_any((phrase.told_at, phrase.told_at + 1), statement.content):
                if self._is_quoted(token) and self._is_definite_elsewhere(phrase):
                    continue
                edits[phrase.span] = phrase.words
                if self._is_quoted(token):
                    quoted.add(phrase.span)
        return edits, frozenset(quoted)

    def before(self, statement: Statement) -> tuple[str, str] | None:
        """The statement before that the main clause of a content points at, as a sentence, and the word that points.

        Of an answer the question before it, and no word.

        None where nothing points, and in quoted words where more than an own sentence of the article stands before.
        """
        if not statement.clauses:
            return None
        main = statement.clauses[0]
        said = [t for t in main.tokens if inside_any(_span(t), statement.content)]
        first = next((t for t in said if not t.is_punct), None)
        if first is not None and is_answer(said) and (question := self._clauses.answered_before(first)) is not None:
            return question, ""
        for token in self._pointing(statement):
            if first is None or not inside_any(_span(token), statement.content):
                continue
            if not self._is_quoted(token) or self._goes_on_from_the_article(token, statement):
                sentence = self._clauses.of(token, main.head, first)
                return (sentence, token.text) if sentence is not None else None
        return None

    def _goes_on_from_the_article(self, token: Token, statement: Statement) -> bool:
        """Whether a word is in the first sentence of a quote before which the article itself says something."""
        reported, sentence = statement.reported, token.sent
        if reported is None or reported.attribution.quote_type is not QuoteType.DIRECT or not sentence.start:
            return False
        before = sentence.doc[sentence.start - 1].sent
        is_first = sentence.start_char <= statement.content[0][0] < sentence.end_char
        return is_first and not any_meet([(before.start_char, before.end_char)], self._quotes)

    def _pointing(self, statement: Statement) -> list[Token]:
        """The words of the main clause that only the article explains: its subject first, then its objects."""
        main, subject = statement.clauses[0], _subject(statement)
        pointing = [open_word] if subject is not None and (open_word := self._open_word(subject, statement)) else []
        pointing += [t for t in main.tokens if _is_pointing_object(t, main.verb)]
        inside = [t for t in main.tokens if inside_any(_span(t), statement.content)]
        pointing += [t for at, t in enumerate(inside) if _is_told_before(t, inside[:at])]
        named = {each.pronoun.i for each in statement.named}
        for token in inside:
            before = [t for t in inside if t.i < token.i and t.i not in named]
            if token.i not in named and self._is_open(token, before, statement):
                pointing.append(token)
        return pointing

    def _is_open(self, token: Token, before: Sequence[Token], statement: Statement) -> bool:
        """Whether a word besides the subject is a pronoun that nothing before it in the content explains, or "these
        demands" as an object.
        """
        main, reported = statement.clauses[0], statement.reported
        is_object = token.dep_ == "dobj" and (token.head == main.verb or token == main.head)
        if is_object and points(token) and looks_back(token):
            return not self._nouns.has_before(token) or is_told(token)
        if not is_open_pronoun(token) or is_explained(token, before):
            return False
        if any(each.pronoun.lower_ in _ALIKE.get(token.lower_, ()) for each in statement.named):
            return False
        subject = main.subject
        if (
            subject is not None
            and subject.i > token.i
            and (subject.tag_ != "PRP" or subject.lower_ == token.lower_)
            and inside_any(_span(subject), statement.content)
        ):
            return False  # "after it sank, the ferry": named behind
        return reported is None or not _can_mean_source(token, reported)

    def _open_word(self, subject: Token, statement: Statement) -> Token | None:
        """The subject or its owner, where only the article says what it is."""
        if is_expletive(subject) or (subject.lower_ in OPEN and any(c.dep_ in SAYS_WHICH for c in subject.children)):
            return None
        if is_of_several(subject):
            return subject
        word = next((c for c in subject.children if c.tag_ == "PRP$" and c.lower_ in OWNERS), subject)
        if any(inside_any(_span(subject), (each.span,)) for each in statement.described):
            return None
        if word.i in {each.pronoun.i for each in statement.named}:
            return None
        reported = statement.reported
        before = [t for t in statement.clauses[0].tokens if t.i < word.i and inside_any(_span(t), statement.content)]
        has_clause = any(t.pos_ in ("VERB", "AUX") and is_finite(t) for t in before)
        if has_clause and word.lower_ in GENDER_OF and is_explained(word, before):
            return None  # "if Brand stays, he"; not "in Brand's town, he"
        if word.lower_ in PERSONAL:
            return word if reported is None or not _can_mean_source(word, reported) else None
        if word.lower_ not in OPEN and (
            self._nouns.completed(subject, is_subject=True)
            or not self._looks_back(subject, own=statement.voice is Voice.AUTHOR)
        ):
            return None
        return word

    def _looks_back(self, subject: Token, *, own: bool) -> bool:
        """True for "this rise" and "the move"; in the article's `own` voice also for the first "the lawmakers"."""
        is_new = not self._nouns.has_before(subject)
        if looks_back(subject):
            return is_new or subject.lower_ in OPEN or is_told(subject)
        return own and is_new and is_definite(subject)

    def _is_definite_elsewhere(self, phrase: PointingPhrase) -> bool:
        """True for "the plan" of which another paragraph tells: a speaker's may be another one, "this plan" is not."""
        start, end = phrase.span
        return self._text[start:end].casefold().startswith("the ") and "\n" in self._text[phrase.told_at : start]

    def _is_quoted(self, token: Token) -> bool:
        return any(start < token.idx < end for start, end in self._quotes)


_ONE_OF_A_KIND = re.compile(
    r"an?\s(?!few|number|group|couple|series|lot|majority|handful|team|third|quarter)", re.IGNORECASE
)
_ALIKE = {
    word: same
    for same in (("it", "its"), ("they", "them", "their"), ("he", "him", "his"), ("she", "her"))
    for word in same
}
"""Pronouns, each with those that mean the same in one sentence."""


def _can_mean_source(pronoun: Token, reported: Reported) -> bool:
    if reported.attribution.quote_type is QuoteType.DIRECT:
        return False  # who speaks is "I" there
    if _ONE_OF_A_KIND.match(reported.source.name or "") is not None:
        return False  # "a friend said she": who is brought in just now, behind somebody else
    cue = reported.cue.head
    called = pronoun if pronoun.dep_ == "dobj" else pronoun.head
    if cue is not None and pronoun.tag_ == "PRP" and called.head == cue and not is_finite(called):
        return False  # "the firm called it a waste"
    if pronoun.lower_ in _ALIKE["it"] + _ALIKE["they"]:
        return _can_speak(pronoun, reported)
    return reported.source.kind in ("person", None) and reported.gender in (None, GENDER_OF[pronoun.lower_])


def _can_speak(pronoun: Token, reported: Reported) -> bool:
    """Whether "it" or "they" may be who says it, so that the reader has a source to take it for."""
    source = reported.source
    if pronoun.lower_ in ("he", "she", "his", "her"):
        return True
    if source.name is None:
        return True
    if pronoun.lower_ in ("it", "its"):
        return source.kind != "person" and not is_plural(source.name)
    return source.kind != "person"


def _names(statements: Iterable[Statement]) -> Mapping[Span, str]:
    """The names for the pronouns of all statements, where they can stand in a sentence as they are."""
    return {
        _span(each.pronoun): each.name
        for statement in statements
        for each in statement.named
        if each.pronoun.tag_ == "PRP" and each.pronoun.nbor(1).text[:1] not in "'’"
    }


def _subject(statement: Statement) -> Token | None:
    return statement.clauses[0].subject if statement.clauses else None


def _tokens(statement: Statement) -> list[Token]:
    tokens = (t for clause in statement.clauses for t in clause.tokens)
    return [t for t in tokens if t.pos_ in ("NOUN", "PROPN") and inside_any(_span(t), statement.content)]


def _is_told_before(token: Token, before: Sequence[Token]) -> bool:
    """True for a "there" or "then" of which none of the words before it in the content can tell where or when, and for

    the "so" of "did so".
    """
    if token.lower_ == "so" and token.head.lemma_ == "do":
        return token.i == token.head.i + 1 and token.head.pos_ == "VERB"
    if not is_place_or_time_before(token):
        return False
    return not any(map(names_place if token.lower_ == "there" else names_time, before))


def _is_pointing_object(token: Token, verb: Token) -> bool:
    """True for the "this" of "the board denies this", "voted on this" and "deserve more than this"."""
    if token.tag_ != "DT" or token.lower_ not in ("this", "that") or list(token.children):
        return False
    if token.dep_ == "pobj" and token.head.lower_ == "than":
        return True
    return (token.dep_ == "dobj" and token.head == verb) or (token.dep_ == "pobj" and token.head.head == verb)


def _span(token: Token) -> Span:
    return token.idx, token.idx + len(token.text)
