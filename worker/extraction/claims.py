"""From what was found in a text to its claims: attributed ones, and those of the article itself."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worker.contract.claim import (
    Act,
    Article,
    AttributionLink,
    Claim,
    Content,
    Entity,
    Provenance,
    Quantity,
    QuoteType,
    Source,
    TimeExpression,
    Voice,
)
from worker.contract.ids import claim_id
from worker.extraction.acts import act_of, plover_of
from worker.extraction.addressees import addressees
from worker.extraction.antecedents import antecedent, refers_to, third_person
from worker.extraction.check_worthiness import check_worthiness, features
from worker.extraction.clause import MainClause, content_tokens, main_clause_at, main_clauses
from worker.extraction.cue import Cue, read_cue
from worker.extraction.entities import Entities
from worker.extraction.modality import modality
from worker.extraction.narration import Clause, narrated
from worker.extraction.polarity import denies, negates_content, polarity
from worker.extraction.proposition import proposition
from worker.extraction.quantities import Amount
from worker.extraction.roles import Roles
from worker.extraction.sources import event_span, source_of
from worker.extraction.speakers import Speaker, resolve
from worker.extraction.time_of_saying import tells_when_said
from worker.extraction.times import Time
from worker.extraction.types import Attribution, Span
from worker.extraction.wording import sentence, wording

__all__ = ["Reading", "claims_of", "worth_of"]

_OWN_VOICE_CONFIDENCE = 0.6


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the stages found in a text, for each claim to take its part of. `doc` is the parse of `text`."""

    article: Article
    headline: str | None
    text: str
    doc: Any
    entities: Entities
    times: list[Time]
    amounts: list[Amount]
    attributions: list[Attribution]
    marks: list[Span]
    """The quotes of the text, marks included."""
    provenance: Provenance

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start_char for sentence in self.doc.sents] + [len(self.text)]

    def sentences(self, spans: list[Span]) -> list[Span]:
        """The sentences in which spans begin and end."""
        starts = self._sentence_starts
        found = []
        for start, end in spans:
            for at in (start, end - 1):
                number = max(bisect_right(starts, at) - 1, 0)
                found.append((starts[number], starts[min(number + 1, len(starts) - 1)]))
        return found

    def quantities(self, content: tuple[Span, ...]) -> list[Quantity]:
        return [
            Quantity(
                span=event_span(self.text, a.span), min=a.least, max=a.most, approximate=a.approximate, unit=a.unit
            )
            for a in self.amounts
            if _inside(a.span, content)
        ]

    def times_of(
        self, content: tuple[Span, ...], told_when: Callable[[Span], bool] = lambda _: False
    ) -> list[TimeExpression]:
        """Those inside the content, and those for which `told_when` says that they tell when it was said."""
        return [
            TimeExpression(span=event_span(self.text, t.span), timex=t.timex, start=t.start, end=t.end)
            for t in self.times
            if _inside(t.span, content) or told_when(t.span)
        ]

    def worth(
        self, clauses: list[MainClause], content: tuple[Span, ...], named: Sequence[Entity], act: Act, cue: Cue | None
    ) -> dict[str, float]:
        """What of a content bears on its check-worthiness; among the entities `named` may be some of its source."""
        return features(
            clauses,
            act=act,
            cue=cue,
            amounts=[a for a in self.amounts if _inside(a.span, content)],
            times=sum(_inside(t.span, content) for t in self.times),
            kinds=[e.type for e in named if any(_inside((m.start, m.end), content) for m in e.spans)],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """An attribution with what the parse says of its cue and content, and its link in the form of the event."""

    found: Attribution
    cue: Cue
    clauses: list[MainClause]
    words: str
    link: AttributionLink


def claims_of(reading: Reading, *, own_voice_least: float) -> list[Claim]:
    """The claims of a text, each once: attributed ones first, then the article's own from `own_voice_least` on."""
    text, found = reading.text, reading.attributions
    made: dict[str, Claim] = {}
    holders = [_around(found, index) for index in range(len(found))]
    said = _said(reading, [around[-1] if around else None for around in holders])
    for index, each in enumerate(said):
        chain = [said[i].link for i in holders[index]] + [each.link]
        elsewhere = [s for i, other in enumerate(found) if i != index for s in other.content]
        claim = _attributed(reading, each, chain, elsewhere)
        made.setdefault(claim.claim_id, claim)
    for clause in narrated(reading.doc, text, reading.headline, found, reading.marks):
        around = _holding(found, clause.spans[0]) if clause.presupposed else []
        own = _own(reading, clause, [said[i].link for i in around], own_voice_least)
        if own is not None:
            made.setdefault(own.claim_id, own)
    return list(made.values())


def worth_of(reading: Reading) -> dict[str, float]:
    """The features of a single sentence: those of the longest content that it attributes, else of the whole."""
    said = _said(reading, [None] * len(reading.attributions))
    if not said:
        whole = ((0, len(reading.text)),)
        return reading.worth(main_clauses(reading.doc, whole), whole, reading.entities.within(whole), Act.ASSERT, None)
    longest = max(said, key=lambda each: len(each.words))
    content = longest.found.content
    return reading.worth(longest.clauses, content, reading.entities.within(content), longest.link.act, longest.cue)


def _said(reading: Reading, inner: Sequence[int | None]) -> list[_Said]:
    """`inner`: for each attribution the index of the one in whose content it is made."""
    text, found, doc = reading.text, reading.attributions, reading.doc
    sources = [each.source for each in found]
    speakers = resolve(doc, text, sources, inner, reading.entities)
    cues = [read_cue(doc, each) for each in found]
    contents = [main_clauses(doc, each.content) for each in found]
    spoken_to = [addressees(cue.head, clauses) for cue, clauses in zip(cues, contents, strict=True)]
    roles = Roles(doc, text, reading.entities, sources)
    made = []
    for index, (each, speaker, cue, clauses) in enumerate(zip(found, speakers, cues, contents, strict=True)):
        words = _words(text, each)
        source = source_of(text, each.source, speaker, reading.entities, roles)
        act = act_of(cue, clauses, words, source)
        link = AttributionLink(
            source=source,
            cue=event_span(text, each.cue) if each.cue else None,
            act=act,
            quote_type=each.quote_type,
            confidence=round(each.confidence * (speaker.confidence if speaker else 1.0), 3),
            addressees=[
                source_of(text, span, _named(reading, span), reading.entities, roles) for span in spoken_to[index]
            ],
            negated=act in (Act.SILENT, Act.DECLINE),
        )
        made.append(_Said(found=each, cue=cue, clauses=clauses, words=words, link=link))
    return made


def _named(reading: Reading, span: Span) -> Speaker:
    """Somebody spoken to: a person, a body or the words for them; a pronoun stays as it is."""
    person = reading.entities.person_in(span)
    if person is not None:
        return Speaker(person, "PERSON")
    whole = reading.entities.all_of(span)
    return Speaker(*whole) if whole is not None else Speaker(reading.text[slice(*span)], None)


def _attributed(reading: Reading, said: _Said, chain: list[AttributionLink], elsewhere: list[Span]) -> Claim:
    found, clauses, act, source = said.found, said.clauses, said.link.act, said.link.source
    around = reading.sentences([s for s in (found.source, found.cue, *found.content) if s])

    def told_when(time: Span) -> bool:
        outside = _inside(time, around) and not _inside(time, elsewhere)
        return outside and tells_when_said(reading.doc, time, found, said.cue)

    entities = reading.entities.within((*found.content, *((found.source,) if found.source else ())))
    worded = wording(
        reading.text,
        clauses,
        entities,
        source=source,
        quote_type=found.quote_type,
        group=source.affiliation,
        third=_third(reading, clauses, source, said.link.quote_type),
        marks=reading.marks,
    )
    return Claim(
        claim_id=claim_id(reading.article.uri, source.name, said.words),
        article=reading.article,
        voice=Voice.ATTRIBUTED,
        attribution=chain,
        content=Content(
            text=sentence(worded.of(found.content)), spans=[event_span(reading.text, span) for span in found.content]
        ),
        act=act,
        plover=plover_of(act, clauses),
        polarity=polarity(
            clauses, said.words, denied=act is Act.DENY and denies(said.cue), cue_negates=negates_content(said.cue)
        ),
        modality=modality(clauses, said.words, act=act, cue=said.cue, source=source),
        proposition=proposition(clauses, worded, source.name),
        quantities=reading.quantities(found.content),
        times=reading.times_of(found.content, told_when),
        entities=entities,
        check_worthiness=check_worthiness(reading.worth(clauses, found.content, entities, act, said.cue)),
        confidence=found.confidence,
        provenance=reading.provenance,
    )


def _third(
    reading: Reading, clauses: list[MainClause], source: Source | None, quote_type: QuoteType | None
) -> tuple[Any, str] | None:
    """The third-person pronoun of the main subject and who it is: the speaker in indirect speech, or who was spoken of before."""
    subject = clauses[0].subject if clauses else None
    pronoun = third_person(subject) if subject is not None else None
    if pronoun is None or quote_type is QuoteType.DIRECT:
        return None
    if source is not None and refers_to(pronoun, source):
        return pronoun, source.name or ""
    who = antecedent(pronoun, reading.entities)
    return (pronoun, who) if who is not None and (source is None or who != source.name) else None


def _own(reading: Reading, clause: Clause, holders: list[AttributionLink], least: float) -> Claim | None:
    """A claim of the article itself, or what those in `holders` take for granted; None where it is less worth checking."""
    spans = clause.spans
    clauses = [main_clause_at(clause.head, content_tokens(reading.doc, spans))]
    entities = reading.entities.within(spans)
    worth = check_worthiness(reading.worth(clauses, spans, entities, Act.ASSERT, None))
    if worth < least:
        return None
    words = " ".join(" ".join(reading.text[slice(*span)].split()) for span in spans)
    worded = wording(
        reading.text,
        clauses,
        entities,
        source=None,
        quote_type=None,
        group=None,
        third=_third(reading, clauses, None, None),
        marks=(),
    )
    return Claim(
        claim_id=claim_id(reading.article.uri, holders[-1].source.name if holders else None, words),
        article=reading.article,
        attribution=holders,
        voice=Voice.PRESUPPOSED if clause.presupposed else Voice.AUTHOR,
        content=Content(text=sentence(worded.of(spans)), spans=[event_span(reading.text, s) for s in spans]),
        act=Act.ASSERT,
        polarity=polarity(clauses, words),
        modality=modality(clauses, words, act=Act.ASSERT, cue=None, source=None),
        proposition=proposition(clauses, worded, None),
        quantities=reading.quantities(spans),
        times=reading.times_of(spans),
        entities=entities,
        check_worthiness=worth,
        confidence=_OWN_VOICE_CONFIDENCE,
        provenance=reading.provenance,
    )


def _inside(span: Span, spans: Sequence[Span]) -> bool:
    for start, end in spans:  # noqa: SIM110 - asked thousands of times for an article, and any() takes twice as long
        if start <= span[0] and span[1] <= end:
            return True
    return False


def _words(text: str, found: Attribution) -> str:
    """The content's own words, without marks around them and without the "that" before them."""
    words = " ".join(" ".join(text[s:e].split()).strip(' "“”«»„') for s, e in found.content)
    return words[len("that ") :].lstrip('"“”«»„') if words.startswith("that ") else words


def _around(found: list[Attribution], index: int) -> list[int]:
    """The attributions in whose content this one is made, outermost first."""
    inner = found[index]
    least = sum(e - s for s, e in inner.content)
    return _holding(found, inner.cue or inner.content[0], larger_than=least, but=index)


def _holding(found: list[Attribution], place: Span, *, larger_than: int = 0, but: int = -1) -> list[int]:
    """The attributions whose content holds a place, outermost first."""

    def size(i: int) -> int:
        return sum(e - s for s, e in found[i].content)

    holders = [i for i, each in enumerate(found) if i != but and _inside(place, each.content) and size(i) > larger_than]
    return sorted(holders, key=size, reverse=True)
