"""The edits that tell a reader of a claim alone what its "this", its "these rules" and its open "it" point at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from worker.contract.claim import QuoteType, Voice
from worker.extraction.meaning.references.clause_before import OPEN, SAYS_WHICH, ClauseBefore, looks_back
from worker.extraction.meaning.references.this_noun import NounsBefore
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.pronouns import is_plural
from worker.extraction.speakers.stage import Reported, Statement
from worker.extraction.syntax.expletives import is_expletive

__all__ = ["References"]


class References:
    """Answers for the statements of one text."""

    def __init__(self, doc: Doc, text: str, statements: Sequence[Statement], quotes: Sequence[Span]) -> None:
        self._clauses = ClauseBefore(doc, text, _names(statements))
        self._nouns = NounsBefore(doc)
        self._quotes = quotes

    def edits(self, statement: Statement) -> tuple[dict[Span, str], frozenset[Span]]:
        """The edits that complete the nouns of a content, and those of them that are inside quoted words."""
        edits: dict[Span, str] = {}
        subject = _subject(statement)
        quoted: set[Span] = set()
        for token in _tokens(statement):
            phrase = self._nouns.completed(token, is_subject=token == subject)
            if phrase is not None:
                edits[phrase.span] = phrase.words
                if self._is_quoted(token):
                    quoted.add(phrase.span)
        return edits, frozenset(quoted)

    def before(self, statement: Statement) -> str | None:
        """The statement before, where the main clause of a content points at it or at something of it."""
        subject = _subject(statement)
        if statement.voice is Voice.PRESUPPOSED or not statement.clauses:
            return None
        pointing = [subject] if subject is not None and self._is_open(subject, statement) else []
        pointing += [t for t in statement.clauses[0].tokens if _is_pointing_object(t, statement.clauses[0].verb)]
        for token in pointing:
            if inside_any(_span(token), statement.content) and not self._is_quoted(token):
                return self._clauses.of(token)
        return None

    def _is_open(self, subject: Token, statement: Statement) -> bool:
        if not looks_back(subject) or is_expletive(subject):
            return False
        if subject.i in {each.pronoun.i for each in statement.named} or self._nouns.completed(subject, is_subject=True):
            return False
        if subject.lower_ in OPEN and any(c.dep_ in SAYS_WHICH for c in subject.children):
            return False
        reported = statement.reported
        return reported is None or subject.lower_ not in ("it", "they") or not _can_speak(subject, reported)

    def _is_quoted(self, token: Token) -> bool:
        return any(start < token.idx < end for start, end in self._quotes)


def _can_speak(pronoun: Token, reported: Reported) -> bool:
    """Whether "it" or "they" may be who says it, so that the reader has a source to take it for."""
    source = reported.source
    if source.name is None or reported.attribution.quote_type is QuoteType.DIRECT:
        return True
    if pronoun.lower_ == "it":
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


def _is_pointing_object(token: Token, verb: Token) -> bool:
    """True for the "this" of "the board denies this" and "voted on this"."""
    if token.tag_ != "DT" or token.lower_ not in ("this", "that") or list(token.children):
        return False
    return (token.dep_ == "dobj" and token.head == verb) or (token.dep_ == "pobj" and token.head.head == verb)


def _span(token: Token) -> Span:
    return token.idx, token.idx + len(token.text)
