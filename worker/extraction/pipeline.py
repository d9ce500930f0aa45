"""The pipeline: the stages of the extraction in their order, and the outcome of each article."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from typing import Generic, Self, TypeVar, overload

import msgspec

from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.claim import Article, Claim, Provenance
from worker.contract.extraction import BlockKind, Extraction
from worker.contract.ids import extraction_id
from worker.contract.instants import in_utc
from worker.contract.limits import MAX_TEXT_CHARS, MIN_OWN_VOICE
from worker.contract.reasons import DeadReason, RetryReason
from worker.extraction.attribution.model.network import AttributionModel
from worker.extraction.attribution.stage import find_attributions, find_unfiltered_attributions
from worker.extraction.attribution.types import Attribution
from worker.extraction.claims.stage import make_claims
from worker.extraction.entities.stage import Entities, find_entities
from worker.extraction.known_texts import BARE_ARTICLE, KnownTexts, Parsed, PublicationDay, text_key
from worker.extraction.meaning.stage import Meaning, find_meanings
from worker.extraction.outcome import (
    Budget,
    Dropped,
    Extracted,
    Failed,
    Outcome,
    Postponed,
    TooCostlyError,
    TransientError,
    Unbounded,
)
from worker.extraction.own_voice.stage import OwnStatement, find_own_voice
from worker.extraction.parse import Doc, Parser
from worker.extraction.spans import Span
from worker.extraction.speakers.stage import Statement, identify_speakers
from worker.extraction.text.language import ENGLISH
from worker.extraction.text.parser import MODEL
from worker.extraction.text.quote_styles import in_one_style
from worker.extraction.text.quotes import all_quotes
from worker.extraction.text.stage import CleanText, check_text, clean_text, load_text_models, parse_text
from worker.extraction.values.quantities.stage import Amount, find_quantities
from worker.extraction.values.times.stage import Time, find_times
from worker.extraction.values.word_classes import Lexed, lex

__all__ = ["Pipeline", "Reading", "installed_provenance"]

_VERSION = "4"
"""Moves with every change of the stages that changes claims; the part after + names the attribution model."""

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Models:
    """What the stages need apart from the article. `attribution`: None where the rules work alone."""

    parser: Parser
    attribution: AttributionModel | None
    own_voice_min: float
    max_chars: int
    provenance: Provenance


class Stage(Generic[T_co]):
    """One stage of a Reading: the attribute that has its result.

    `timed_as`: the name under which its time is counted; several stages may share one. `run` takes what it needs from
    the stages above; where it returns Dropped or Failed, the reading ends with that outcome.
    """

    def __init__(self, timed_as: str, run: Callable[[Reading], T_co | Dropped | Failed]) -> None:
        self.timed_as, self.run = timed_as, run

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, reading: None, owner: type) -> Self: ...
    @overload
    def __get__(self, reading: Reading, owner: type) -> T_co: ...
    def __get__(self, reading: Reading | None, owner: type) -> Self | T_co:
        """The stage's result. Raises AttributeError where it has not run."""
        if reading is None:
            return self
        raise AttributeError(f"the stage {self.name!r} has not run: it must come before the stages that need it")


