"""Countries of claims, and claims of different matters that say nearly the same: two fires are not one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.link.relations.making import claims_in, made_claim
from worker.contract.claim import Entity, Span
from worker.link.relations.decide import ruled_out_at_once
from worker.link.relations.places import countries_of
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import relation_between


def under(headline, claim):
    return replace(claim, article=replace(claim.article, headline=headline))


@pytest.mark.parametrize(
    ("claim", "countries"),
    [
        (made_claim("The dam had burst"), set()),
        (made_claim("The dam in Peru had burst"), {"PE"}),
        (made_claim("The Kenyan envoy had left the talks in Vienna"), {"KE", "AT"}),
        (made_claim("The dam had burst", source="Norway's energy ministry"), {"NO"}),
        (under("Italian dam bursts", made_claim("Nobody was hurt")), {"IT"}),
        (made_claim("The Kremlin would answer"), {"RU"}),
        (made_claim("South Korea and North Korea would talk"), {"KR", "KP"}),
        (made_claim("The chadors were sold in malls"), set()),
    ],
)
def test_countries_are_found_in_content_source_and_headline(claim, countries):
    assert countries_of(claim) == countries


def test_a_person_is_no_country():
    text = "Jordan Chad Ellis had left the club"
    name = Entity(
        name="Jordan Chad Ellis", entity_id="x", type="PERSON", spans=[Span(start=0, end=17, exact=text[:17])]
    )
    assert countries_of(made_claim(text, entities=[name])) == set()


def test_a_city_counts_for_its_country():
    name = Entity(name="Leeds", entity_id="geonames:2644688", type="GPE", spans=[])
    assert countries_of(made_claim("The bus had left the road", entities=[name])) == {"GB"}


def test_what_names_a_country_may_be_about_what_names_none():
    named, unnamed = made_claim("The dam in Peru had burst"), made_claim("The dam had burst", uri="https://b.example/1")
    assert ruled_out_at_once(reading_of(named), reading_of(unnamed)) is None


def test_two_sides_of_one_article_may_be_of_two_countries():
    one, other = made_claim("Troops of Peru had fired first"), made_claim("Troops of Chile had fired", source="Lima")
    behind = replace(other, content=replace(other.content, spans=[Span(start=50, end=75, exact=other.content.text)]))
    assert ruled_out_at_once(reading_of(one), reading_of(behind)) is None


APART = [
    ("Police in Bergen said two men had been arrested.", "Police in Leeds said that two men had been arrested."),
    (
        "Peru's government said it would raise the price of fuel.",
        "The Kenyan government said it would raise fuel prices.",
    ),
    ("Brill Foods said it would close its oldest plant.", "Dorn Motors said it would close its oldest plant."),
    ("Orvia promised to scrap the visa.", "Tallis promised to scrap the visa."),
    (
        "Bus leaves road near Cusco in Peru\n\nThe hospital said eleven people had been killed.",
        "Blaze in Lagos market\n\nPolice said twelve people had been killed.",
    ),
    (
        "Strike closes port of Genoa\n\nThe dockers' union said the strike would go on until Friday.",
        "Strike closes Danish schools\n\nThe teachers' union said the strike would be over by Thursday.",
    ),
]


def readings_in(pipeline, text, **article):
    """Of an article whose headline, where it has one, stands before an empty line."""
    headline, _, body = text.rpartition("\n\n")
    found = [reading_of(claim) for claim in claims_in(pipeline, body, headline=headline or None, **article)]
    assert found
    return found


def related(pipeline, one, other):
    firsts = readings_in(pipeline, one, publisher="The Daily", at="2026-03-02T08:00:00Z")
    seconds = readings_in(pipeline, other, publisher="The Hourly", at="2026-03-03T08:00:00Z")
    return [found for a in firsts for b in seconds if (found := relation_between(a, b)) is not None]


@pytest.mark.parametrize(("one", "other"), APART)
def test_the_same_said_of_two_matters_is_no_relation(pipeline, one, other):
    found = [(r.a.text, r.relation.value, r.b.text) for r in related(pipeline, one, other) if r.confidence >= 0.5]
    assert found == []


TOGETHER = [
    (
        "Peru's government said it would raise the price of fuel.",
        "The Peruvian energy minister said fuel prices would rise.",
    ),
    (
        "Brill Foods said it would close its oldest plant.",
        "The union said Brill Foods would shut down its oldest plant.",
    ),
    (
        "Bus leaves road near Cusco\n\nThe hospital said eleven people had been killed.",
        "Eleven die as bus leaves road in Peru\n\nPolice said 11 people had been killed.",
    ),
]


@pytest.mark.parametrize(("one", "other"), TOGETHER)
def test_one_matter_told_twice_is_related(pipeline, one, other):
    assert {found.relation.value for found in related(pipeline, one, other)} == {"corroborates"}
