// Made from the JSON Schemas of Claimwire; changes are lost.

/**
 * The speech act: the act that the source performs by saying the content.
 */
export type Act = "accuse" | "ask" | "assert" | "concede" | "criticise" | "decline" | "demand" | "deny" | "endorse" | "estimate" | "oppose" | "praise" | "predict" | "promise" | "silent" | "stipulate" | "threaten" | "urge";

/**
 * The publisher's word on the article. A cancelled article retracts its claims.
 */
export type ArticleStatus = "canceled" | "usable";

/**
 * What of two claims a reason is about.
 */
export type Aspect = "act" | "certainty" | "entities" | "polarity" | "predicate" | "quantity" | "source" | "time" | "words";

/**
 * What a line of the text is on the page.
 */
export type BlockKind = "byline" | "caption" | "embedded_post" | "headline" | "list_item" | "paragraph" | "quote" | "subhead" | "table";

export type Certainty = "certain" | "possible" | "probable" | "unknown";

export type ClaimStatus = "asserted" | "retracted" | "superseded";

/**
 * What a watch can ask of a claim.
 */
export type Condition = "act" | "entity" | "relation" | "source" | "words" | "worth";

/**
 * Why a record went to the dead letters.
 */
export type DeadReason = "bad_encoding" | "bad_schema" | "child_died" | "empty" | "extraction_failed" | "extraction_timeout" | "lifecycle_failed" | "memory" | "not_json" | "output_too_large" | "retries_exhausted" | "text_unbounded" | "ticket_refused" | "tombstone_without_key" | "too_costly" | "too_large" | "unknown_shape" | "worker_died";

export type ModalityKind = "conditional" | "deontic" | "epistemic" | "none";

export type Polarity = "negative" | "positive";

export type QuoteType = "direct" | "indirect" | "mixed";

/**
 * How two claims are related. `revises` has a direction: `a` is the later. The others have none.
 */
export type RelationKind = "contradicts" | "corroborates" | "restates" | "revises" | "tension";

/**
 * Who makes the claim: a source, the article itself, or a phrase that takes it for granted.
 */
export type Voice = "attributed" | "author" | "presupposed";

/**
 * What may be wrong with what was taken of an article.
 */
export type WarningKind = "cut_short" | "no_date" | "unknown_field" | "unreadable_value";

/**
 * The value of a record in `claims.alerts`, keyed by `alert_id`: a claim that a watch asks for.
 *
 * `claim`: the one that came. For a watch of relations the claim that it asks for is on the other side of `relation`;
 * where it asks for both, `claim` is the later. `reasons` are of the claim that the watch asks for. A record without
 * value says that it holds no more: the claim was retracted, the relation fell, the watch ended.
 */
export interface Alert {
  alert_id: string;
  watch: string;
  claim: RelatedClaim;
  relation?: ClaimRelation | null;
  reasons?: Array<AlertReason>;
}

/**
 * A condition of the watch, and what of the claim meets it.
 */
export interface AlertReason {
  condition: Condition;
  asked: string;
  found: string;
}

export interface Argument {
  role: string;
  text: string;
}

/**
 * The article as each of its claims carries it. Until `embargoed_until` it is not for the public.
 */
export interface Article {
  uri: string;
  version: string;
  text_sha256: string;
  headline?: string | null;
  publisher?: string | null;
  published_at?: string | null;
  language?: string | null;
  group?: string | null;
  updated_at?: string | null;
  embargoed_until?: string | null;
}

/**
 * A group of two or more. `group`: its id, made from the parent's uri. `members` by time, then by uri.
 */
export interface ArticleGroup {
  group: string;
  parent: string;
  members: Array<GroupMember>;
}

/**
 * `field`: the field of the native form, or the name in the record, that it is about.
 */
export interface ArticleWarning {
  kind: WarningKind;
  field: string;
  says: string;
}

/**
 * One link of the chain of sources, outermost first. `negated`: the source did *not* say it.
 */