class Reading:
    """An article on its way through the stages, in their order: each line is a stage, with what it takes."""

    raw: RawArticle
    models: _Models

    cleaned: Stage[CleanText] = Stage("clean", lambda r: clean_text(r.raw, r.models.max_chars))
    accepted: Stage[None] = Stage("language", lambda r: check_text(r.raw, r.text, r.models.max_chars))
    marked: Stage[str] = Stage("parse", lambda r: in_one_style(r.text))
    """The text with all quotation marks in one style; its offsets are those of the text."""
    doc: Stage[Doc] = Stage("parse", lambda r: parse_text(r.models.parser, r.marked))
    word_classes: Stage[Lexed] = Stage("times", lambda r: lex(r.text))
    times: Stage[list[Time]] = Stage("times", lambda r: find_times(r.doc, r.text, r.publication, r.word_classes))
    amounts: Stage[list[Amount]] = Stage(
        "quantities", lambda r: find_quantities(r.doc, r.text, [t.span for t in r.times], r.word_classes)
    )
    entities: Stage[Entities] = Stage("entities", lambda r: find_entities(r.doc, r.text))
    attributions: Stage[list[Attribution]] = Stage(
        "attribution",
        lambda r: find_attributions(r.doc, r.marked, r.headline, r.models.attribution, r.list_items),
    )
    quotes: Stage[Sequence[Span]] = Stage("claims", lambda r: all_quotes(r.marked))
    own_voice: Stage[list[OwnStatement]] = Stage(
        "claims",
        lambda r: find_own_voice(r.doc, r.marked, r.headline, r.attributions, r.quotes, r.cleaned.unstated),
    )
    statements: Stage[list[Statement]] = Stage(
        "claims", lambda r: identify_speakers(r.doc, r.text, r.entities, r.attributions, r.own_voice)
    )
    meanings: Stage[list[Meaning]] = Stage(
        "claims",
        lambda r: find_meanings(r.doc, (r.text, r.marked), r.statements, r.entities, r.times, r.amounts, r.quotes),
    )
    claims: Stage[list[Claim]] = Stage(
        "claims",
        lambda r: make_claims(r.article, r.text, r.statements, r.meanings, r.models.provenance, r.models.own_voice_min),
    )

    def __init__(self, raw: RawArticle, models: _Models) -> None:
        self.raw, self.models = raw, models
        self.stage = ""
        """The stage that runs or ran last."""

    @classmethod
    def of_clean_text(cls, raw: RawArticle, models: _Models, cleaned: CleanText) -> Reading:
        """A reading of a text that needs no cleaning and no check."""
        reading = cls(raw, models)
        vars(reading).update(cleaned=cleaned, accepted=None)
        return reading

    def take_claims(self, claims: list[Claim]) -> None:
        """Claims that no stage has to make."""
        vars(self)["claims"] = claims

    def take_parse(self, doc: Doc, attributions: list[Attribution]) -> None:
        """What the models found: the stages that have them do not run."""
        vars(self).update(doc=doc, attributions=attributions)

    @property
    def is_parsed(self) -> bool:
        return "doc" in vars(self)

    @classmethod
    def stages(cls) -> list[Stage[object]]:
        """All stages in the order in which they run: that of their lines above."""
        return [stage for stage in vars(cls).values() if isinstance(stage, Stage)]

    def run(self, stages: Sequence[Stage[object]], lap: Callable[[str], None]) -> Dropped | Failed | None:
        """Runs stages that have no result yet, one after the other, and calls `lap` with the timed name of each.

        None if all have run, else the outcome of the stage that ended the reading.
        """
        for stage in stages:
            if stage.name in vars(self):
                continue
            self.stage = stage.name
            result = stage.run(self)
            lap(stage.timed_as)
            if isinstance(result, Dropped | Failed):
                return result
            vars(self)[stage.name] = result
        return None

    @property
    def text(self) -> str:
        return self.cleaned.text

    @property
    def list_items(self) -> list[Span]:
        return [(block.start, block.end) for block in self.cleaned.blocks if block.kind is BlockKind.LIST_ITEM]

    @property
    def headline(self) -> str | None:
        return self.cleaned.headline

    @property
    def published(self) -> date | None:
        at = self.cleaned.article.published_at
        return at.date() if at else None

    @cached_property
    def publication(self) -> PublicationDay:
        return PublicationDay(self.published)

    @cached_property
    def key(self) -> bytes:
        """See `text_key`."""
        cleaned, models = self.cleaned, self.models
        return text_key(
            uri=cleaned.article.uri,
            headline=cleaned.headline,
            text=cleaned.text,
            blocks=cleaned.blocks,
            stages=f"{models.provenance.pipeline} {models.own_voice_min!r}",
        )

    @cached_property
    def article(self) -> Article:
        """The article in the form of the event."""
        known = self.cleaned.article
        return Article(
            uri=known.uri,
            version=known.version,
            text_sha256=hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest(),
            headline=self.headline,
            publisher=known.publisher,
            published_at=in_utc(known.published_at),
            language=ENGLISH,
            updated_at=in_utc(known.updated_at),
            embargoed_until=in_utc(known.embargoed_until),
        )


_STAGES = Reading.stages()
_BEFORE_MODELS: list[Stage[object]] = [Reading.cleaned, Reading.accepted]
_STAGES_OF_CANCELED = [Reading.cleaned]
"""A cancelled article is published with its text and without claims, whatever its language."""


_UNBOUNDED = Unbounded()
_ATTRIBUTIONS = msgspec.msgpack.Decoder(list[Attribution])


@cache
def _attribution_model() -> AttributionModel | None:
    return AttributionModel.load()


def _untimed(_: str) -> None:
    return None


def _provenance(attribution: str | None) -> Provenance:
    version = f"{_VERSION}+model.{attribution}" if attribution else f"{_VERSION}+rules-only"
    return Provenance(
        pipeline=version, models={"parser": MODEL} | ({"attribution": attribution} if attribution else {})
    )


def installed_provenance() -> Provenance:
    """As the claims have it that a pipeline with the installed models makes. Loads no model."""
    return _provenance(AttributionModel.installed_version())


