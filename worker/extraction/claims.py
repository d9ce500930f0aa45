"""From what was found in a text to its claims: attributed ones, and those of the article itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from worker.contract.claim import (
    Act,
    Article,
    AttributionLink,
    Claim,
    Content,
    Provenance,
    Quantity,
    TimeExpression,
    Voice,
)
from worker.contract.ids import claim_id
from worker.extraction.check_worthiness import check_worthiness
from worker.extraction.entities import Entities
from worker.extraction.meaning import modality, polarity
from worker.extraction.narration import Clause, narrated
from worker.extraction.quantities import Amount
from worker.extraction.quotes import paragraphs, quotes
from worker.extraction.sources import event_span, source_of
from worker.extraction.speakers import Speaker, resolve
from worker.extraction.speech_acts import act_of
from worker.extraction.times import Time
from worker.extraction.types import Attribution, Span

__all__ = ["Reading", "claims_of"]

_OWN_VOICE_CONFIDENCE = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
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
    provenance: Provenance

    def sentences(self, spans: list[Span]) -> list[Span]:
        inside = [self.doc.char_span(*span, alignment_mode="expand") for span in spans]
        return [(s.start_char, s.end_char) for tokens in inside if tokens for s in (tokens[0].sent, tokens[-1].sent)]

    def quantities(self, content: tuple[Span, ...]) -> list[Quantity]:
        return [
            Quantity(
                span=event_span(self.text, a.span), min=a.least, max=a.most, approximate=a.approximate, unit=a.unit
            )
            for a in self.amounts
            if _inside(a.span, content)
        ]

    def times_of(self, content: tuple[Span, ...], around: list[Span], elsewhere: list[Span]) -> list[TimeExpression]:
        """Those inside the content, and those around it that say when it was said, not what others say."""
        return [
            TimeExpression(span=event_span(self.text, t.span), timex=t.timex, start=t.start, end=t.end)
            for t in self.times
            if _inside(t.span, content) or (_inside(t.span, around) and not _inside(t.span, elsewhere))
        ]

    def worth(self, words: str, content: tuple[Span, ...]) -> float:
        tokens = [t for span in content for t in (self.doc.char_span(*span, alignment_mode="expand") or ())]
        return check_worthiness(
            words,
            tokens,
            figures=sum(_inside(a.span, content) for a in self.amounts),
            times=sum(_inside(t.span, content) for t in self.times),
            names=len(self.entities.within(content)),
        )


def claims_of(reading: Reading, *, own_voice_least: float) -> list[Claim]:
    """The claims of a text, each once: attributed ones first, then the article's own from `own_voice_least` on."""
    text, found = reading.text, reading.attributions
    made: dict[str, Claim] = {}
    holders = [_around(found, index) for index in range(len(found))]
    inner = [around[-1] if around else None for around in holders]
    speakers = resolve(reading.doc, text, [each.source for each in found], inner, reading.entities)
    links = [_link(text, each, speaker) for each, speaker in zip(found, speakers, strict=True)]
    for index, each in enumerate(found):
        chain = [links[i] for i in holders[index]] + [links[index]]
        elsewhere = [s for i, other in enumerate(found) if i != index for s in other.content]
        claim = _attributed(reading, each, chain, elsewhere)
        made.setdefault(claim.claim_id, claim)
    marks = [mark for paragraph in paragraphs(text) for mark in quotes(text, paragraph)]
    taken = [s for each in found for s in (each.source, each.cue, *each.content) if s]
    for clause in narrated(reading.doc, text, reading.headline, taken, marks):
        claim = _own(reading, clause)
        if (claim.check_worthiness or 0) >= own_voice_least:
            made.setdefault(claim.claim_id, claim)
    return list(made.values())


def _attributed(reading: Reading, found: Attribution, chain: list[AttributionLink], elsewhere: list[Span]) -> Claim:
    words = _words(reading.text, found)
    act = chain[-1].act
    around = reading.sentences([s for s in (found.source, found.cue, *found.content) if s])
    return Claim(
        claim_id=claim_id(reading.article.uri, chain[-1].source.name, words),
        article=reading.article,
        voice=Voice.ATTRIBUTED,
        attribution=chain,
        content=Content(text=words, spans=[event_span(reading.text, span) for span in found.content]),
        act=act,
        polarity=polarity(words, act_denies=found.denies or act is Act.DENY),
        modality=modality(words),
        quantities=reading.quantities(found.content),
        times=reading.times_of(found.content, around, elsewhere),
        entities=reading.entities.within((*found.content, *((found.source,) if found.source else ()))),
        check_worthiness=reading.worth(words, found.content),
        confidence=found.confidence,
        provenance=reading.provenance,
    )


def _own(reading: Reading, clause: Clause) -> Claim:
    """A claim of the article itself."""
    spans = (clause.span,)
    words = " ".join(reading.text[slice(*clause.span)].split())
    return Claim(
        claim_id=claim_id(reading.article.uri, None, words),
        article=reading.article,
        voice=Voice.PRESUPPOSED if clause.presupposed else Voice.AUTHOR,
        content=Content(text=words, spans=[event_span(reading.text, clause.span)]),
        act=Act.ASSERT,
        polarity=polarity(words, act_denies=clause.denies),
        modality=modality(words),
        quantities=reading.quantities(spans),
        times=reading.times_of(spans, [], []),
        entities=reading.entities.within(spans),
        check_worthiness=reading.worth(words, spans),
        confidence=_OWN_VOICE_CONFIDENCE,
        provenance=reading.provenance,
    )


def _inside(span: Span, spans: Sequence[Span]) -> bool:
    return any(s <= span[0] and span[1] <= e for s, e in spans)


def _words(text: str, found: Attribution) -> str:
    return " ".join(" ".join(text[s:e].split()).strip(' "“”«»„') for s, e in found.content)


def _link(text: str, found: Attribution, speaker: Speaker | None) -> AttributionLink:
    return AttributionLink(
        source=source_of(text, found.source, speaker),
        cue=event_span(text, found.cue) if found.cue else None,
        act=act_of(found.lemma, _words(text, found), negated=found.negated, denies=found.denies),
        quote_type=found.quote_type,
        confidence=round(found.confidence * (speaker.confidence if speaker else 1.0), 3),
        negated=found.negated,
    )


def _around(found: list[Attribution], index: int) -> list[int]:
    """The attributions in whose content this one is made, outermost first."""
    inner = found[index]
    place = inner.cue or inner.content[0]

    def size(i: int) -> int:
        return sum(e - s for s, e in found[i].content)

    holders = [
        i
        for i, outer in enumerate(found)
        if i != index and size(i) > size(index) and any(s <= place[0] and place[1] <= e for s, e in outer.content)
    ]
    return sorted(holders, key=size, reverse=True)
