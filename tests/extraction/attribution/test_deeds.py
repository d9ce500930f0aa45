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
    "The visitors appealed for offside, but the goal stood.",
    "It promises to be a long winter for the club.",
    "Residents counted their losses.",
    "The accused confirmed her name and age.",
    "The side confirmed their place in the final.",
    "Viewers will learn who shot the vicar in January.",
    "The captain called correctly and chose to field.",
    "The rookie announced his arrival with a hat-trick.",
    "Her barrister asked the witness about the car.",
    "The jury retired to consider its verdict.",
    "The play asks what we owe the dead.",
    "The novel imagines a town without clocks.",
    "The trial compared two doses of the drug.",
    "The sensor tells farmers when to water.",
    "Volunteers reported for duty at six.",
    "The siren warned of the flood.",
    "The owner confirmed the booking by email.",
    "The crew acknowledged the signal.",
    "The keeper called for the ball and threw it out.",
    "Lewis called time on a career of 300 games.",
    "The champions have named an unchanged side.",
    "The satellite confirmed the leak.",
    "The champion conceded the first set.",
    "The clinic admitted 40 patients on Friday.",
    "The magistrate granted bail.",
    "The shop refused cards.",
    "The judge dismissed the jury.",
    "The mill appealed the ruling.",
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
    "The coach appealed for calm.",
    "The court ruled that the fine was void.",
    "The club admitted its mistake.",
    "The minister conceded defeat.",
    "The clinic admitted that 40 patients had waited.",
    "The coach dismissed reports of a rift.",
    "The police named the victim as Ida Holm.",
    "The club confirmed that the game was off.",
    "The ministry announced the arrival of 40 buses.",
    "The union acknowledged a mistake in its figures.",
    "The dealer considers the painting worthless.",
    "The play says that the war was lost.",
    "She asked why the bridge was shut.",
    "The critic compared the minister to a clown.",
]


@pytest.mark.parametrize("sentence", DEEDS)
def test_a_deed_is_said_by_nobody(pipeline, sentence):
    assert not claims(pipeline, sentence)


@pytest.mark.parametrize("sentence", REPORTS)
def test_a_report_stays_one(pipeline, sentence):
    assert len(claims(pipeline, sentence)) == 1