export interface AttributionLink {
  source: Source;
  cue: Span | null;
  act: Act;
  quote_type: QuoteType;
  confidence: number;
  addressees?: Array<Source>;
  negated?: boolean;
}

/**
 * A line of the text: the code points from `start` up to `end`, and what it is on the page.
 */
export interface Block {
  kind: BlockKind;
  start: number;
  end: number;
}

/**
 * One claim event, the value of a record in the topic `claims`, keyed by `claim_id`.
 */
export interface Claim {
  claim_id: string;
  article: Article;
  voice: Voice;
  content: Content;
  act: Act;
  provenance: Provenance;
  status?: ClaimStatus;
  revision?: number;
  supersedes?: string | null;
  attribution?: Array<AttributionLink>;
  plover?: string | null;
  polarity?: Polarity;
  modality?: Modality;
  proposition?: Proposition | null;
  quantities?: Array<Quantity>;
  times?: Array<TimeExpression>;
  entities?: Array<Entity>;
  check_worthiness?: number | null;
  confidence?: number;
}

/**
 * Claims that are one claim of one source, retold. The earliest comes first and gives the cluster its id.
 *
 * The id depends on the members, not on the order in which they were read. It changes when a claim joins that was
 * published earlier than all members (then, of the same instant, the one with the smaller id).
 */
export interface ClaimCluster {
  cluster_id: string;
  text: string;
  source: string | null;
  first_published_at: string | null;
  last_published_at: string | null;
  members?: Array<RelatedClaim>;
}

/**
 * A relation between two claims. `relation_id` is the same whichever claim comes first.
 *
 * `confidence` is calibrated: of relations with .8 about four in five are right, on pairs like those it was fitted on.
 */
export interface ClaimRelation {
  relation_id: string;
  relation: RelationKind;
  a: RelatedClaim;
  b: RelatedClaim;
  confidence: number;
  reasons?: Array<RelationReason>;
}

/**
 * Where a claim stands now: the value of a record in `claims.standing`, keyed by `cluster_id`.
 *
 * `members` are the claims that are this one claim, told by one source; the earliest gives id and text. `reports`: the
 * articles that carry it. `asserts`: its source and those that corroborate it. `denies`: those that contradict it.
 * `tension`: those that pull against it, though both may be true. `revisions`: claims by which its own source went
 * back on it. `verdicts`: of fact-checkers, the earliest first, at most 20. A record without value says that nothing
 * of it stands any more.
 */
export interface ClaimStanding {
  cluster_id: string;
  text: string;
  source: string | null;
  first_published_at: string | null;
  last_published_at: string | null;
  members: Array<string>;
  reports: StandingSide;
  asserts: StandingSide;
  denies: StandingSide;
  tension: StandingSide;
  revisions?: Array<string>;
  verdicts?: Array<Verdict>;
}

/**
 * The content of the claim: readable text, and the spans it was taken from (two for a broken quote).
 */
export interface Content {
  text: string;
  spans: Array<Span>;
}

/**
 * The headers of a record in `articles.dead`, as one object; key and value are the original's bytes.
 *
 * Each field is a Kafka header `claimwire_` + its name, UTF-8 text, numbers in decimal. The coordinates are those of
 * the first reading, also when the record came through `articles.retry`; `attempts` counts the attempts.
 * `value_left_out`: the dead letter was too large for the broker with the value. The original is then found at its
 * coordinates, and `value_sha256` shows whether it is still the same.
 */
export interface DeadLetter {
  reason: DeadReason;
  error: string;
  topic: string;
  partition: number;
  offset: number;
  timestamp: number;
  value_sha256: string;
  value_bytes: number;
  value_left_out?: boolean;
  attempts?: number;
}

/**
 * Somebody or something that the claim mentions. The id is the same for all variants of the name.
 *
 * It is `wikidata:Q159` or `geonames:524901` for what the gazetteer knows, else a hash of type and name.
 */
export interface Entity {
  name: string;
  entity_id: string;
  type: string;
  spans: Array<Span>;
}

