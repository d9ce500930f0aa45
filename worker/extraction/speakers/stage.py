"""The speakers stage: finds who makes each statement, a source or the article itself, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from worker.contract.claim import QuoteType, Source, Voice
from worker.extraction.attribution.cue import Cue, read_cue
from worker.extraction.attribution.sources.holders import Holders
from worker.extraction.attribution.types import Attribution
from worker.extraction.entities.person_names import Gender
from worker.extraction.entities.stage import Entities
from worker.extraction.own_voice.stage import OwnStatement
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside_any
from worker.extraction.speakers.addressees import addressees
from worker.extraction.speakers.antecedents import Antecedents
from worker.extraction.speakers.descriptions import introduced
from worker.extraction.speakers.event_source import event_source
from worker.extraction.speakers.genders import Genders
from worker.extraction.speakers.pronouns import third_person
from worker.extraction.speakers.resolve import People, resolve
from worker.extraction.speakers.roles import Roles
from worker.extraction.speakers.speaker import Speaker
from worker.extraction.syntax.main_clause import MainClause, content_tokens, main_clause_at, main_clauses
from worker.extraction.syntax.relations import subject_of

__all__ = ["NamedSubject", "Reported", "Statement", "identify_speakers"]

_OWN_VOICE_CONFIDENCE = 0.6
"""Confidence that a statement in the article's own voice is one; not measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """How a source makes a statement. `confidence`: that of the attribution times that of the source's name, 0 to 1.

    `gender`: that of the source, where the text or the name tells it.
    """

    attribution: Attribution
    cue: Cue
    source: Source
    gender: Gender | None
    addressees: list[Source]
    confidence: float


@dataclass(frozen=True, slots=True)
class NamedSubject:
    """The third-person pronoun of a main subject, and the name of whom it means."""

    pronoun: Token
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a text, with its content as parsed.

    `clauses`: those of the content, the main one first. `reported`: None where the article makes it itself. `subject`:
    whom its main subject means, where that is a pronoun and it is sure.
    `holders`: the indexes of the statements inside of which this one is made, outermost first. `confidence`: that it is
    a statement of this voice, 0 to 1.
    """

    voice: Voice
    content: tuple[Span, ...]
    clauses: list[MainClause]
    reported: Reported | None
    subject: NamedSubject | None
    holders: tuple[int, ...]
    confidence: float


def identify_speakers(
    doc: Doc, text: str, entities: Entities, attributions: Sequence[Attribution], own_voice: Sequence[OwnStatement]
) -> list[Statement]:
    """One statement for each attribution, then one for each of the article's own, each in their order.

    `doc` is the parse of `text`. "I" and "we" inside a content are who says that content. A presupposed statement
    belongs to those inside of whose content it is.
    """
    contents = Holders(attributions)
    holders = [contents.of(index) for index in range(len(attributions))]
    sources = [each.source for each in attributions]
    known = introduced(doc, entities.within(((0, len(text)),)))
    genders = Genders(text, known)
    around_each = [around[-1] if around else None for around in holders]
    speakers = resolve(doc, text, sources, around_each, entities, People(known, genders))
    roles = Roles(doc, text, entities, sources)
    antecedents = Antecedents(doc, text, entities, known, genders)
    statements = []
    for attribution, speaker, around in zip(attributions, speakers, holders, strict=True):
        cue = read_cue(doc, attribution)
        clauses = main_clauses(doc, attribution.content)
        reported = Reported(
            attribution=attribution,
            cue=cue,
            source=event_source(text, attribution.source, speaker, entities, roles),
            gender=genders.of(speaker.name) if speaker is not None else None,
            addressees=[
                event_source(text, span, _addressee(text, span, entities), entities, roles)
                for span in addressees(cue.head, clauses, is_quoted=attribution.quote_type is QuoteType.DIRECT)
            ],
            confidence=round(attribution.confidence * (speaker.confidence if speaker else 1.0), 3),
        )
        statements.append(
            Statement(
                voice=Voice.ATTRIBUTED,
                content=attribution.content,
                clauses=clauses,
                reported=reported,
                subject=_named_subject(clauses, attribution.content, antecedents, reported),
                holders=around,
                confidence=attribution.confidence,
            )
        )
    return [*statements, *(_of_the_article(doc, each, contents, antecedents) for each in own_voice)]


def _of_the_article(doc: Doc, own: OwnStatement, contents: Holders, antecedents: Antecedents) -> Statement:
    clauses = [main_clause_at(own.head, content_tokens(doc, own.content))]
    return Statement(
        voice=Voice.PRESUPPOSED if own.presupposed else Voice.AUTHOR,
        content=own.content,
        clauses=clauses,
        reported=None,
        subject=_named_subject(clauses, own.content, antecedents, None),
        holders=contents.holding(own.content[0]) if own.presupposed else (),
        confidence=_OWN_VOICE_CONFIDENCE,
    )


def _named_subject(
    clauses: Sequence[MainClause], content: Sequence[Span], antecedents: Antecedents, reported: Reported | None
) -> NamedSubject | None:
    """Whom the pronoun means that is the main subject or its owner; None where there is none, or it is not sure."""
    subject = _subject(clauses[0]) if clauses else None
    pronoun = third_person(subject) if subject is not None else None
    if pronoun is None or not inside_any((pronoun.idx, pronoun.idx + 1), content):
        return None
    if reported is not None and reported.attribution.quote_type is QuoteType.DIRECT:
        name = antecedents.in_quote(pronoun, reported)
    else:
        name = antecedents.of(pronoun, reported)
    return NamedSubject(pronoun, name) if name is not None else None


def _subject(clause: MainClause) -> Token | None:
    """The subject of a clause; of a noun for a statement ("claims that it lied") that of the clause behind it."""
    if clause.subject is not None or clause.form != "fragment":
        return clause.subject
    behind = (c for c in clause.head.children if c.dep_ in ("acl", "ccomp") and c.i > clause.head.i)
    return next((subject for c in behind if (subject := subject_of(c)) is not None), None)


def _addressee(text: str, span: Span, entities: Entities) -> Speaker:
    """A person, a body, or the words as they are: a pronoun is not resolved."""
    person = entities.person_in(span)
    if person is not None:
        return Speaker(person, "PERSON")
    body = entities.all_of(span)
    return Speaker(*body) if body is not None else Speaker(text[slice(*span)], None)
