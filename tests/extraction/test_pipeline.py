"""The list of stages: its names, its order, and how a stage ends a reading."""

from __future__ import annotations

from datetime import datetime

import pytest

from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.reasons import DeadReason, DropReason
from worker.extraction.outcome import Dropped, Extracted, Failed
from worker.extraction.pipeline import Pipeline, Reading

ENGLISH = "The clerk said the bridge was not safe and that the town had never paid for it."
GERMAN = "Der Beamte sagte, die Brücke sei nicht sicher, und die Stadt habe nie dafür bezahlt."


@pytest.fixture(scope="module")
def timed():
    """A pipeline and the list of the names that its stages were timed as."""
    names = []
    return Pipeline.load(model=False, lap=names.append), names


def outcome_of(timed, **article):
    pipeline, names = timed
    names.clear()
    (outcome,) = pipeline.extract([RawArticle(uri="bridge", **article)])
    return outcome, list(dict.fromkeys(names))


def test_stages_are_timed_under_the_names_of_the_metrics(timed):
    outcome, names = outcome_of(timed, body=ENGLISH)
    assert isinstance(outcome, Extracted)
    assert names == ["clean", "language", "parse", "times", "quantities", "entities", "attribution", "claims"]


def test_every_stage_of_the_list_is_timed_once_for_an_article(timed):
    pipeline, names = timed
    names.clear()
    pipeline.extract([RawArticle(uri="bridge", body=ENGLISH)])
    assert names == [stage.timed_as for stage in Reading.stages()]


def test_a_stage_that_refuses_an_article_ends_its_reading(timed):
    outcome, names = outcome_of(timed, body=GERMAN)
    assert isinstance(outcome, Dropped)
    assert outcome.reason is DropReason.LANGUAGE
    assert names == ["clean", "language"]


def test_an_article_without_text_fails(timed):
    outcome, _ = outcome_of(timed, body=" \n ")
    assert isinstance(outcome, Failed)
    assert outcome.reason is DeadReason.BAD_SCHEMA


@pytest.mark.parametrize("body", [ENGLISH, GERMAN, " \n "])
def test_a_cancelled_article_is_only_cleaned_and_has_no_claims(timed, body):
    outcome, names = outcome_of(timed, body=body, status=ArticleStatus.CANCELED)
    assert isinstance(outcome, Extracted)
    assert outcome.extraction.claims == []
    assert names == ["clean"]


def test_a_stage_that_comes_before_what_it_needs_says_so():
    reading = Reading(RawArticle(uri="bridge", body=ENGLISH), models=None)
    with pytest.raises(AttributeError, match="'cleaned' has not run"):
        reading.run([Reading.accepted], lambda _: None)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999999Z"),
        ("0001-01-01T00:00:00-12:00", "0001-01-01T12:00:00Z"),
        ("9999-12-31T23:59:59+14:00", "9999-12-31T09:59:59Z"),
    ],
)
def test_an_article_of_the_first_or_last_day_of_the_calendar_has_claims(timed, written, published):
    at = datetime.fromisoformat(written)
    body = ENGLISH + " On Monday she said it would end next week, in 9,000 years, or 9999999999999 days ago."
    outcome, _ = outcome_of(timed, body=body, published_at=at, updated_at=at)
    assert isinstance(outcome, Extracted)
    assert outcome.extraction.claims
    assert (outcome.extraction.article.published_at, outcome.extraction.article.updated_at) == (published, published)