/**
 * The value of a record in `articles.extracted`, keyed by the article's uri and compacted.
 *
 * `text` is the cleaned text to which the spans of `claims` refer. With `claims_count` a reader of the topic
 * `claims` knows when it has all of them. The same article and the same pipeline give the same bytes.
 *
 * `origins`: for each field of the article where it was taken from, a path in the record or a place in its page.
 * `text_share`: of the text that the page shows as the article's, the share that is in `text`; null where the page
 * does not tell.
 */
export interface Extraction {
  extraction_id: string;
  article: Article;
  status: ArticleStatus;
  text: string;
  claims_count: number;
  provenance: Provenance;
  claims?: Array<Claim>;
  blocks?: Array<Block>;
  byline?: string | null;
  section?: string | null;
  address?: string | null;
  origins?: Record<string, string>;
  warnings?: Array<ArticleWarning>;
  text_share?: number | null;
}

/**
 * `share`: of this text that is in the parent's; `of_parent`: of the parent's text that is in this one; 0 to 1.
 *
 * `kind`: parent; copy: each has most of the other; excerpt: cut or quoted from the parent; contains: has the parent's
 * text and more; related: a copy of another member, with less than half in common with the parent.
 */
export interface GroupMember {
  uri: string;
  publisher: string | null;
  published: string | null;
  kind: string;
  share: number;
  of_parent: number;
}

export interface Modality {
  certainty?: Certainty;
  kind?: ModalityKind;
}

/**
 * The lowest and the highest number that claims of one side state of one thing; null where one of them is open.
 *
 * `unit` is the unit of measure, the currency, or the noun that is counted, as the most claims have it. A physical
 * quantity is in the first unit of its kind: metres, seconds, kilograms. `claims`: how many claims state a number.
 */
export interface NumberRange {
  unit: string;
  min: number | null;
  max: number | null;
  claims: number;
}

export interface Proposition {
  subject: string | null;
  predicate: string;
  object?: string | null;
  arguments?: Array<Argument>;
}

/**
 * The code that made the claim, and the record that it was made from. The coordinates are null outside Kafka.
 */
export interface Provenance {
  pipeline: string;
  models?: Record<string, string>;
  topic?: string | null;
  partition?: number | null;
  offset?: number | null;
}

/**
 * A number that the claim states; `min` and `max` are equal for an exact one, null where open.
 */
export interface Quantity {
  span: Span;
  min: number | null;
  max: number | null;
  approximate?: boolean;
  unit?: string | null;
}

/**
 * The verdict as it is given: `words` ("Mostly false"), and a number on a scale. The higher, the truer.
 */
export interface Rating {
  words?: string | null;
  value?: number | null;
  worst?: number | null;
  best?: number | null;
}

/**
 * One version of one article, in the native form.
 *
 * `uri` names the article over all its versions and is the Kafka key of everything that follows from it.
 * `body` is plain text (paragraphs separated by line breaks) or HTML; the worker detects which. `embargoed_until`: the
 * article may be read by the public only from then on; its claims carry it, and nothing waits.
 */
export interface RawArticle {
  uri: string;
  body: string;
  headline?: string | null;
  published_at?: string | null;
  updated_at?: string | null;
  version?: string;
  language?: string | null;
  publisher?: string | null;
  byline?: string | null;
  status?: ArticleStatus;
  section?: string | null;
  embargoed_until?: string | null;
}

/**
 * A claim of a relation or cluster, with as much of it as a reader needs to judge the relation.
 */
export interface RelatedClaim {
  claim_id: string;
  uri: string;
  text: string;
  source?: string | null;
  publisher?: string | null;
  published_at?: string | null;
}

/**
 * One thing in which the claims agree or clash, with the words of both, so that a reader can check it.
 */
export interface RelationReason {
  aspect: Aspect;
  agrees: boolean;
  a: string;
  b: string;
}

/**
 * The value of a record in `claims.reviews`, keyed by `review_id`. A null value withdraws it.
 *
 * `claim`: what was reviewed, as the reviewer words it; `claimant` who said it, `claimed_at` when, `appearances` where
 * (addresses). `author`: who reviewed it, `url` where that can be read.
 *
 * The fields from `polarity` on are read out of `claim` as they are for a claim, with spans into it. They may be left
 * out; then the verdict finds claims by the words alone.
 */
