"""Verbs that can report speech and report a deed here: hearing, reading, questioning, charging, warning by barking."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims

DEEDS = [
    "The committee heard four witnesses on Monday.",
    "Police questioned two men.",
    "Parents learned of the plan from a poster.",
    "The judge read out the verdict.",
    "Divers found a car in the lake.",
    "The hotel charges 90 euros a night.",
    "The hotel states its prices in dollars.",
    "The dog warned the family by barking.",
    "Fans observed a minute's silence.",
    "The mayor has no say in the matter.",
    "The dancer was voted off the show in May.",
    "Hundreds of fans wept after hearing the news.",
    "Neither party commented, and nobody was charged.",
]
REPORTS = [
    "Mayor: no new taxes on the harbour this year.",
    "The committee heard that the boiler was old.",
    "Police learned that the men had left the country.",
    "The judge found that the firm had broken the law.",
    "The study showed that rents had doubled.",
    "The prosecutor charged the two men with theft.",
    "The agency warned of floods in the valley.",
    "The minister condemned the attack.",
    "The chef announced the opening of a second restaurant.",
]


@pytest.mark.parametrize("sentence", DEEDS)
def test_a_deed_is_said_by_nobody(pipeline, sentence):
    assert not claims(pipeline, sentence)


@pytest.mark.parametrize("sentence", REPORTS)
def test_a_report_stays_one(pipeline, sentence):
    assert len(claims(pipeline, sentence)) == 1
