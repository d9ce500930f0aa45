"""The speakers stage: finds who makes each statement, a source or the article itself, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.contract.claim import QuoteType, Source, Voice
from worker.extraction.attribution.cue import Cue, read_cue
from worker.extraction.attribution.sources.holders import Holders
from worker.extraction.attribution.types import Attribution
from worker.extraction.entities.person_names import Gender
from worker.extraction.entities.stage import Entities
from worker.extraction.own_voice.stage import OwnStatement
from worker.extraction.parse import Doc, Token
from worker.extraction.spans import Span, inside
from worker.extraction.speakers.addressees import addressees, named_behind
from worker.extraction.speakers.antecedents import Antecedents
from worker.extraction.speakers.descriptions import introduced
from worker.extraction.speakers.descriptions_of_contents import DescriptionsOfContents, NamedDescription
from worker.extraction.speakers.event_source import event_source
from worker.extraction.speakers.genders import GENDER_OF, Genders
from worker.extraction.speakers.mentioned_people import MentionedPeople
from worker.extraction.speakers.pronouns_of_contents import NamedPronoun, PronounsOfContents
from worker.extraction.speakers.quoted_by import QuotedBy
from worker.extraction.speakers.resolve import People, resolve
from worker.extraction.speakers.roles import Roles
from worker.extraction.speakers.speaker import Speaker
from worker.extraction.syntax.main_clause import MainClause, content_tokens, main_clause_at, main_clauses
from worker.extraction.text.quotes import all_quotes

__all__ = ["NamedPronoun", "Reported", "Statement", "identify_speakers"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a text, with its content as parsed.

    `clauses`: those of the content, the main one first. `reported`: None where the article makes it itself. `named`:
    its pronouns of which it is sure whom they mean, in the order of the text; further ones may mean the same.
    `holders`: the indexes of the statements inside of which this one is made, outermost first. `confidence`: that it is
    a statement of this voice, 0 to 1.
    """

    voice: Voice
    content: tuple[Span, ...]
    clauses: list[MainClause]
    reported: Reported | None
    named: tuple[NamedPronoun, ...]
    holders: tuple[int, ...]
    confidence: float
    described: tuple[NamedDescription, ...] = ()
    """Its descriptions of which it is sure whose they are."""

    @property
    def tokens(self) -> list[Token]:
        """Those of its clauses, in the order of the text."""
        return sorted((t for clause in self.clauses for t in clause.tokens), key=lambda token: token.i)


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
    quoted_by = QuotedBy(text, attributions)
    around_each = [around[-1] if around else quoted_by.of(index) for index, around in enumerate(holders)]
    roles = Roles(doc, text, entities, sources)
    speakers = resolve(doc, text, sources, around_each, entities, People(known, genders), roles)
    mentioned = MentionedPeople(
        doc, text, entities, People(known, genders), _speaking_pronouns(text, sources, speakers)
    )
    pronouns = PronounsOfContents(Antecedents(doc, text, entities, mentioned), mentioned)
    descriptions = DescriptionsOfContents(doc, text, known, all_quotes(text))
    resolved = {span: speaker for span, speaker in zip(sources, speakers, strict=True) if span and speaker}
    statements = []
    for attribution, speaker, around in zip(attributions, speakers, holders, strict=True):
        cue = read_cue(doc, attribution)
        clauses = main_clauses(doc, attribution.content)
        source = event_source(text, attribution.source, speaker, entities, roles)
        reported = Reported(
            attribution=attribution,
            cue=cue,
            source=replace(source, span=None) if attribution.is_carried else source,
            gender=genders.of(speaker.name) if speaker is not None else None,
            addressees=[
                event_source(text, span, addressee, entities, roles)
                for span in _addressees(text, attribution, cue, clauses)
                for addressee in [
                    _who_answers(resolved.get(span))
                    or _addressee((doc, text), span, entities, mentioned, (speaker, attribution.source))
                ]
                if not _is_speaker(addressee, span, speaker, attribution.source)
            ],
            confidence=round(attribution.confidence * (speaker.confidence if speaker else 1.0), 3),
        )
        statements.append(
            Statement(
                voice=Voice.ATTRIBUTED,
                content=attribution.content,
                clauses=clauses,
                reported=reported,
                named=pronouns.named(clauses, attribution.content, reported),
                holders=around,
                confidence=attribution.confidence,
            )
        )
    statements += [_of_the_article(doc, each, contents, pronouns) for each in own_voice]
    return [replace(each, described=descriptions.named(each.tokens, each.content)) for each in statements]


