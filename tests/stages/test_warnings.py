"""What may be wrong with what was taken of an article is told to those who observe, beside the extraction."""

from __future__ import annotations

import orjson

from worker.contract.topics import Topics
from worker.settings import Settings
from worker.stages.extract import load
from worker.streaming.record import Record

BODY = "Mayor Anna Lind said on Monday that the old bridge would be open to traffic again in May. She denied any delay."


def test_the_warnings_of_an_extraction_are_reported_by_their_kind():
    work = load(topics=Topics(), **Settings(model=False).extraction_options())
    articles = [
        {"uri": "a", "body": BODY, "published_at": "2026-03-04T09:00:00Z"},
        {"uri": "b", "body": BODY},
        {"uri": "c", "body": BODY, "published_at": "04/05/2026", "updated_at": "never"},
    ]
    records = [
        Record("articles.raw", 0, offset, 0, article["uri"].encode(), orjson.dumps(article), ())
        for offset, article in enumerate(articles)
    ]
    good, undated, odd = (outcome.about.warnings for outcome in work(records))
    assert good == ()
    assert undated == ("no_date",)
    assert sorted(odd) == ["no_date", "unreadable_value", "unreadable_value"]