export interface Review {
  review_id: string;
  claim: string;
  author: string;
  url: string;
  rating: Rating;
  published_at?: string | null;
  claimant?: string | null;
  claimed_at?: string | null;
  appearances?: Array<string>;
  polarity?: Polarity;
  modality?: Modality;
  proposition?: Proposition | null;
  quantities?: Array<Quantity>;
  times?: Array<TimeExpression>;
  entities?: Array<Entity>;
}

/**
 * The source of a claim. `span` is null if the text names nobody; `candidates` are entity ids if it is ambiguous.
 *
 * `kind`: person, group (people without names), organisation, government (a country that acts), document, or null.
 * `role` is the office without its organisation, `affiliation` the organisation or country, by name if there is one;
 * `anonymous`: people who cannot be identified by these words.
 */
export interface Source {
  span: Span | null;
  name?: string | null;
  entity_id?: string | null;
  kind?: string | null;
  role?: string | null;
  affiliation?: string | null;
  anonymous?: boolean;
  candidates?: Array<string>;
}

/**
 * Characters of the cleaned text: `text[start:end] == exact`, in Unicode code points, end exclusive.
 *
 * `prefix` and `suffix` are up to 32 characters before and after (W3C Web Annotation TextQuoteSelector), so
 * that the span is found again in an edited text.
 */
export interface Span {
  start: number;
  end: number;
  exact: string;
  prefix?: string | null;
  suffix?: string | null;
}

/**
 * Those who take one side on a claim. Who says it twice, and copies of one text, count once.
 *
 * `sources`: independent sources; `names` are theirs, in the order of `evidence`. `publishers`: independent publishers
 * of the articles; an article that is a copy counts for the publisher of the text that it was copied from.
 * `evidence`: the ids of the claims, the earliest first.
 */
export interface StandingSide {
  sources?: number;
  publishers?: number;
  names?: Array<string>;
  first_published_at?: string | null;
  last_published_at?: string | null;
  numbers?: Array<NumberRange>;
  evidence?: Array<string>;
}

/**
 * A time that the claim names: TIMEX3 value and a half-open interval of ISO 8601 dates, null where open or unknown.
 *
 * For a clock time whose zone is known the interval is that minute in UTC, 2021-01-29T15:00Z.
 */
export interface TimeExpression {
  span: Span;
  timex: string;
  start?: string | null;
  end?: string | null;
}

/**
 * What a fact-checker has found about the claim: a review in `claims.reviews` of something that says the same.
 *
 * `author`: who reviewed it. `rating`: in the reviewer's words, or the number where there are none. `score`: the
 * number from 0, the worst, to 1, the best; null where no scale is given. `claim`: what was reviewed, said by
 * `claimant`.
 * `confidence`: that it is what `member`, a claim of the cluster, says; calibrated as that of a relation.
 */
export interface Verdict {
  review_id: string;
  author: string;
  url: string;
  rating: string | null;
  score: number | null;
  published_at: string | null;
  claim: string;
  claimant: string | null;
  member: string;
  confidence: number;
}

/**
 * The value of a record in `claims.watches`, keyed by the watch's name: which claims somebody wants to be told of.
 *
 * All that is given must hold. `entity`: a name, of which all words must be in that of something that the claim
 * mentions, or an entity_id. `source`: the same for who says it; for what an article says itself its publisher.
 * `words`: all of them are in the claim's text, whatever their endings. `acts`: one of them. `least_worth`: the least
 * check-worthiness.
 *
 * With `relations` it is told when a claim has one of these relations to a claim for which all the rest holds:
 * contradicts and a source's name, "tell me when somebody contradicts her".
 */
export interface Watch {
  entity?: string | null;
  source?: string | null;
  words?: string | null;
  acts?: Array<Act>;
  least_worth?: number;
  relations?: Array<RelationKind>;
}
