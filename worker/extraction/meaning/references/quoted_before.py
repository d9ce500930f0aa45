"""What a quote goes on from: "It has changed my life", said by whoever has just spoken of the sale."""

from __future__ import annotations

import re
from collections.abc import Sequence

from worker.contract.claim import QuoteType
from worker.extraction.meaning.references.clause_before import SAYS_WHICH
from worker.extraction.meaning.references.open_words import OPEN
from worker.extraction.meaning.standalone_text import MARKS, capitalised
from worker.extraction.parse import Token
from worker.extraction.spans import Span
from worker.extraction.speakers.stage import Statement
from worker.extraction.syntax.expletives import is_expletive
from worker.extraction.syntax.relations import is_finite, subject_of

__all__ = ["QuotesBefore", "in_brackets"]

_POINTING = OPEN | {"he", "she"}
_MAX_GAP = 160
"""Characters between two statements of one source: its name and the cue of one of them."""
_MAX_WORDS = 32
_MIN_WORDS = 3
_SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[\[“\"‘A-Z])")
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_STOP_IN_MARKS = re.compile(r"([.!…])([\"”])$")
_ENDS = re.compile(r"[.!?…][\"”’']?\s")


class QuotesBefore:
    """Answers for the statements of one text, in their order."""

    def __init__(self, text: str, statements: Sequence[Statement]) -> None:
        self._text, self._statements = text, statements
        attributed = (i for i, each in enumerate(statements) if each.reported is not None)
        self._in_order = sorted(attributed, key=lambda i: statements[i].content[-1][1])
        self._places = {number: at for at, number in enumerate(self._in_order)}

    def before(self, number: int) -> tuple[int, str] | None:
        """The statement that a quoted one goes on from, by its number, and the word that points at it.

        It is of the same source, right before, and names what it speaks of itself.
        """
        statement = self._statements[number]
        word = _open_subject(statement)
        reported = statement.reported
        if word is None or reported is None or reported.source.name is None:
            return None
        start = statement.content[0][0]
        for at in reversed(self._in_order[: self._places[number]]):
            other = self._statements[at]
            end = other.content[-1][1]
            if end > start or other.reported is None or other.holders != statement.holders:
                continue
            is_next = start - end <= _MAX_GAP and not self._is_something_between((end, start))
            if not is_next or other.reported.source.name != reported.source.name or _is_no_statement(other):
                return None
            return at, word.text
        return None

    def _is_something_between(self, gap: Span) -> bool:
        """Whether more than a source and its cue stands between two statements: a sentence of the article."""
        between = self._text[slice(*gap)].lstrip(MARKS + ".,!?…’' ")
        return len(_ENDS.findall(between)) > 1 or between.count("\n\n") > 1


def in_brackets(text: str) -> str | None:
    """The last sentence of a text as it is put in brackets; None where it is too long or points further back."""
    last = _SENTENCE.split(text.strip())[-1].replace("[", "").replace("]", "").strip()
    if last.endswith("?") or not _MIN_WORDS <= len(last.split()) <= _MAX_WORDS:
        return None
    first = _FIRST_WORD.search(last)
    if first is None or first[0].casefold() in _POINTING or last.count("“") != last.count("”"):
        return None
    return _STOP_IN_MARKS.sub(r"\2\1", capitalised(last, several=True))


def _open_subject(statement: Statement) -> Token | None:
    """The subject of quoted words that only the words before explain."""
    reported = statement.reported
    if reported is None or not statement.clauses or reported.attribution.quote_type is not QuoteType.DIRECT:
        return None
    subject = statement.clauses[0].subject
    if subject is None or subject.lower_ not in _POINTING or is_expletive(subject):
        return None
    if subject.i in {each.pronoun.i for each in statement.named} or not _opens(subject):
        return None
    return subject if not any(c.dep_ in SAYS_WHICH for c in subject.children) else None


def _opens(token: Token) -> bool:
    """Whether a word begins its sentence, quotation marks and "and" aside."""
    before = token.doc[token.sent.start : token.i]
    return all(t.is_punct or t.is_space or t.dep_ in ("cc", "advmod", "intj") for t in before)


def _is_no_statement(statement: Statement) -> bool:
    """True for a question or a fragment, and for what is open itself."""
    if not statement.clauses:
        return True
    last = max(statement.clauses, key=lambda clause: clause.head.i)
    subject = subject_of(last.head)
    return not is_finite(last.head) or subject is None or (subject.lower_ in OPEN and not is_expletive(subject))
