"""A fact-checker's verdict on a claim: the value of a record in `claims.reviews`, made from a ClaimReview."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.contract.claim import Entity, Modality, Polarity, Proposition, Quantity, TimeExpression
from worker.contract.ids import digest, normalise

__all__ = ["Rating", "Review", "rating_in_words", "review_id", "score_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """The verdict as it is given: `words` ("Mostly false"), and a number on a scale. The higher, the truer."""

    words: str | None = None
    value: float | None = None
    worst: float | None = None
    best: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The value of a record in `claims.reviews`, keyed by `review_id`. A null value withdraws it.

    `claim`: what was reviewed, as the reviewer words it; `claimant` who said it, `claimed_at` when, `appearances` where
    (addresses). `author`: who reviewed it, `url` where that can be read.

    The fields from `polarity` on are read out of `claim` as they are for a claim, with spans into it. They may be left
    out; then the verdict finds claims by the words alone.
    """

    review_id: str
    claim: str
    author: str
    url: str
    rating: Rating
    published_at: str | None = None
    claimant: str | None = None
    claimed_at: str | None = None
    appearances: list[str] = field(default_factory=list)
    polarity: Polarity = Polarity.POSITIVE
    modality: Modality = field(default_factory=Modality)
    proposition: Proposition | None = None
    quantities: list[Quantity] = field(default_factory=list)
    times: list[TimeExpression] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)


def review_id(url: str, author: str, claim: str) -> str:
    """The same for a review that comes again, also with another rating; a page may review several claims."""
    return digest("review/1", url, normalise(author), normalise(claim))


def score_of(rating: Rating) -> float | None:
    """The number on a scale from 0, the worst, to 1, the best. None without a whole scale, or where it is not on it."""
    value, worst, best = rating.value, rating.worst, rating.best
    if value is None or worst is None or best is None or not worst < best or not worst <= value <= best:
        return None
    return round((value - worst) / (best - worst), 4)


def rating_in_words(rating: Rating) -> str | None:
    """The verdict's words, or its number where it has none."""
    if rating.words is not None or rating.value is None:
        return rating.words
    return f"{rating.value:g}" if rating.best is None else f"{rating.value:g} of {rating.best:g}"
