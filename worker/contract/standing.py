"""Where a claim stands: who says it, who says otherwise, since when, with which numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ClaimStanding", "NumberRange", "StandingSide", "Verdict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRange:
    """The lowest and the highest number that claims of one side state of one thing; null where one of them is open.

    `unit` is the unit of measure, the currency, or the noun that is counted, as the most claims have it. A physical
    quantity is in the first unit of its kind: metres, seconds, kilograms. `claims`: how many claims state a number.
    """

    unit: str
    min: float | None
    max: float | None
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingSide:
    """Those who take one side on a claim. Who says it twice, and copies of one text, count once.

    `sources`: independent sources; `names` are theirs, in the order of `evidence`. `publishers`: independent publishers
    of the articles; an article that is a copy counts for the publisher of the text that it was copied from.
    `evidence`: the ids of the claims, the earliest first.
    """

    sources: int = 0
    publishers: int = 0
    names: list[str] = field(default_factory=list)
    first_published_at: str | None = None
    last_published_at: str | None = None
    numbers: list[NumberRange] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a fact-checker has found about the claim: a review in `claims.reviews` of something that says the same.

    `author`: who reviewed it. `rating`: in the reviewer's words, or the number where there are none. `score`: the
    number from 0, the worst, to 1, the best; null where no scale is given. `claim`: what was reviewed, said by
    `claimant`.
    `confidence`: that it is what `member`, a claim of the cluster, says; calibrated as that of a relation.
    """

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStanding:
    """Where a claim stands now: the value of a record in `claims.standing`, keyed by `cluster_id`.

    `members` are the claims that are this one claim, told by one source; the earliest gives id and text. `reports`: the
    articles that carry it. `asserts`: its source and those that corroborate it. `denies`: those that contradict it.
    `tension`: those that pull against it, though both may be true. `revisions`: claims by which its own source went
    back on it. `verdicts`: of fact-checkers, the earliest first, at most 20. A record without value says that nothing
    of it stands any more.
    """

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
    revisions: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
