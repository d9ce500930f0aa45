"""Contents that state nothing are no claims: things met with, hearers, what nobody says. Sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice


@pytest.mark.parametrize(
    "body",
    [
        "The jury heard six witnesses on Tuesday.",
        "Customs officers searched the vans and questioned three drivers.",
        "The coach watched the final from a bus.",
        "The museum displays its coins in the cellar.",
        "The guide warned the hikers.",
        "The shop offers lamps for 20 euros.",
        "Inspectors visited the mine in May.",
        "The crew read the letter at breakfast.",
        "If you want to get a seat by noon, you need to know this. You do not know where to begin.",
    ],
)
def test_things_and_hearers_are_no_statements(pipeline, body):
    assert [c.content.text for c in claims(pipeline, body, Voice.ATTRIBUTED)] == []


@pytest.mark.parametrize(
    ("body", "content"),
    [
        ("The union demanded an apology.", "an apology"),
        ("The mayor announced a new tram line.", "a new tram line"),
        ("The player denied any contact with the agent.", "any contact with the agent"),
        ("The ministry confirmed the death of two climbers.", "the death of two climbers"),
        ("The guide warned the hikers of an avalanche.", "avalanche"),
        ("The guide warned the hikers that snow would fall.", "snow would fall"),
        ("The jury heard that the brakes had failed.", "the brakes had failed"),
        ("The report listed three faults, saying the valve “never closed”.", "never closed"),
    ],
)
def test_what_is_said_stays(pipeline, body, content):
    found = [" ".join(s.exact for s in c.content.spans) for c in claims(pipeline, body, Voice.ATTRIBUTED)]
    assert any(content in words for words in found), found


def test_whoever_is_meant_is_no_fact(pipeline):
    body = "The bar offers a free drink to anyone who is ready to pay 30 euros for an hour."
    assert not any(c.content.text.startswith("Anyone") for c in claims(pipeline, body, Voice.PRESUPPOSED))
