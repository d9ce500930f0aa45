"""The ordered stages: clean, language, parse, attribution, entities, meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC
from typing import Any

import py3langid

from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.claim import Act, Article, AttributionLink, Claim, Content, Provenance, Source, Voice
from worker.contract.claim import Span as EventSpan
from worker.contract.dead_letter import DeadReason, DropReason
from worker.contract.extraction import Extraction
from worker.contract.ids import claim_id, entity_id, extraction_id
from worker.extraction.attribution import attribute
from worker.extraction.attribution_model import AttributionModel
from worker.extraction.clean import clean
from worker.extraction.entities import Entities, find_entities
from worker.extraction.meaning import modality, polarity, quantities
from worker.extraction.outcome import Dropped, Extracted, Failed, Outcome
from worker.extraction.parse import MODEL, load_parser, same_length
from worker.extraction.speakers import Speaker, resolve
from worker.extraction.speech_acts import act_of
from worker.extraction.types import Attribution, Span

__all__ = ["Pipeline"]

_VERSION = "1"
"""Moves with every change of the stages that changes claims; the part after + names the attribution model."""
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

    def __init__(self, parser: Any, model: AttributionModel | None) -> None:
        self._parser, self._model = parser, model
        self.version = f"{_VERSION}+model.{model.version}" if model else f"{_VERSION}+rules-only"
        self._models = {"parser": MODEL} | ({"attribution": model.version} if model else {})

    @classmethod
    def load(cls, *, model: bool = True) -> Pipeline:
        """Loads what the stages need (about two seconds). `model` asks for the trained stage where it is installed."""
        py3langid.classify("loads its table")
        return cls(load_parser(), AttributionModel.load() if model else None)

    def extract(self, articles: Sequence[RawArticle]) -> list[Outcome]:
        """One outcome for each article, in their order. A fault in one costs that one."""
        return [self._one(article) for article in articles]

    def attributions(self, text: str, headline: str | None = None) -> list[Attribution]:
        """The attributions of a text as it stands, uncleaned: for measuring against gold spans."""
        return attribute(self._parser(same_length(text)), text, headline, self._model)

    def _one(self, article: RawArticle) -> Outcome:
        try:
            headline, text = clean(article)
            if article.status is ArticleStatus.CANCELED:
                return Extracted(self._extraction(article, headline, text, []))
            if not text:
                return Failed(DeadReason.BAD_SCHEMA, "nothing is left of `body` once the page's furniture is taken out")
            language = self._language(article, text)
            if language != "en":
                return Dropped(DropReason.LANGUAGE, f"the text is {language}, only English is extracted")
            doc = self._parser(same_length(text))
            entities = find_entities(doc, text)
            made: dict[str, Claim] = {}
            found = attribute(doc, text, headline, self._model)
            speakers = resolve(text, [each.source for each in found], entities)
            links = [_link(text, each, speaker) for each, speaker in zip(found, speakers, strict=True)]
            for index, each in enumerate(found):
                chain = [links[i] for i in _around(found, index)] + [links[index]]
                claim = self._claim(article, headline, text, each, chain, entities)
                made.setdefault(claim.claim_id, claim)
            return Extracted(self._extraction(article, headline, text, list(made.values())))
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
        entities: Entities,
    ) -> Claim:
        words = _words(text, found)
        act = chain[-1].act
        return Claim(
            claim_id=claim_id(article.uri, chain[-1].source.name, words),
            article=self._article(article, headline, text),
            voice=Voice.ATTRIBUTED,
            attribution=chain,
            content=Content(text=words, spans=[_event_span(text, span) for span in found.content]),
            act=act,
            polarity=polarity(words, act_denies=found.denies or act is Act.DENY),
            modality=modality(words),
            quantities=quantities(text, found.content),
            entities=entities.within((*found.content, *((found.source,) if found.source else ()))),
            confidence=found.confidence,
            provenance=self._provenance(),
        )


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
