"""Made from the JSON Schemas of Claimwire; changes are lost."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

Act = Literal["accuse", "ask", "assert", "concede", "criticise", "decline", "demand", "deny", "endorse", "estimate", "oppose", "praise", "predict", "promise", "silent", "stipulate", "threaten", "urge"]

ArticleStatus = Literal["canceled", "usable"]

Aspect = Literal["act", "certainty", "entities", "polarity", "predicate", "quantity", "source", "time", "words"]

BlockKind = Literal["byline", "caption", "embedded_post", "headline", "list_item", "paragraph", "quote", "subhead", "table"]

Certainty = Literal["certain", "possible", "probable", "unknown"]

ClaimStatus = Literal["asserted", "retracted", "superseded"]

Condition = Literal["act", "entity", "relation", "source", "words", "worth"]

DeadReason = Literal["bad_encoding", "bad_schema", "child_died", "empty", "extraction_failed", "extraction_timeout", "lifecycle_failed", "memory", "not_json", "output_too_large", "retries_exhausted", "text_unbounded", "ticket_refused", "tombstone_without_key", "too_costly", "too_large", "unknown_shape", "worker_died"]

ModalityKind = Literal["conditional", "deontic", "epistemic", "none"]

Polarity = Literal["negative", "positive"]

QuoteType = Literal["direct", "indirect", "mixed"]

RelationKind = Literal["contradicts", "corroborates", "restates", "revises", "tension"]

Voice = Literal["attributed", "author", "presupposed"]

WarningKind = Literal["cut_short", "no_date", "unknown_field", "unreadable_value"]


class Alert(TypedDict):
    # The value of a record in `claims.alerts`, keyed by `alert_id`: a claim that a watch asks for.
    #
    # `claim`: the one that came. For a watch of relations the claim that it asks for is on the other side of `relation`;
    # where it asks for both, `claim` is the later. `reasons` are of the claim that the watch asks for. A record without
    # value says that it holds no more: the claim was retracted, the relation fell, the watch ended.
    alert_id: str
    watch: str
    claim: RelatedClaim
    relation: NotRequired[ClaimRelation | None]
    reasons: NotRequired[list[AlertReason]]


class AlertReason(TypedDict):
    # A condition of the watch, and what of the claim meets it.
    condition: Condition
    asked: str
    found: str


class Argument(TypedDict):
    role: str
    text: str


class Article(TypedDict):
    # The article as each of its claims carries it. Until `embargoed_until` it is not for the public.
    uri: str
    version: str
    text_sha256: str
    headline: NotRequired[str | None]
    publisher: NotRequired[str | None]
    published_at: NotRequired[str | None]
    language: NotRequired[str | None]
    group: NotRequired[str | None]
    updated_at: NotRequired[str | None]
    embargoed_until: NotRequired[str | None]


class ArticleGroup(TypedDict):
    # A group of two or more. `group`: its id, made from the parent's uri. `members` by time, then by uri.
    group: str
    parent: str
    members: list[GroupMember]


class ArticleWarning(TypedDict):
    # `field`: the field of the native form, or the name in the record, that it is about.
    kind: WarningKind
    field: str
    says: str


class AttributionLink(TypedDict):
    # One link of the chain of sources, outermost first. `negated`: the source did *not* say it.
    source: Source
    cue: Span | None
    act: Act
    quote_type: QuoteType
    confidence: float
    addressees: NotRequired[list[Source]]
    negated: NotRequired[bool]


class Block(TypedDict):
    # A line of the text: the code points from `start` up to `end`, and what it is on the page.
    kind: BlockKind
    start: int
    end: int


class Claim(TypedDict):
    # One claim event, the value of a record in the topic `claims`, keyed by `claim_id`.
    claim_id: str
    article: Article
    voice: Voice
    content: Content
    act: Act
    provenance: Provenance
    status: NotRequired[ClaimStatus]
    revision: NotRequired[int]
    supersedes: NotRequired[str | None]
    attribution: NotRequired[list[AttributionLink]]
    plover: NotRequired[str | None]
    polarity: NotRequired[Polarity]
    modality: NotRequired[Modality]
    proposition: NotRequired[Proposition | None]
    quantities: NotRequired[list[Quantity]]
    times: NotRequired[list[TimeExpression]]
    entities: NotRequired[list[Entity]]
    check_worthiness: NotRequired[float | None]
    confidence: NotRequired[float]


class ClaimCluster(TypedDict):
    # Claims that are one claim of one source, retold. The earliest comes first and gives the cluster its id.
    #
    # The id depends on the members, not on the order in which they were read. It changes when a claim joins that was
    # published earlier than all members (then, of the same instant, the one with the smaller id).
    cluster_id: str
    text: str
    source: str | None
    first_published_at: str | None
    last_published_at: str | None
    members: NotRequired[list[RelatedClaim]]


class ClaimRelation(TypedDict):
    # A relation between two claims. `relation_id` is the same whichever claim comes first.
    #
    # `confidence` is calibrated: of relations with .8 about four in five are right, on pairs like those it was fitted on.
    relation_id: str
    relation: RelationKind
    a: RelatedClaim
    b: RelatedClaim
    confidence: float
    reasons: NotRequired[list[RelationReason]]


class ClaimStanding(TypedDict):
    # Where a claim stands now: the value of a record in `claims.standing`, keyed by `cluster_id`.
    #
    # `members` are the claims that are this one claim, told by one source; the earliest gives id and text. `reports`: the
    # articles that carry it. `asserts`: its source and those that corroborate it. `denies`: those that contradict it.
    # `tension`: those that pull against it, though both may be true. `revisions`: claims by which its own source went
    # back on it. `verdicts`: of fact-checkers, the earliest first, at most 20. A record without value says that nothing
    # of it stands any more.
    cluster_id: str
    text: str
    source: str | None
    first_published_at: str | None
    last_published_at: str | None
    members: list[str]
    reports: StandingSide
    asserts: StandingSide
    denies: StandingSide
    tension: StandingSide
    revisions: NotRequired[list[str]]
    verdicts: NotRequired[list[Verdict]]


class Content(TypedDict):
    # The content of the claim: readable text, and the spans it was taken from (two for a broken quote).
    text: str
    spans: list[Span]


class DeadLetter(TypedDict):
    # The headers of a record in `articles.dead`, as one object; key and value are the original's bytes.
    #
    # Each field is a Kafka header `claimwire_` + its name, UTF-8 text, numbers in decimal. The coordinates are those of
    # the first reading, also when the record came through `articles.retry`; `attempts` counts the attempts.
    # `value_left_out`: the dead letter was too large for the broker with the value. The original is then found at its
    # coordinates, and `value_sha256` shows whether it is still the same.
    reason: DeadReason
    error: str
    topic: str
    partition: int
    offset: int
    timestamp: int
    value_sha256: str
    value_bytes: int
    value_left_out: NotRequired[bool]
    attempts: NotRequired[int]


class Entity(TypedDict):
    # Somebody or something that the claim mentions. The id is the same for all variants of the name.
    #
    # It is `wikidata:Q159` or `geonames:524901` for what the gazetteer knows, else a hash of type and name.
    name: str
    entity_id: str
    type: str
    spans: list[Span]


class Extraction(TypedDict):
    # The value of a record in `articles.extracted`, keyed by the article's uri and compacted.
    #
    # `text` is the cleaned text to which the spans of `claims` refer. With `claims_count` a reader of the topic
    # `claims` knows when it has all of them. The same article and the same pipeline give the same bytes.
    #
    # `origins`: for each field of the article where it was taken from, a path in the record or a place in its page.
    # `text_share`: of the text that the page shows as the article's, the share that is in `text`; null where the page
    # does not tell.
    extraction_id: str
    article: Article
    status: ArticleStatus
    text: str
    claims_count: int
    provenance: Provenance
    claims: NotRequired[list[Claim]]
    blocks: NotRequired[list[Block]]
    byline: NotRequired[str | None]
    section: NotRequired[str | None]
    address: NotRequired[str | None]
    origins: NotRequired[dict[str, str]]
    warnings: NotRequired[list[ArticleWarning]]
    text_share: NotRequired[float | None]


class GroupMember(TypedDict):
    # `share`: of this text that is in the parent's; `of_parent`: of the parent's text that is in this one; 0 to 1.
    #
    # `kind`: parent; copy: each has most of the other; excerpt: cut or quoted from the parent; contains: has the parent's
    # text and more; related: a copy of another member, with less than half in common with the parent.
    uri: str
    publisher: str | None
    published: str | None
    kind: str
    share: float
    of_parent: float


class Modality(TypedDict):
    certainty: NotRequired[Certainty]
    kind: NotRequired[ModalityKind]


class NumberRange(TypedDict):
    # The lowest and the highest number that claims of one side state of one thing; null where one of them is open.
    #
    # `unit` is the unit of measure, the currency, or the noun that is counted, as the most claims have it. A physical
    # quantity is in the first unit of its kind: metres, seconds, kilograms. `claims`: how many claims state a number.
    unit: str
    min: float | None
    max: float | None
    claims: int


class Proposition(TypedDict):
    subject: str | None
    predicate: str
    object: NotRequired[str | None]
    arguments: NotRequired[list[Argument]]


class Provenance(TypedDict):
    # The code that made the claim, and the record that it was made from. The coordinates are null outside Kafka.
    pipeline: str
    models: NotRequired[dict[str, str]]
    topic: NotRequired[str | None]
    partition: NotRequired[int | None]
    offset: NotRequired[int | None]


class Quantity(TypedDict):
    # A number that the claim states; `min` and `max` are equal for an exact one, null where open.
    span: Span
    min: float | None
    max: float | None
    approximate: NotRequired[bool]
    unit: NotRequired[str | None]


class Rating(TypedDict):
    # The verdict as it is given: `words` ("Mostly false"), and a number on a scale. The higher, the truer.
    words: NotRequired[str | None]
    value: NotRequired[float | None]
    worst: NotRequired[float | None]
    best: NotRequired[float | None]


class RawArticle(TypedDict):
    # One version of one article, in the native form.
    #
    # `uri` names the article over all its versions and is the Kafka key of everything that follows from it.
    # `body` is plain text (paragraphs separated by line breaks) or HTML; the worker detects which. `embargoed_until`: the
    # article may be read by the public only from then on; its claims carry it, and nothing waits.
    uri: str
    body: str
    headline: NotRequired[str | None]
    published_at: NotRequired[str | None]
    updated_at: NotRequired[str | None]
    version: NotRequired[str]
    language: NotRequired[str | None]
    publisher: NotRequired[str | None]
    byline: NotRequired[str | None]
    status: NotRequired[ArticleStatus]
    section: NotRequired[str | None]
    embargoed_until: NotRequired[str | None]


class RelatedClaim(TypedDict):
    # A claim of a relation or cluster, with as much of it as a reader needs to judge the relation.
    claim_id: str
    uri: str
    text: str
    source: NotRequired[str | None]
    publisher: NotRequired[str | None]
    published_at: NotRequired[str | None]


class RelationReason(TypedDict):
    # One thing in which the claims agree or clash, with the words of both, so that a reader can check it.
    aspect: Aspect
    agrees: bool
    a: str
    b: str


class Review(TypedDict):
    # The value of a record in `claims.reviews`, keyed by `review_id`. A null value withdraws it.
    #
    # `claim`: what was reviewed, as the reviewer words it; `claimant` who said it, `claimed_at` when, `appearances` where
    # (addresses). `author`: who reviewed it, `url` where that can be read.
    #
    # The fields from `polarity` on are read out of `claim` as they are for a claim, with spans into it. They may be left
    # out; then the verdict finds claims by the words alone.
    review_id: str
    claim: str
    author: str
    url: str
    rating: Rating
    published_at: NotRequired[str | None]
    claimant: NotRequired[str | None]
    claimed_at: NotRequired[str | None]
    appearances: NotRequired[list[str]]
    polarity: NotRequired[Polarity]
    modality: NotRequired[Modality]
    proposition: NotRequired[Proposition | None]
    quantities: NotRequired[list[Quantity]]
    times: NotRequired[list[TimeExpression]]
    entities: NotRequired[list[Entity]]


class Source(TypedDict):
    # The source of a claim. `span` is null if the text names nobody; `candidates` are entity ids if it is ambiguous.
    #
    # `kind`: person, group (people without names), organisation, government (a country that acts), document, or null.
    # `role` is the office without its organisation, `affiliation` the organisation or country, by name if there is one;
    # `anonymous`: people who cannot be identified by these words.
    span: Span | None
    name: NotRequired[str | None]
    entity_id: NotRequired[str | None]
    kind: NotRequired[str | None]
    role: NotRequired[str | None]
    affiliation: NotRequired[str | None]
    anonymous: NotRequired[bool]
    candidates: NotRequired[list[str]]


class Span(TypedDict):
    # Characters of the cleaned text: `text[start:end] == exact`, in Unicode code points, end exclusive.
    #
    # `prefix` and `suffix` are up to 32 characters before and after (W3C Web Annotation TextQuoteSelector), so
    # that the span is found again in an edited text.
    start: int
    end: int
    exact: str
    prefix: NotRequired[str | None]
    suffix: NotRequired[str | None]


class StandingSide(TypedDict):
    # Those who take one side on a claim. Who says it twice, and copies of one text, count once.
    #
    # `sources`: independent sources; `names` are theirs, in the order of `evidence`. `publishers`: independent publishers
    # of the articles; an article that is a copy counts for the publisher of the text that it was copied from.
    # `evidence`: the ids of the claims, the earliest first.
    sources: NotRequired[int]
    publishers: NotRequired[int]
    names: NotRequired[list[str]]
    first_published_at: NotRequired[str | None]
    last_published_at: NotRequired[str | None]
    numbers: NotRequired[list[NumberRange]]
    evidence: NotRequired[list[str]]


class TimeExpression(TypedDict):
    # A time that the claim names: TIMEX3 value and a half-open interval of ISO 8601 dates, null where open or unknown.
    #
    # For a clock time whose zone is known the interval is that minute in UTC, 2021-01-29T15:00Z.
    span: Span
    timex: str
    start: NotRequired[str | None]
    end: NotRequired[str | None]


class Verdict(TypedDict):
    # What a fact-checker has found about the claim: a review in `claims.reviews` of something that says the same.
    #
    # `author`: who reviewed it. `rating`: in the reviewer's words, or the number where there are none. `score`: the
    # number from 0, the worst, to 1, the best; null where no scale is given. `claim`: what was reviewed, said by
    # `claimant`.
    # `confidence`: that it is what `member`, a claim of the cluster, says; calibrated as that of a relation.
    review_id: str
    author: str
    url: str
    rating: str | None
    score: float | None
    published_at: str | None
    claim: str
    claimant: str | None
    member: str
    confidence: float


class Watch(TypedDict):
    # The value of a record in `claims.watches`, keyed by the watch's name: which claims somebody wants to be told of.
    #
    # All that is given must hold. `entity`: a name, of which all words must be in that of something that the claim
    # mentions, or an entity_id. `source`: the same for who says it; for what an article says itself its publisher.
    # `words`: all of them are in the claim's text, whatever their endings. `acts`: one of them. `least_worth`: the least
    # check-worthiness.
    #
    # With `relations` it is told when a claim has one of these relations to a claim for which all the rest holds:
    # contradicts and a source's name, "tell me when somebody contradicts her".
    entity: NotRequired[str | None]
    source: NotRequired[str | None]
    words: NotRequired[str | None]
    acts: NotRequired[list[Act]]
    least_worth: NotRequired[float]
    relations: NotRequired[list[RelationKind]]
