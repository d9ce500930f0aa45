"""Which claims a verdict is about: those that say what was reviewed, whoever says it, and no others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.link.relations.making import claims_in
from worker.contract.review import Rating, Review, review_id
from worker.link.live.neighbours import NeighbourBounds, keys_of
from worker.link.live.reviews import keys_of_review, may_match
from worker.link.relations.reading import reading_of
from worker.link.verdicts.stage import confidence_of_match, reading_of_review, verdicts_of
from worker.submit.reviews import read_claim

BOUNDS = NeighbourBounds()


def reviewed(pipeline, claim, claimant=None, **fields):
    url = fields.pop("url", "https://checks.example/1")
    made = Review(
        review_id=review_id(url, "The Checkers", claim),
        claim=claim,
        author="The Checkers",
        url=url,
        claimant=claimant,
        rating=Rating(words="False", value=1, worst=1, best=5),
        published_at=fields.pop("published_at", "2026-03-09T00:00:00Z"),
        **fields,
    )
    return read_claim(pipeline, made)


def matches(pipeline, claim, sentence, claimant=None):
    review = reading_of_review(reviewed(pipeline, claim, claimant))
    found = []
    for each in claims_in(pipeline, sentence):
        reading = reading_of(each)
        if may_match(keys_of_review(review), keys_of(reading), BOUNDS):
            found.append(confidence_of_match(review, reading))
    return any(confidence is not None for confidence in found)


@pytest.mark.parametrize(
    ("claim", "claimant", "sentence"),
    [
        (
            "The northern quay was closed for 12 weeks",
            "Anna Lind",
            "Mayor Anna Lind said the northern quay was closed for 12 weeks.",
        ),
        (
            "The northern quay was closed for 12 weeks.",
            None,
            "Harbour master Milan Dorr said that the northern quay had been closed for 12 weeks.",
        ),
        (
            "Crime in Tarnby fell by 40 percent last year",
            "Ola Brix",
            "Crime in Tarnby fell by 40 percent last year, said police chief Ola Brix.",
        ),
        (
            "Anna Lind did not pay taxes in 2019",
            None,
            "Opposition leader Ola Brix said Anna Lind did not pay taxes in 2019.",
        ),
        (
            "The vaccine contains microchips",
            "a video on social media",
            "“The vaccine contains microchips,” Pastor Elias Horn told a crowd in Lund.",
        ),
    ],
)
def test_a_verdict_is_on_each_claim_that_says_what_was_reviewed(pipeline, claim, claimant, sentence):
    assert matches(pipeline, claim, sentence, claimant)


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The northern quay was closed for 12 weeks", "Mayor Anna Lind said the northern quay was closed for 3 weeks."),
        ("The northern quay was closed", "Mayor Anna Lind said the northern quay was not closed."),
        ("The northern quay was closed", "Mayor Anna Lind said the northern quay was open."),
        ("The northern quay was closed", "Mayor Anna Lind demanded that the northern quay be closed."),
        ("Anna Lind did not pay taxes in 2019", "Ola Brix said Anna Lind paid her taxes in 2019."),
        ("Anna Lind did not pay taxes in 2019", "Ola Brix said Anna Lind did not pay taxes in 2015."),
        ("Crime in Tarnby fell by 40 percent", "Police chief Ola Brix said crime in Lund fell by 40 percent."),
        ("Crime in Tarnby fell by 40 percent", "Police chief Ola Brix said crime in Tarnby rose by 40 percent."),
        ("The vaccine contains microchips", "Doctor Ida Lund said the vaccine contains salt and sugar."),
        ("The vaccine contains microchips", "Doctor Ida Lund denied that the vaccine contains microchips."),
        (
            "The ferry to Lund sank in the storm",
            "Captain Ola Brix said the ferry to Lund was late because of the storm.",
        ),
    ],
)
def test_a_verdict_is_not_on_a_claim_that_says_something_else(pipeline, claim, sentence):
    assert not matches(pipeline, claim, sentence)


def test_what_the_claim_states_is_read_with_spans_into_it(pipeline):
    review = reviewed(pipeline, 'Mayor Anna Lind never said "800 to 1,200 people" came to Tarnby in 2019')
    (amount,) = review.quantities
    assert (amount.min, amount.max) == (800, 1200)
    assert {entity.name for entity in review.entities} >= {"Anna Lind"}
    spans = [each.span for each in (*review.quantities, *review.times)]
    for span in [*spans, *(span for entity in review.entities for span in entity.spans)]:
        assert review.claim[span.start : span.end] == span.exact


def test_a_claim_without_a_subject_has_none_of_ours(pipeline):
    review = reviewed(pipeline, "Says the northern quay was shut")
    assert review.proposition is None


def test_a_cluster_shows_each_review_once_and_the_surest_twenty(pipeline):
    base = reviewed(pipeline, "The northern quay was closed")
    reviews = {
        f"{n:02}": replace(base, review_id=f"{n:02}", published_at=f"2026-03-{31 - n:02}T00:00:00Z") for n in range(25)
    }
    matched = [("one", key, 0.6 + int(key) / 100) for key in reviews] + [("other", "24", 0.99)]
    found = verdicts_of(matched, reviews)
    assert [verdict.review_id for verdict in found] == [f"{n:02}" for n in reversed(range(5, 25))]
    surest = found[0]
    assert (surest.member, surest.confidence, surest.rating, surest.score) == ("other", 0.99, "False", 0.0)
