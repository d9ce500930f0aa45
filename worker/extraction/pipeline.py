"""The ordered stages: clean, language, parse, attribution, entities, meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import py3langid

from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.claim import (
    Act,
    Article,
    AttributionLink,
    Claim,
    Content,
    Provenance,
    Quantity,
    Source,
    TimeExpression,
    Voice,
)
from worker.contract.claim import Span as EventSpan
from worker.contract.dead_letter import DeadReason, DropReason, RetryReason
from worker.contract.extraction import Extraction
from worker.contract.ids import claim_id, entity_id, extraction_id
from worker.extraction.attribution import attribute
from worker.extraction.attribution_model import AttributionModel
from worker.extraction.bounds import LONGEST_TEXT, text_out_of_bounds, too_much_markup
from worker.extraction.check_worthiness import check_worthiness
from worker.extraction.clean import clean
from worker.extraction.entities import Entities, find_entities
from worker.extraction.meaning import modality, polarity
from worker.extraction.narration import Clause, narrated
from worker.extraction.outcome import Dropped, Extracted, Failed, Outcome, Postponed, TransientError
from worker.extraction.parse import MODEL, load_parser, same_length
from worker.extraction.quantities import Amount, find_quantities
from worker.extraction.quotes import paragraphs, quotes
from worker.extraction.speakers import Speaker, resolve
from worker.extraction.speech_acts import act_of
from worker.extraction.times import Time, find_times
from worker.extraction.types import Attribution, Span

__all__ = ["Pipeline"]

_VERSION = "2"
"""Moves with every change of the stages that changes claims; the part after + names the attribution model."""
_OWN_VOICE_LEAST = 0.45
_OWN_VOICE_CONFIDENCE = 0.6
_CONTEXT = 32
_SHORTEST_FOR_LANGUAGE = 40
_ANONYMOUS = (
    "officials",
    "sources",
    "experts",
    "diplomats",
    "analysts",
    "a person",
    "a source",
    "an official",
    "people",
)


class Pipeline:
    """Articles in, outcomes out; the same article always gives the same outcome."""

    def __init__(self, parser: Any, model: AttributionModel | None, longest: int = LONGEST_TEXT) -> None:
        self._parser, self._model, self._longest = parser, model, longest
        self.version = f"{_VERSION}+model.{model.version}" if model else f"{_VERSION}+rules-only"
        self._models = {"parser": MODEL} | ({"attribution": model.version} if model else {})

    @classmethod
    def load(cls, *, model: bool = True, longest: int = LONGEST_TEXT) -> Pipeline:
        """Loads what the stages need (about two seconds). `model` asks for the trained stage where it is installed;
        a text of more than `longest` characters fails unparsed.
        """
        py3langid.classify("loads its table")
        return cls(load_parser(), AttributionModel.load() if model else None, longest)

    def extract(self, articles: Sequence[RawArticle], at: Callable[[int], None] = lambda _: None) -> list[Outcome]:
        """One outcome for each article, in their order. A fault in one costs that one.

        `at` is called with an article's place before it is begun: should the process end there, it is known.
        """
        outcomes: list[Outcome] = []
        for place, article in enumerate(articles):
            at(place)
            outcomes.append(self._one(article))
        return outcomes

    def attributions(self, text: str, headline: str | None = None) -> list[Attribution]:
        """The attributions of a text as it stands, uncleaned: for measuring against gold spans."""
        return attribute(self._parser(same_length(text)), text, headline, self._model)

    def _one(self, article: RawArticle) -> Outcome:
        try:
            if unbounded := too_much_markup(article.body, self._longest):
                return Failed(DeadReason.TEXT_UNBOUNDED, unbounded)
            headline, text = clean(article)
            if article.status is ArticleStatus.CANCELED:
                return Extracted(self._extraction(article, headline, text, []))
            if not text:
                return Failed(DeadReason.BAD_SCHEMA, "nothing is left of `body` once the page's furniture is taken out")
            language = self._language(article, text)
            if language != "en":
                return Dropped(DropReason.LANGUAGE, f"the text is {language}, only English is extracted")
            if unbounded := text_out_of_bounds(text, self._longest):
                return Failed(DeadReason.TEXT_UNBOUNDED, unbounded)
            doc = self._parser(same_length(text))
            published = article.published_at.date() if article.published_at else None
            times = find_times(doc, text, published)
            told = _Told(doc, find_entities(doc, text), times, find_quantities(doc, text, [t.span for t in times]))
            entities = told.entities
            made: dict[str, Claim] = {}
            found = attribute(doc, text, headline, self._model)
            speakers = resolve(text, [each.source for each in found], entities)
            links = [_link(text, each, speaker) for each, speaker in zip(found, speakers, strict=True)]
            for index, each in enumerate(found):
                chain = [links[i] for i in _around(found, index)] + [links[index]]
                elsewhere = [s for i, other in enumerate(found) if i != index for s in other.content]
                claim = self._claim(article, headline, text, each, chain, told, elsewhere)
                made.setdefault(claim.claim_id, claim)
            marks = [mark for paragraph in paragraphs(text) for mark in quotes(text, paragraph)]
            taken = [s for each in found for s in (each.source, each.cue, *each.content) if s]
            for clause in narrated(doc, text, headline, taken, marks):
                claim = self._own(article, headline, text, clause, told)
                if (claim.check_worthiness or 0) >= _OWN_VOICE_LEAST:
                    made.setdefault(claim.claim_id, claim)
            return Extracted(self._extraction(article, headline, text, list(made.values())))
        except TransientError as later:
            return Postponed(RetryReason.TRANSIENT, str(later))
        except MemoryError:
            return Postponed(RetryReason.MEMORY, "a stage ran out of memory")
        except Exception as broken:  # noqa: BLE001 - a bug costs one article, which goes to the dead letters
            return Failed(DeadReason.EXTRACTION_FAILED, f"{type(broken).__name__}: {broken}")

    def _language(self, article: RawArticle, text: str) -> str:
        if len(text) < _SHORTEST_FOR_LANGUAGE:
            return (article.language or "en").split("-")[0].casefold()
        found: str = py3langid.classify(text[:2000])[0]
        return found

    def _article(self, article: RawArticle, headline: str | None, text: str) -> Article:
        at = article.published_at
        if at is not None and at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        return Article(
            uri=article.uri,
            version=article.version,
            text_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            headline=headline,
            publisher=article.publisher,
            published_at=at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None,
            language="en",
        )

    def _extraction(self, article: RawArticle, headline: str | None, text: str, claims: list[Claim]) -> Extraction:
        about = self._article(article, headline, text)
        return Extraction(
            extraction_id=extraction_id(article.uri, article.version, about.text_sha256, self.version),
            article=about,
            status=article.status,
            text=text,
            claims_count=len(claims),
            provenance=self._provenance(),
            claims=claims,
        )

    def _provenance(self) -> Provenance:
        return Provenance(pipeline=self.version, models=dict(self._models))

    def _claim(
        self,
        article: RawArticle,
        headline: str | None,
        text: str,
        found: Attribution,
        chain: list[AttributionLink],
        told: _Told,
        elsewhere: list[Span],
    ) -> Claim:
        words = _words(text, found)
        act = chain[-1].act
        around = told.sentences([s for s in (found.source, found.cue, *found.content) if s])
        return Claim(
            claim_id=claim_id(article.uri, chain[-1].source.name, words),
            article=self._article(article, headline, text),
            voice=Voice.ATTRIBUTED,
            attribution=chain,
            content=Content(text=words, spans=[_event_span(text, span) for span in found.content]),
            act=act,
            polarity=polarity(words, act_denies=found.denies or act is Act.DENY),
            modality=modality(words),
            quantities=told.quantities(text, found.content),
            times=told.times_of(text, found.content, around, elsewhere),
            entities=told.entities.within((*found.content, *((found.source,) if found.source else ()))),
            check_worthiness=told.worth(words, found.content),
            confidence=found.confidence,
            provenance=self._provenance(),
        )

    def _own(self, article: RawArticle, headline: str | None, text: str, clause: Clause, told: _Told) -> Claim:
        """A claim of the article itself."""
        spans = (clause.span,)
        words = " ".join(text[slice(*clause.span)].split())
        return Claim(
            claim_id=claim_id(article.uri, None, words),
            article=self._article(article, headline, text),
            voice=Voice.PRESUPPOSED if clause.presupposed else Voice.AUTHOR,
            content=Content(text=words, spans=[_event_span(text, clause.span)]),
            act=Act.ASSERT,
            polarity=polarity(words, act_denies=clause.denies),
            modality=modality(words),
            quantities=told.quantities(text, spans),
            times=told.times_of(text, spans, [], []),
            entities=told.entities.within(spans),
            check_worthiness=told.worth(words, spans),
            confidence=_OWN_VOICE_CONFIDENCE,
            provenance=self._provenance(),
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """What was found in the whole text, for each claim to take its part of."""

    doc: Any
    entities: Entities
    times: list[Time]
    amounts: list[Amount]

    def sentences(self, spans: list[Span]) -> list[Span]:
        inside = [self.doc.char_span(*span, alignment_mode="expand") for span in spans]
        return [(s.start_char, s.end_char) for tokens in inside if tokens for s in (tokens[0].sent, tokens[-1].sent)]

    def quantities(self, text: str, content: tuple[Span, ...]) -> list[Quantity]:
        return [
            Quantity(span=_event_span(text, a.span), min=a.least, max=a.most, approximate=a.approximate, unit=a.unit)
            for a in self.amounts
            if _inside(a.span, content)
        ]

    def times_of(
        self, text: str, content: tuple[Span, ...], around: list[Span], elsewhere: list[Span]
    ) -> list[TimeExpression]:
        """Those inside the content, and those around it that say when it was said, not what others say."""
        return [
            TimeExpression(span=_event_span(text, t.span), timex=t.timex, start=t.start, end=t.end)
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


def _inside(span: Span, spans: Sequence[Span]) -> bool:
    return any(s <= span[0] and span[1] <= e for s, e in spans)


def _words(text: str, found: Attribution) -> str:
    return " ".join(" ".join(text[s:e].split()).strip(' "“”«»„') for s, e in found.content)


def _link(text: str, found: Attribution, speaker: Speaker | None) -> AttributionLink:
    return AttributionLink(
        source=_source(text, found.source, speaker),
        cue=_event_span(text, found.cue) if found.cue else None,
        act=act_of(found.lemma, _words(text, found), negated=found.negated, denies=found.denies),
        quote_type=found.quote_type,
        confidence=found.confidence,
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


def _event_span(text: str, span: Span) -> EventSpan:
    start, end = span
    return EventSpan(
        start=start,
        end=end,
        exact=text[start:end],
        prefix=text[max(0, start - _CONTEXT) : start],
        suffix=text[end : end + _CONTEXT],
    )


def _source(text: str, span: Span | None, speaker: Speaker | None) -> Source:
    if span is None or speaker is None:
        return Source(span=None)
    words = text[slice(*span)].casefold()
    return Source(
        span=_event_span(text, span),
        name=speaker.name,
        entity_id=entity_id(speaker.kind or "source", speaker.name),
        kind=speaker.kind.casefold() if speaker.kind else None,
        anonymous=speaker.kind != "PERSON" and any(word in words for word in _ANONYMOUS),
        candidates=[entity_id("PERSON", name) for name in speaker.open_names],
    )
