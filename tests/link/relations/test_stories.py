"""Relations between claims of short articles, from the articles on: what is one, and what only looks like one."""

from __future__ import annotations

import pytest

from tests.link.relations.making import claims_in
from worker.link.relations.stage import linked

MONDAY, TUESDAY, NEXT_WEEK = "2026-03-02T08:00:00Z", "2026-03-03T08:00:00Z", "2026-03-10T08:00:00Z"


def relations(pipeline, first, second, *, second_at=TUESDAY):
    claims = claims_in(pipeline, first, publisher="The Daily", at=MONDAY)
    claims += claims_in(pipeline, second, publisher="The Evening", at=second_at)
    return {
        relation.relation.value
        for relation in linked(claims).relations
        if relation.a.publisher != relation.b.publisher and relation.confidence >= 0.5
    }


RELATED = {
    "two witnesses of one number": (
        "The fire brigade said that 12 people were hurt in the blast.",
        "Doctors at the clinic said 12 people had been injured in the blast.",
        "corroborates",
    ),
    "two numbers for one toll": (
        "The police said 5,000 people took part in the march.",
        "The organisers said that 40,000 people took part in the march.",
        "contradicts",
    ),
    "one says it is so, another that it is not": (
        "Engineer Maria Holt said the tunnel had been inspected in May.",
        "The railway company said that the tunnel had not been inspected in May.",
        "contradicts",
    ),
    "a source says it again on another day": (
        "Finance minister Ola Dahl said on Monday that the airport would be sold.",
        "Dahl had said that the airport was going to be sold, the broadcaster reported.",
        "restates",
    ),
    "two demand the same": (
        "The teachers' union called on the government to withdraw the school bill.",
        "Parents' groups urged the government to withdraw the school bill.",
        "corroborates",
    ),
    "a demand is refused": (
        "The opposition demanded that the minister Vera Lund resign.",
        "Minister Vera Lund said that she would not resign.",
        "tension",
    ),
    "a demand that names the surname is refused by its bearer": (
        "The rail passengers' league called for Holm to step down.",
        "Pia Holm said that she would not step down.",
        "tension",
    ),
    "one hedges what the other denies": (
        "Mayor Gerd Sand said the lake was not polluted.",
        "Biologist Tom Reed said that the lake might be polluted.",
        "tension",
    ),
}


@pytest.mark.parametrize("name", RELATED)
def test_claims_of_two_articles_are_related(pipeline, name):
    first, second, relation = RELATED[name]
    assert relation in relations(pipeline, first, second)


def test_a_source_that_gives_another_number_later_revises_its_own(pipeline):
    first = "The coastguard said that nine sailors were missing after the storm."
    second = "The coastguard said that fourteen sailors were missing after the storm."
    assert relations(pipeline, first, second, second_at=NEXT_WEEK) == {"revises"}


TRAPS = {
    "a demand is not against a fact": (
        "The union demanded that the mine be closed.",
        "The company said that the mine employed 300 people.",
    ),
    "another year": (
        "The bank said it had lost 40 million euros in 2024.",
        "The regulator said that the bank lost 90 million euros in 2019.",
    ),
    "another place": (
        "The ministry said that 20 houses had burned down in Arvika.",
        "The army said that 75 houses had burned down in Molkom.",
    ),
    "opposite acts of different people": (
        "Trade minister Lars Bohm resigned on Monday, his office said.",
        "Transport minister Eva Strand said that she would not resign.",
    ),
    "a forecast and what came": (
        "The weather service said that 30 centimetres of snow would fall.",
        "The weather station at Lund said that 8 centimetres of snow fell.",
    ),
    "a denial that something was said": (
        "Senator Paul Hume denied having said that the dam was unsafe.",
        "Engineer Ida Moen said that the dam was unsafe.",
    ),
    "a part of the whole": (
        "The hospital said that 90 patients had fallen ill.",
        "Doctor Jan Vik said that 14 of the patients were in intensive care.",
    ),
}


@pytest.mark.parametrize("name", TRAPS)
def test_what_only_looks_like_a_clash_is_none(pipeline, name):
    assert not relations(pipeline, *TRAPS[name]) & {"contradicts", "tension", "revises"}


def test_the_same_distance_in_two_units_is_no_clash(pipeline):
    found = relations(
        pipeline,
        "The institute said the epicentre was 30 miles from the capital.",
        "The university said that the epicentre was 48 kilometres from the capital.",
    )
    assert found == {"corroborates"}


def test_a_source_that_repeats_itself_is_no_second_witness(pipeline):
    found = relations(
        pipeline,
        "The fire brigade said that 12 people were hurt in the blast.",
        "The fire brigade said that 12 people had been injured in the blast.",
    )
    assert found == {"restates"}


def test_in_the_sample_the_denial_of_soldiers_and_the_number_of_mercenaries_are_in_tension(pipeline, sample):
    claims = claims_in(pipeline, sample.read_text(encoding="utf-8"), at="2021-01-29T09:00:00Z")
    related = [r for r in linked(claims).relations if r.relation.value == "tension"]
    assert any(
        "1,200 mercenaries" in r.a.text + r.b.text and "no Russian servicemen" in r.a.text + r.b.text for r in related
    )


def test_in_the_sample_two_sources_that_demand_withdrawal_corroborate(pipeline, sample):
    claims = claims_in(pipeline, sample.read_text(encoding="utf-8"), at="2021-01-29T09:00:00Z")
    related = [r for r in linked(claims).relations if r.relation.value == "corroborates"]
    assert any({r.a.source, r.b.source} == {"Richard Mills", "António Guterres"} for r in related)


@pytest.mark.parametrize(
    "text",
    [
        "The news agency reported that minister Vera Holm had said the port would stay closed until Friday.",
        "A spokesman for the union said that the drivers believed the contract had been signed in secret.",
    ],
)
def test_a_source_that_another_quotes_is_no_second_witness(pipeline, text):
    claims = claims_in(pipeline, text)
    assert len(claims) > 1
    assert [r.relation.value for r in linked(claims).relations if r.a.source != r.b.source] == []