class Pipeline:
    """Articles in, outcomes out; the same article always gives the same outcome."""

    def __init__(
        self,
        parser: Parser,
        model: AttributionModel | None,
        *,
        own_voice_min: float = MIN_OWN_VOICE,
        max_chars: int = MAX_TEXT_CHARS,
        lap: Callable[[str], None] = _untimed,
        budget: Budget = _UNBOUNDED,
        known: KnownTexts | None = None,
    ) -> None:
        self._lap, self._budget, self._known = lap, budget, known
        provenance = _provenance(model.version if model else None)
        self.version = provenance.pipeline
        self._models = _Models(
            parser=parser,
            attribution=model,
            own_voice_min=own_voice_min,
            max_chars=max_chars,
            provenance=provenance,
        )

    @classmethod
    def load(
        cls,
        *,
        model: bool = True,
        own_voice_min: float = MIN_OWN_VOICE,
        max_chars: int = MAX_TEXT_CHARS,
        lap: Callable[[str], None] = _untimed,
        budget: Budget = _UNBOUNDED,
        known: KnownTexts | None = None,
    ) -> Pipeline:
        """Loads what the stages need (about two seconds, the first time in a process).

        `model` asks for the trained stage where it is installed. A text of more than `max_chars` characters fails
        unparsed. `own_voice_min`: see `make_claims`. `lap` is called at the end of each stage with the name that it is
        timed as, for a caller that has a clock; `budget` bounds what an article may cost; `known` keeps claims of texts
        that were extracted before.
        """
        attribution = _attribution_model() if model else None
        return cls(
            load_text_models(),
            attribution,
            own_voice_min=own_voice_min,
            max_chars=max_chars,
            lap=lap,
            budget=budget,
            known=known,
        )

    def extract(self, articles: Sequence[RawArticle]) -> list[Outcome]:
        """One outcome for each article, in their order. A fault in one costs that one."""
        return [self._outcome(article) for article in articles]

    def attributions(self, text: str, headline: str | None = None) -> list[Attribution]:
        """The attributions of an uncleaned text, as the corpora mark them: for measuring against gold spans."""
        marked = in_one_style(text)
        doc = parse_text(self._models.parser, marked)
        return find_unfiltered_attributions(doc, marked, headline, self._models.attribution)

    def read(self, article: RawArticle, text: str) -> Reading:
        """The results of all stages for a text that is not cleaned and not checked, in place of the article's body."""
        reading = Reading.of_clean_text(article, self._models, CleanText(article.headline, text, article))
        reading.run(_STAGES, self._lap)
        return reading

    def _outcome(self, article: RawArticle) -> Outcome:
        reading = Reading(article, self._models)
        try:
            with self._budget.spending(len(article.body)):
                ended = self._run(reading)
            if ended is not None:
                return ended
            self._keep(reading)
            return Extracted(self._extraction(reading))
        except TooCostlyError as spent:
            return Failed(DeadReason.TOO_COSTLY, f"{spent}; it was in the stage {reading.stage!r}")
        except TransientError as transient:
            return Postponed(RetryReason.TRANSIENT, str(transient))
        except MemoryError:
            return Postponed(RetryReason.MEMORY, "a stage ran out of memory")
        except Exception as error:  # noqa: BLE001 - a bug costs one article, which goes to the dead letters
            return Failed(DeadReason.EXTRACTION_FAILED, f"{type(error).__name__}: {error}")

    def _run(self, reading: Reading) -> Dropped | Failed | None:
        """Runs the stages up to the claims, or takes the claims of the same text. None if the claims are there."""
        if reading.raw.status is ArticleStatus.CANCELED:
            ended = reading.run(_STAGES_OF_CANCELED, self._lap)
            reading.take_claims([])
            return ended
        ended = reading.run(_BEFORE_MODELS, self._lap)
        if ended is not None:
            return ended
        if self._known is not None:
            known = self._known.look_up(reading.key, str(reading.published))
            if known is not None and known.parsed is not None:
                doc = self._models.parser.unpacked(known.parsed.doc)
                reading.take_parse(doc, _ATTRIBUTIONS.decode(known.parsed.attributions))
            self._lap("known")
            if known is not None and known.claims is not None:
                reading.take_claims([replace(claim, article=reading.article) for claim in known.claims])
                return None
        return reading.run(_STAGES, self._lap)

    def _keep(self, reading: Reading) -> None:
        if self._known is None or not reading.is_parsed:
            return
        bare = [replace(claim, article=BARE_ARTICLE) for claim in reading.claims]
        day, parsed = None, None
        if reading.publication.was_asked:
            day = str(reading.published)
            doc = self._models.parser.packed(reading.doc)
            parsed = Parsed(doc, msgspec.msgpack.encode(reading.attributions))
        self._known.keep(reading.key, day, bare, parsed)
        self._lap("known")

    def _extraction(self, reading: Reading) -> Extraction:
        article, cleaned, claims = reading.article, reading.cleaned, reading.claims
        return Extraction(
            extraction_id=extraction_id(article.uri, article.version, article.text_sha256, self.version),
            article=article,
            status=reading.raw.status,
            text=reading.text,
            claims_count=len(claims),
            provenance=self._models.provenance,
            claims=claims,
            blocks=list(cleaned.blocks),
            byline=cleaned.article.byline,
            section=cleaned.article.section,
            address=cleaned.address,
            origins=cleaned.origins,
            warnings=list(cleaned.warnings),
            text_share=cleaned.share,
        )
