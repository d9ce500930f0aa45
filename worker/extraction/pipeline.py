"""The ordered stages: clean, language, parse, attribution, entities, meaning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC
from typing import Any

import py3langid

from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.claim import Article, Claim, Provenance
from worker.contract.dead_letter import DeadReason, DropReason, RetryReason
from worker.contract.extraction import Extraction
from worker.contract.ids import extraction_id
from worker.extraction.attitudes import says_something
from worker.extraction.attribution import attribute
from worker.extraction.attribution_model import AttributionModel
from worker.extraction.bounds import LONGEST_TEXT, text_out_of_bounds, too_much_markup
from worker.extraction.claims import Reading, claims_of
from worker.extraction.clean import clean
from worker.extraction.conjuncts import each_statement
from worker.extraction.entities import find_entities
from worker.extraction.lexing import lex
from worker.extraction.outcome import Dropped, Extracted, Failed, Outcome, Postponed, TransientError
from worker.extraction.parse import MODEL, load_parser, same_length
from worker.extraction.quantities import find_quantities
from worker.extraction.quotes import paragraphs, quotes
from worker.extraction.times import find_times
from worker.extraction.types import Attribution

__all__ = ["OWN_VOICE_LEAST", "Pipeline"]

_VERSION = "3"
"""Moves with every change of the stages that changes claims; the part after + names the attribution model."""
OWN_VOICE_LEAST = 0.1
"""Check-worthiness below which what the article says itself is narration and no claim."""
_SHORTEST_FOR_LANGUAGE = 40


def _untimed(_: str) -> None:
    return None


class Pipeline:
    """Articles in, outcomes out; the same article always gives the same outcome."""

    def __init__(
        self,
        parser: Any,
        model: AttributionModel | None,
        *,
        own_voice_least: float = OWN_VOICE_LEAST,
        longest: int = LONGEST_TEXT,
        lap: Callable[[str], None] = _untimed,
    ) -> None:
        self._parser, self._model, self._lap = parser, model, lap
        self._own_voice_least, self._longest = own_voice_least, longest
        self.version = f"{_VERSION}+model.{model.version}" if model else f"{_VERSION}+rules-only"
        self._models = {"parser": MODEL} | ({"attribution": model.version} if model else {})

    @classmethod
    def load(
        cls,
        *,
        model: bool = True,
        own_voice_least: float = OWN_VOICE_LEAST,
        longest: int = LONGEST_TEXT,
        lap: Callable[[str], None] = _untimed,
    ) -> Pipeline:
        """Loads what the stages need (about two seconds). `model` asks for the trained stage where it is installed.

        A text of more than `longest` characters fails unparsed. `lap` is called with a stage's name at its end, by
        whoever has a clock.
        """
        py3langid.classify("loads its table")
        found = AttributionModel.load() if model else None
        return cls(load_parser(), found, own_voice_least=own_voice_least, longest=longest, lap=lap)

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

    def read(self, article: RawArticle, headline: str | None, text: str) -> Reading:
        """What the stages find in a cleaned text, before claims are made of it."""
        doc = self._parser(same_length(text))
        self._lap("parse")
        published = article.published_at.date() if article.published_at else None
        lexed = lex(text)
        times = find_times(doc, text, published, lexed)
        self._lap("times")
        amounts = find_quantities(doc, text, [t.span for t in times])
        self._lap("quantities")
        entities = find_entities(doc, text)
        self._lap("entities")
        reported = [a for a in attribute(doc, text, headline, self._model) if says_something(doc, text, a)]
        attributions = each_statement(doc, text, reported)
        self._lap("attribution")
        return Reading(
            article=_article(article, headline, text),
            headline=headline,
            text=text,
            doc=doc,
            entities=entities,
            times=times,
            amounts=amounts,
            attributions=attributions,
            marks=[mark for paragraph in paragraphs(text) for mark in quotes(text, paragraph)],
            provenance=self._provenance(),
        )

    def _one(self, article: RawArticle) -> Outcome:
        try:
            if unbounded := too_much_markup(article.body, self._longest):
                return Failed(DeadReason.TEXT_UNBOUNDED, unbounded)
            headline, text = clean(article)
            self._lap("clean")
            if article.status is ArticleStatus.CANCELED:
                return Extracted(self._extraction(article, headline, text, []))
            if not text:
                return Failed(DeadReason.BAD_SCHEMA, "nothing is left of `body` once the page's furniture is taken out")
            language = _language(article, text)
            self._lap("language")
            if language != "en":
                return Dropped(DropReason.LANGUAGE, f"the text is {language}, only English is extracted")
            if unbounded := text_out_of_bounds(text, self._longest):
                return Failed(DeadReason.TEXT_UNBOUNDED, unbounded)
            reading = self.read(article, headline, text)
            claims = claims_of(reading, own_voice_least=self._own_voice_least)
            self._lap("claims")
            return Extracted(self._extraction(article, headline, text, claims))
        except TransientError as later:
            return Postponed(RetryReason.TRANSIENT, str(later))
        except MemoryError:
            return Postponed(RetryReason.MEMORY, "a stage ran out of memory")
        except Exception as broken:  # noqa: BLE001 - a bug costs one article, which goes to the dead letters
            return Failed(DeadReason.EXTRACTION_FAILED, f"{type(broken).__name__}: {broken}")

    def _extraction(self, article: RawArticle, headline: str | None, text: str, claims: list[Claim]) -> Extraction:
        about = _article(article, headline, text)
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


def _language(article: RawArticle, text: str) -> str:
    if len(text) < _SHORTEST_FOR_LANGUAGE:
        return (article.language or "en").split("-")[0].casefold()
    found: str = py3langid.classify(text[:2000])[0]
    return found


def _article(article: RawArticle, headline: str | None, text: str) -> Article:
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
