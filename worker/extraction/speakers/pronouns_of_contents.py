"""Which pronouns of a content get the name of whom they mean: its main subject, and the first "he" or "she" besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract.claim import QuoteType
from worker.extraction.entities.person_names import Gender
from worker.extraction.parse import Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.antecedents import Antecedents, Speaking
from worker.extraction.speakers.genders import GENDER_OF
from worker.extraction.speakers.mentioned_people import MentionedPeople, is_person_noun
from worker.extraction.speakers.pronouns import refers_to, third_person
from worker.extraction.syntax.main_clause import MainClause
from worker.extraction.syntax.relations import subject_of

__all__ = ["NamedPronoun", "PronounsOfContents"]


@dataclass(frozen=True, slots=True)
class NamedPronoun:
    """A third-person pronoun of a content, and the name of whom it means."""

    pronoun: Token
    name: str


class PronounsOfContents:
    """Names the pronouns of one text's contents."""

    def __init__(self, antecedents: Antecedents, people: MentionedPeople) -> None:
        self._antecedents, self._people = antecedents, people

    def named(
        self, clauses: Sequence[MainClause], content: Sequence[Span], speaking: Speaking | None
    ) -> tuple[NamedPronoun, ...]:
        """The pronouns of which it is sure whom they mean, in the order of the text."""
        quoted = speaking is not None and speaking.attribution.quote_type is QuoteType.DIRECT
        subject = _main_pronoun(clauses, content)
        named: list[NamedPronoun] = []
        settled: set[Gender] = set()
        if subject is not None:
            name = self._main(subject, speaking, quoted=quoted)
            if name is not None and not self._is_named_behind(subject, name, clauses):
                named.append(NamedPronoun(subject, name))
            if subject.lower_ in GENDER_OF:
                settled.add(GENDER_OF[subject.lower_])
        for pronoun in _further(clauses, content):
            gender = GENDER_OF[pronoun.lower_]
            if gender in settled:
                continue
            settled.add(gender)
            if not self._somebody_before(pronoun, clauses, gender):
                name = self._other(pronoun, speaking, quoted=quoted)
                if name is not None and not self._is_named_behind(pronoun, name, clauses):
                    named.append(NamedPronoun(pronoun, name))
        return tuple(sorted(named, key=lambda each: each.pronoun.i))

    def _main(self, subject: Token, speaking: Speaking | None, *, quoted: bool) -> str | None:
        if quoted and speaking is not None:
            return self._antecedents.in_quote(subject, speaking)
        return self._antecedents.of(subject, speaking)

    def _other(self, pronoun: Token, speaking: Speaking | None, *, quoted: bool) -> str | None:
        if speaking is None or not quoted:
            return self._antecedents.further(pronoun, speaking)
        can_speak = refers_to(pronoun, speaking.source) and speaking.gender in (None, GENDER_OF[pronoun.lower_])
        return self._antecedents.in_quote(pronoun, speaking) if not can_speak else None

    def _is_named_behind(self, pronoun: Token, name: str, clauses: Sequence[MainClause]) -> bool:
        """True where the content tells itself whom a pronoun means: "with the prize that she won, Ida Vale bought"."""
        behind = [t for clause in clauses for t in clause.tokens if t.i > pronoun.i and t.pos_ == "PROPN"]
        return any(self._people.at(t) == name for t in behind if t.sent.start == pronoun.sent.start)

    def _somebody_before(self, pronoun: Token, clauses: Sequence[MainClause], gender: Gender) -> bool:
        """True if the content names somebody before a pronoun, or tells of one without a name, who can be meant."""
        before = [t for clause in clauses for t in clause.tokens if t.i < pronoun.i]
        if any(is_person_noun(t, gender) for t in before):
            return True
        names = {self._people.at(t) for t in before if t.tag_ not in ("PRP", "PRP$")} - {None}
        return any(name is not None and self._people.genders.can_be(name, gender) for name in names)


def _main_pronoun(clauses: Sequence[MainClause], content: Sequence[Span]) -> Token | None:
    """The pronoun that is the main subject of a content or its owner."""
    subject = _subject(clauses[0]) if clauses else None
    pronoun = third_person(subject) if subject is not None else None
    return pronoun if pronoun is not None and inside_any((pronoun.idx, pronoun.idx + 1), content) else None


def _subject(clause: MainClause) -> Token | None:
    """The subject of a clause; of a noun for a statement ("claims that it lied") that of the clause behind it."""
    if clause.subject is not None or clause.form != "fragment":
        return clause.subject
    behind = (c for c in clause.head.children if c.dep_ in ("acl", "ccomp") and c.i > clause.head.i)
    return next((subject for c in behind if (subject := subject_of(c)) is not None), None)


def _further(clauses: Sequence[MainClause], content: Sequence[Span]) -> list[Token]:
    """The pronouns for a person in a content, in the order of the text."""
    tokens = sorted((t for clause in clauses for t in clause.tokens), key=lambda token: token.i)
    return [
        t
        for t in tokens
        if t.lower_ in GENDER_OF and t.tag_ in ("PRP", "PRP$") and inside_any((t.idx, t.idx + 1), content)
    ]
