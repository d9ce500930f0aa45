"""The claim: who said or asserted what, with the exact characters that say so."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from worker.contract.coordinates import Coordinates

__all__ = [
    "Act",
    "Argument",
    "Article",
    "AttributionLink",
    "Certainty",
    "Claim",
    "ClaimStatus",
    "Content",
    "Entity",
    "Modality",
    "ModalityKind",
    "Polarity",
    "Proposition",
    "Provenance",
    "Quantity",
    "QuoteType",
    "Source",
    "Span",
    "TimeExpression",
    "Voice",
]


class ClaimStatus(StrEnum):
    ASSERTED = "asserted"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


class Voice(StrEnum):
    """Who makes the claim: a source, the article itself, or a phrase that takes it for granted."""

    ATTRIBUTED = "attributed"
    AUTHOR = "author"
    PRESUPPOSED = "presupposed"


class Act(StrEnum):
    """The speech act: the act that the source performs by saying the content."""

    ASSERT = "assert"
    DENY = "deny"
    CONCEDE = "concede"
    ESTIMATE = "estimate"
    PREDICT = "predict"
    DEMAND = "demand"
    URGE = "urge"
    ASK = "ask"
    PROMISE = "promise"
    THREATEN = "threaten"
    ACCUSE = "accuse"
    CRITICISE = "criticise"
    PRAISE = "praise"
    ENDORSE = "endorse"
    OPPOSE = "oppose"
    STIPULATE = "stipulate"
    DECLINE = "decline"
    SILENT = "silent"


class QuoteType(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Polarity(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"


class Certainty(StrEnum):
    CERTAIN = "certain"
    PROBABLE = "probable"
    POSSIBLE = "possible"
    UNKNOWN = "unknown"


class ModalityKind(StrEnum):
    NONE = "none"
    EPISTEMIC = "epistemic"
    DEONTIC = "deontic"
    CONDITIONAL = "conditional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters of the cleaned text: `text[start:end] == exact`, in Unicode code points, end exclusive.

    `prefix` and `suffix` are up to 32 characters before and after (W3C Web Annotation TextQuoteSelector), so
    that the span is found again in an edited text.
    """

    start: int
    end: int
    exact: str
    prefix: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The source of a claim. `span` is null if the text names nobody; `candidates` are entity ids if it is ambiguous.

    `kind`: person, group (people without names), organisation, government (a country that acts), document, or null.
    `role` is the office without its organisation, `affiliation` the organisation or country, by name if there is one;
    `anonymous`: people who cannot be identified by these words.
    """

    span: Span | None
    name: str | None = None
    entity_id: str | None = None
    kind: str | None = None
    role: str | None = None
    affiliation: str | None = None
    anonymous: bool = False
    candidates: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionLink:
    """One link of the chain of sources, outermost first. `negated`: the source did *not* say it."""

    source: Source
    cue: Span | None
    act: Act
    quote_type: QuoteType
    confidence: float
    addressees: list[Source] = field(default_factory=list)
    negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The content of the claim: readable text, and the spans it was taken from (two for a broken quote)."""

    text: str
    spans: list[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Modality:
    certainty: Certainty = Certainty.CERTAIN
    kind: ModalityKind = ModalityKind.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    subject: str | None
    predicate: str
    object: str | None = None
    arguments: list[Argument] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number that the claim states; `min` and `max` are equal for an exact one, null where open."""

    span: Span
    min: float | None
    max: float | None
    approximate: bool = False
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A time that the claim names: TIMEX3 value and a half-open interval of ISO 8601 dates, null where open or unknown.

    For a clock time whose zone is known the interval is that minute in UTC, 2021-01-29T15:00Z.
    """

    span: Span
    timex: str
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Somebody or something that the claim mentions. The id is the same for all variants of the name.

    It is `wikidata:Q159` or `geonames:524901` for what the gazetteer knows, else a hash of type and name.
    """

    name: str
    entity_id: str
    type: str
    spans: list[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The article as each of its claims carries it. Until `embargoed_until` it is not for the public."""

    uri: str
    version: str
    text_sha256: str
    headline: str | None = None
    publisher: str | None = None
    published_at: str | None = None
    language: str | None = None
    group: str | None = None
    updated_at: str | None = None
    embargoed_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """The code that made the claim, and the record that it was made from. The coordinates are null outside Kafka."""

    pipeline: str
    models: dict[str, str] = field(default_factory=dict)
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None

    @property
    def coordinates(self) -> Coordinates | None:
        if self.topic is None or self.partition is None or self.offset is None:
            return None
        return Coordinates(self.topic, self.partition, self.offset)

    def located(self, at: Coordinates) -> Provenance:
        """The same code, from the record at these coordinates."""
        return replace(self, topic=at.topic, partition=at.partition, offset=at.offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim event, the value of a record in the topic `claims`, keyed by `claim_id`."""

    claim_id: str
    article: Article
    voice: Voice
    content: Content
    act: Act
    provenance: Provenance
    status: ClaimStatus = ClaimStatus.ASSERTED
    revision: int = 1
    supersedes: str | None = None
    attribution: list[AttributionLink] = field(default_factory=list)
    plover: str | None = None
    polarity: Polarity = Polarity.POSITIVE
    modality: Modality = field(default_factory=Modality)
    proposition: Proposition | None = None
    quantities: list[Quantity] = field(default_factory=list)
    times: list[TimeExpression] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    check_worthiness: float | None = None
    confidence: float = 0.5
