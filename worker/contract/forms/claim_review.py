"""ClaimReview of schema.org, in the shapes that pages and feeds have it in: one, an array, `@graph`, a DataFeed, and
the answers of Google's Fact Check Tools API.

https://schema.org/ClaimReview
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import orjson

from worker.contract.forms.form import at
from worker.contract.forms.values import READERS, UnreadableValueError, is_empty, read_text
from worker.contract.instants import in_utc
from worker.contract.review import Rating, Review, review_id
from worker.contract.texts.plain_text import repaired, without_entities

__all__ = ["BrokenReviewError", "review_from", "reviews_in"]

_MAX_DEPTH, _MAX_REFERENCES = 16, 100
_MAX_CLAIM_CHARS = 2000
_MAX_APPEARANCES = 20
_MAX_SHOWN = 60
_AROUND = ("@graph", "dataFeedElement", "item", "itemListElement", "mainEntity", "mainEntityOfPage", "hasPart",
           "review", "subjectOf", "claims", "items")  # fmt: skip
"""What holds reviews in a page, a feed or an answer."""

Node = Mapping[str, object]


class BrokenReviewError(ValueError):
    """It is no review that can be read. The message says which property is wrong, and how."""


def reviews_in(decoded: object) -> list[Node]:
    """The ClaimReviews in a decoded value, in their order; {"@id": ...} in them resolved within it."""
    nodes = list(_nodes(decoded, 0))
    by_id = {str(node["@id"]): node for node in nodes if node.get("@id") and len(node) > 1}
    return [_Resolver(by_id).resolved(node, 0) for node in nodes if _is_review(node)]


def _is_review(node: Node) -> bool:
    kinds = node.get("@type") or node.get("type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.rpartition("/")[2] == "ClaimReview" for name in names)


def _nodes(value: object, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, Mapping):
        if not is_empty(value.get("claimReview")):
            yield from _answered(value)
            return
        yield value
        if not _is_review(value):
            for key in _AROUND:
                yield from _nodes(value.get(key), depth + 1)


def _answered(claim: Node) -> Iterator[Node]:
    """The reviews of a claim in an answer of the Fact Check Tools API, by the names of schema.org."""
    reviews = claim["claimReview"]
    for review in reviews if isinstance(reviews, list) else [reviews]:
        if isinstance(review, Mapping):
            publisher = review.get("publisher")
            name = publisher.get("name") or publisher.get("site") if isinstance(publisher, Mapping) else publisher
            yield {
                "@type": "ClaimReview",
                "claimReviewed": claim.get("text"),
                "author": {"name": name},
                "url": review.get("url"),
                "inLanguage": review.get("languageCode"),
                "datePublished": review.get("reviewDate"),
                "reviewRating": {"alternateName": review.get("textualRating")},
                "itemReviewed": {"author": {"name": claim.get("claimant")}, "datePublished": claim.get("claimDate")},
            }


class _Resolver:
    """Puts the nodes of a document in place of the references to them, in one review. Some refer to each other, or
    several times to themselves, and would make it endless.
    """

    def __init__(self, by_id: Mapping[str, Node]) -> None:
        self._by_id, self._left = by_id, _MAX_REFERENCES

    def resolved(self, value: Node, depth: int) -> Node:
        return {key: self._inner(inner, depth + 1) for key, inner in value.items()}

    def _inner(self, inner: object, depth: int) -> object:
        if depth > _MAX_DEPTH:
            return inner
        if isinstance(inner, list):
            return [self._inner(item, depth + 1) for item in inner]
        if not isinstance(inner, Mapping):
            return inner
        known = self._by_id.get(str(inner.get("@id"))) if set(inner) <= {"@id", "@type"} else None
        if known is not None:
            self._left -= 1
        return self.resolved(inner if known is None or self._left < 0 else known, depth)


def review_from(node: Node) -> Review:
    """The review, without what is read out of its claim.

    Raises:
        BrokenReviewError: it does not say what was reviewed, by whom, where that can be read, or with which verdict; or
            a property is not what it has to be.
    """
    claim = _text(node, "claimReviewed")
    if not claim:
        raise BrokenReviewError("claimReviewed is missing: it does not say what was reviewed")
    if len(claim) > _MAX_CLAIM_CHARS:
        raise BrokenReviewError(
            f"claimReviewed has {len(claim):,} characters, and at most {_MAX_CLAIM_CHARS:,} are read"
        )
    language = _text(node, "inLanguage") if isinstance(node.get("inLanguage"), str) else None
    if language and not language.lower().startswith("en"):
        raise BrokenReviewError(f"inLanguage is {_shown(language)}, and only English is read")
    url = _url(node.get("url"))
    if url is None:
        raise BrokenReviewError("url is missing or is no address of the web: the review could not be looked up")
    author = _name(node, "author") or _name(node, "publisher")
    if author is None:
        raise BrokenReviewError("author is missing: it does not say whose verdict it is")
    item = _first(node.get("itemReviewed"))
    review = Review(
        review_id=review_id(url, author, claim),
        claim=claim,
        author=author,
        url=url,
        rating=_rating(_first(node.get("reviewRating"))),
        published_at=_instant(node, "datePublished", "datePublished"),
        claimant=_name(item, "author"),
        claimed_at=_instant(item, "datePublished", "itemReviewed.datePublished"),
        appearances=list(dict.fromkeys(_appearances(item)))[:_MAX_APPEARANCES],
    )
    try:
        orjson.dumps(review)
    except TypeError:
        raise BrokenReviewError("a text in it has half of a surrogate pair, which is no character") from None
    return review


def _first(value: object) -> Node:
    """The object itself, or the first of a list; empty where there is none."""
    first = next((item for item in value if isinstance(item, Mapping)), None) if isinstance(value, list) else value
    return first if isinstance(first, Mapping) else {}


def _text(node: Node, name: str) -> str | None:
    value = node.get(name)
    if is_empty(value):
        return None
    try:
        return " ".join(repaired(without_entities(read_text(value))).split())
    except UnreadableValueError as wrong:
        raise BrokenReviewError(f"{name} {wrong}") from None


def _name(node: Node, name: str) -> str | None:
    """The first name; None where there is none, or nothing but an address."""
    value = node.get(name)
    if is_empty(value):
        return None
    try:
        return str(READERS["byline"](_first(value) if isinstance(value, list) and _first(value) else value))
    except UnreadableValueError:
        return None


def _instant(node: Node, name: str, shown: str) -> str | None:
    value = node.get(name)
    if is_empty(value):
        return None
    try:
        return in_utc(READERS["published_at"](value))  # type: ignore[arg-type]  # a reader of instants
    except UnreadableValueError as wrong:
        raise BrokenReviewError(f"{shown} {wrong}") from None


def _url(value: object) -> str | None:
    if isinstance(value, list):
        return next((url for item in value if (url := _url(item)) is not None), None)
    if isinstance(value, Mapping):
        return _url(value.get("url") or value.get("@id"))
    text = value.strip() if isinstance(value, str) else ""
    return text if text.lower().startswith(("http://", "https://")) and " " not in text else None


def _appearances(item: Node) -> Iterator[str]:
    for path in ("firstAppearance", "appearance", "url", "sameAs"):
        value = at(item, path)
        for each in value if isinstance(value, list) else [value]:
            if (url := _url(each)) is not None:
                yield url


def _rating(node: Node) -> Rating:
    """A text in place of the number is the verdict in words."""
    words = _text(node, "alternateName") or _text(node, "name")
    value = _number(node, "ratingValue", may_be_words=words is None)
    if isinstance(value, str):
        words, value = value, None
    if words is None and value is None:
        raise BrokenReviewError("reviewRating has neither alternateName nor ratingValue: there is no verdict")
    worst, best = _number(node, "worstRating"), _number(node, "bestRating")
    assert not isinstance(worst, str)  # noqa: S101 - only where words may be
    assert not isinstance(best, str)  # noqa: S101
    return Rating(words=words, value=value, worst=worst, best=best)


def _number(node: Node, name: str, *, may_be_words: bool = False) -> float | str | None:
    value = node.get(name)
    if is_empty(value):
        return None
    try:
        number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
        if isinstance(value, str):
            number = float(value.strip().replace(",", "."))
    except (ValueError, OverflowError):
        number = None
    if number is not None and math.isfinite(number):
        return number
    if may_be_words and isinstance(value, str):
        return " ".join(value.split())
    raise BrokenReviewError(f"reviewRating.{name} is {_shown(value)}, and a number is expected")


def _shown(value: object) -> str:
    text = str(value).replace('"', "'")
    return f'"{text}"' if len(text) <= _MAX_SHOWN else f'"{text[:_MAX_SHOWN]}…"'
