"""ClaimReview in the shapes that pages, feeds and Fact Check Tools have it in, and what is wrong with bad ones."""

from __future__ import annotations

import json

import pytest

from worker.contract.forms.claim_review import BrokenReviewError, review_from, reviews_in
from worker.contract.review import Rating, rating_in_words, review_id, score_of

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "The northern quay was closed for 12 weeks",
    "author": {"@type": "Organization", "name": "The Checkers", "url": "https://checks.example/"},
    "url": "https://checks.example/quay",
    "datePublished": "2026-03-04",
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": "2",
        "bestRating": "5",
        "worstRating": "1",
        "alternateName": "Mostly false",
    },
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Anna Lind", "jobTitle": "mayor"},
        "datePublished": "2026-03-02T10:00:00+01:00",
        "firstAppearance": {"@type": "NewsArticle", "url": "https://news.example/1"},
        "appearance": [{"@type": "NewsArticle", "url": "https://other.example/2"}, "https://news.example/1"],
    },
}
ANSWER = {
    "claims": [
        {
            "text": "The northern quay was closed for 12 weeks",
            "claimant": "Anna Lind",
            "claimDate": "2026-03-02T09:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "The Checkers", "site": "checks.example"},
                    "url": "https://checks.example/quay",
                    "reviewDate": "2026-03-04T00:00:00Z",
                    "textualRating": "Mostly false",
                    "languageCode": "en",
                }
            ],
        }
    ],
    "nextPageToken": "CAo",
}


def read(node):
    return review_from(node)


def test_all_that_a_review_says_is_read():
    (node,) = reviews_in(REVIEW)
    review = read(node)
    assert review.claim == "The northern quay was closed for 12 weeks"
    assert (review.author, review.url) == ("The Checkers", "https://checks.example/quay")
    assert review.published_at == "2026-03-04T00:00:00Z"
    assert (review.claimant, review.claimed_at) == ("Anna Lind", "2026-03-02T09:00:00Z")
    assert review.appearances == ["https://news.example/1", "https://other.example/2"]
    assert review.rating == Rating(words="Mostly false", value=2, worst=1, best=5)
    assert review.review_id == review_id(review.url, "the checkers", "The northern quay was closed for 12 weeks.")


@pytest.mark.parametrize(
    "around",
    [
        lambda node: [node],
        lambda node: {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, node]},
        lambda node: {"@type": "DataFeed", "dataFeedElement": [{"@type": "DataFeedItem", "item": [node]}]},
        lambda node: {"@type": "NewsArticle", "headline": "Quay", "review": node},
        lambda node: {**node, "@type": ["Review", "https://schema.org/ClaimReview"]},
        lambda node: {"@graph": [{**node, "author": {"@id": "#us"}}, {"@id": "#us", "name": "The Checkers"}]},
    ],
)
def test_it_is_found_in_what_pages_and_feeds_put_around_it(around):
    (node,) = reviews_in(around(REVIEW))
    assert read(node) == read(REVIEW)


def test_an_answer_of_the_fact_check_tools_is_read_as_the_same_review():
    (node,) = reviews_in(ANSWER)
    review, other = read(node), read(REVIEW)
    assert review.review_id == other.review_id
    assert (review.claimant, review.claimed_at, review.rating.words) == ("Anna Lind", other.claimed_at, "Mostly false")


def test_what_is_no_review_is_none():
    assert reviews_in({"@type": "NewsArticle", "headline": "Quay"}) == []
    assert reviews_in("text") == reviews_in(None) == reviews_in([1, [[]]]) == []
    deep = REVIEW
    for _ in range(100):
        deep = [deep]
    assert reviews_in(deep) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"claimReviewed": " "}, "claimReviewed is missing"),
        ({"claimReviewed": 7}, "claimReviewed is"),
        ({"claimReviewed": "x" * 2001}, "claimReviewed has 2,001 characters"),
        ({"url": "quay"}, "url is missing"),
        ({"url": "javascript:alert(1)"}, "url is missing"),
        ({"author": None}, "author is missing"),
        ({"reviewRating": None}, "there is no verdict"),
        ({"reviewRating": {"ratingValue": 2, "bestRating": "five"}}, 'reviewRating.bestRating is "five"'),
        ({"reviewRating": {"ratingValue": "NaN"}}, None),
        ({"datePublished": "soon"}, "datePublished is"),
        ({"itemReviewed": {"datePublished": "04/05/2026"}}, "itemReviewed.datePublished is"),
        ({"author": {"name": "The \ud800 Checkers"}}, "surrogate"),
        ({"inLanguage": "de-AT"}, "only English is read"),
    ],
)
def test_a_bad_review_says_what_is_wrong_with_it(changed, says):
    if says is None:  # what is no number is the verdict in words
        assert read(REVIEW | changed).rating == Rating(words="NaN")
        return
    with pytest.raises(BrokenReviewError, match=says):
        read(REVIEW | changed)


def test_what_is_not_needed_may_be_missing():
    review = read({name: REVIEW[name] for name in ("claimReviewed", "url", "author", "reviewRating")})
    assert (review.claimant, review.claimed_at, review.published_at, review.appearances) == (None, None, None, [])
    assert read(REVIEW | {"author": [{"name": "Ola Brix"}, {"name": "Ida Lund"}]}).author == "Ola Brix"
    assert read(REVIEW | {"author": None, "publisher": {"name": "Checkers"}}).author == "Checkers"
    assert read(REVIEW | {"itemReviewed": [{"author": {"name": "Anna Lind"}}]}).claimant == "Anna Lind"
    assert read(REVIEW | {"reviewRating": {"ratingValue": "False"}}).rating == Rating(words="False")


@pytest.mark.parametrize(
    ("rating", "score", "words"),
    [
        (Rating(words="False", value=1, worst=1, best=5), 0.0, "False"),
        (Rating(value=2, worst=1, best=5), 0.25, "2 of 5"),
        (Rating(value=5, worst=1, best=5), 1.0, "5 of 5"),
        (Rating(value=3.5, worst=0, best=10), 0.35, "3.5 of 10"),
        (Rating(value=2), None, "2"),
        (Rating(value=2, best=5), None, "2 of 5"),
        (Rating(value=-1, worst=1, best=5), None, "-1 of 5"),
        (Rating(value=1, worst=1, best=1), None, "1 of 1"),
        (Rating(value=1, worst=5, best=1), None, "1 of 1"),
        (Rating(words="Misleading"), None, "Misleading"),
    ],
)
def test_a_number_is_normalised_only_on_a_whole_scale(rating, score, words):
    assert (score_of(rating), rating_in_words(rating)) == (score, words)


def test_nodes_that_refer_to_each_other_or_lie_inside_one_another_come_to_an_end():
    """Each of ten references had ten again, eight times over."""
    again = [{"@id": "r"}] * 10
    review = {"@id": "r", "@type": "ClaimReview", "claimReviewed": "The toll rose.", "about": again}
    (found,) = reviews_in({"@graph": [review | {"deep": json.loads("[" * 900 + "]" * 900)}]})
    assert found["claimReviewed"] == "The toll rose."