def _addressees(text: str, attribution: Attribution, cue: Cue, clauses: Sequence[MainClause]) -> list[Span]:
    found = addressees(cue.head, clauses, is_quoted=attribution.quote_type is QuoteType.DIRECT)
    if found or cue.head is None or attribution.cue is None:
        return found
    return named_behind(text, cue.head, attribution.cue, attribution.content[0])


def _speaking_pronouns(
    text: str, sources: Sequence[Span | None], speakers: Sequence[Speaker | None]
) -> list[tuple[Span, str]]:
    """The sources that are "he" or "she", with the people whom they surely mean."""
    return [
        (span, speaker.name)
        for span, speaker in zip(sources, speakers, strict=True)
        if span is not None and speaker is not None and speaker.kind == "PERSON" and not speaker.open_names
        if text[slice(*span)].casefold() in GENDER_OF
    ]


def _of_the_article(doc: Doc, own: OwnStatement, contents: Holders, pronouns: PronounsOfContents) -> Statement:
    clauses = [main_clause_at(own.head, content_tokens(doc, own.content))]
    return Statement(
        voice=Voice.PRESUPPOSED if own.presupposed else Voice.AUTHOR,
        content=own.content,
        clauses=clauses,
        reported=None,
        named=pronouns.named(clauses, own.content, None),
        holders=contents.holding(own.content[0]) if own.presupposed else (),
        confidence=_OWN_VOICE_CONFIDENCE,
    )


def _is_speaker(addressee: Speaker, span: Span, speaker: Speaker | None, source: Span | None) -> bool:
    """True for a name beside the subject, which the parse takes for an object: "the minister, Ida Falk, said"."""
    is_beside = source is not None and inside(span, source)
    return is_beside and speaker is not None and addressee.kind == "PERSON" and addressee.name == speaker.name


def _who_answers(speaker: Speaker | None) -> Speaker | None:
    """An addressee who is a source as well, where it is sure who that is: "Asked by her lawyer why, she said"."""
    return speaker if speaker is not None and speaker.kind == "PERSON" and not speaker.open_names else None


def _addressee(
    parsed: tuple[Doc, str],
    span: Span,
    entities: Entities,
    mentioned: MentionedPeople,
    speaking: tuple[Speaker | None, Span | None],
) -> Speaker:
    """A person, a body, or the words as they are. "Him" and "her" are the only person whom they can mean, if one is.

    `speaking`: who speaks, and the words for that.
    """
    person = entities.person_in(span)
    if person is not None:
        return Speaker(person, "PERSON")
    body = entities.all_of(span)
    if body is not None:
        return Speaker(*body)
    doc, text = parsed
    tokens = doc.char_span(*span, alignment_mode="expand")
    words_for = text[slice(*span)]
    gender = GENDER_OF.get(words_for.casefold())
    if gender is not None and tokens is not None and len(tokens):
        speaker, source = speaking
        others = mentioned.before(tokens[0], gender, but=speaker.name if speaker is not None else None)
        name = mentioned.only(others, gender)
        end = source[0] if source is not None and source[0] < span[0] else span[0]
        begin = others[-1][0] if name is not None else end
        since = doc.char_span(begin, end, alignment_mode="expand") if begin < end else None
        if name is not None and since is not None and not mentioned.unnamed_between(since, gender):
            return Speaker(name, "PERSON")
    return Speaker(words_for, None)
