"""Who is named: types, canonical names and ids from the gazetteer or from type and name; roles and affiliations."""

from __future__ import annotations

import re
import unicodedata

import pytest

from worker.contract.article import RawArticle
from worker.extraction.entities.person_names import same_person
from worker.extraction.entities.stage import find_entities
from worker.extraction.outcome import Extracted
from worker.extraction.text.parser import load_parser, same_length
from worker.gazetteer.lists import gazetteer, identity


@pytest.fixture(scope="module")
def parser():
    return load_parser()


def named(parser, text):
    """Mention to (type, canonical name, id)."""
    entities = find_entities(parser(same_length(text)), text)
    return {text[slice(*span)]: (n.kind, n.name, n.id) for n in entities.all for span in n.spans}


def sources(pipeline, body):
    frame = "The council met in the old town hall to talk about the new bridge over the river.\n\n"
    (outcome,) = pipeline.extract([RawArticle(uri="u", headline="A bridge is debated", body=frame + body)])
    assert isinstance(outcome, Extracted)
    return {
        link.source.span.exact: link.source
        for claim in outcome.extraction.claims
        for link in claim.attribution
        if link.source.span
    }


def test_the_lists_are_sound():
    lists = gazetteer()
    assert len(lists.countries) > 195
    ids = [entry.id for entry in lists.countries.values()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"wikidata:Q[1-9]\d*", known) for known in ids)
    capitals = {e.country for entries in lists.places.values() for e in entries if e.what == "capital"}
    small = {
        "AD",
        "AI",
        "AS",
        "AW",
        "BM",
        "CW",
        "HK",
        "KY",
        "PR",
        "PW",
        "RE",
    }  # territories, and one whose capital is a village
    assert set(lists.countries) - capitals <= small


@pytest.mark.parametrize(
    ("text", "mention", "kind", "name", "known"),
    [
        ("The US and Turkey signed the pact.", "US", "GPE", "United States", "wikidata:Q30"),
        ("Turkish forces crossed the border.", "Turkish", "GPE", "Turkey", "wikidata:Q43"),
        ("The Libyans voted on Sunday.", "Libyans", "GPE", "Libya", "wikidata:Q1016"),
        ("Norway's parliament rejected the bill.", "Norway", "GPE", "Norway", "wikidata:Q20"),
        ("The U.N. sent observers.", "U.N.", "ORG", "United Nations", "wikidata:Q1065"),
        (
            "The Security Council met behind closed doors.",
            "Security Council",
            "ORG",
            "United Nations Security Council",
            "wikidata:Q37470",
        ),
        ("The Kremlin denied the report.", "Kremlin", "GPE", "Russia", "wikidata:Q159"),
        ("Downing Street declined to comment.", "Downing Street", "GPE", "United Kingdom", "wikidata:Q145"),
        ("Moscow rejected the claim.", "Moscow", "GPE", "Russia", "wikidata:Q159"),
        ("Talks with Tehran collapsed.", "Tehran", "GPE", "Iran", "wikidata:Q794"),
        ("Brussels proposed new rules.", "Brussels", "ORG", "European Union", "wikidata:Q458"),
        ("Snow fell in Moscow on Monday.", "Moscow", "GPE", "Moscow", "geonames:524901"),
        ("Thousands marched through Paris.", "Paris", "GPE", "Paris", "geonames:2988507"),
    ],
)
def test_what_the_gazetteer_knows(parser, text, mention, kind, name, known):
    assert named(parser, text)[mention] == (kind, name, known)


def test_a_country_inside_another_name_is_not_named(parser):
    found = named(parser, "The Bank of England raised its rate, and Turkish Airlines cut fares.")
    assert not {"United Kingdom", "England", "Turkey"} & {name for _, name, _ in found.values()}


def test_capitals_in_a_shouted_line_are_no_country(parser):
    assert "US" not in named(parser, "PLEASE LET US GO HOME NOW, SAY STRANDED HIKERS\n\nThe hikers waited for days.")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Khalifa Hifter", "Haftar", True),
        ("Volodymyr Zelensky", "Zelenskyy", True),
        ("Yusef al-Mahdavi", "Mahdawi", True),
        ("Muammar Gaddafi", "Qaddafi", True),
        ("Bill Marlow", "William Marlow", True),
        ("J. Marlow", "Jane Marlow", True),
        ("António Guterres", "Antonio Guterres", True),
        ("Richard Mills", "Anna Miles", False),
        ("Richard Mills", "Miles", False),
        ("Bill Clinton", "Hillary Clinton", False),
        ("John Reed", "Reid", False),
        ("Anna Berg", "Berger", False),
        ("Hassan Diab", "Hussein Diab", False),
        ("Hussein Diab", "Husayn Diab", True),
    ],
)
def test_spellings(one, other, same):
    assert same_person(one, other) is same


def test_two_people_of_one_surname_stay_apart(parser):
    text = "Bill Clinton spoke first. Hillary Clinton answered him. Later Mrs Clinton left, and Clinton was tired."
    entities = find_entities(parser(same_length(text)), text)
    people = {n.name: [text[slice(*s)] for s in n.spans] for n in entities.all if n.kind == "PERSON"}
    assert people["Bill Clinton"] == ["Bill Clinton"]
    assert people["Hillary Clinton"] == ["Hillary Clinton", "Clinton"]
    assert len(people["Clinton"]) == 1  # whom the bare surname means is left open


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("Presiding judge Odile Marchand opened the case, and Marchand was brief.", "Odile Marchand"),
        ("Its director, Zoë Tanguy, resigned.", "Zoë Tanguy"),
        ("Una Marsh, a lawyer for the port, resigned.", "Una Marsh"),
        ("The lawmaker Geir Tangen resigned.", "Geir Tangen"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_office_beside_it_makes_a_person(parser, text, mention, form):
    found = named(parser, unicodedata.normalize(form, text))
    assert found[unicodedata.normalize(form, mention)][0] == "PERSON"


def test_a_short_form_of_a_body_is_the_body(parser):
    found = named(
        parser, "Aurora Air has grounded all jets. Aurora said on Monday that it would pay. Shares in Aurora fell."
    )
    assert found["Aurora"] == found["Aurora Air"]


def test_an_id_is_the_same_in_another_article(parser):
    one = named(parser, "Ministry spokesman Tomáš Řezník denied it.")
    other = named(parser, "On Monday the lawyer Tomas Reznik and Russia's envoy met.")
    assert one["Tomáš Řezník"][2] == other["Tomas Reznik"][2] == identity("PERSON", "Tomáš Řezník")
    assert other["Russia"][2] == identity("GPE", "Russia") == "wikidata:Q159"


@pytest.mark.parametrize(
    ("body", "source", "name", "kind", "role", "affiliation"),
    [
        ("US Chargé d’Affaires at the UN Ruth Alder said the talks would go on.",
         "US Chargé d’Affaires at the UN Ruth Alder",
         "Ruth Alder", "person", "Chargé d’Affaires at the UN", "United States"),
        ("UN envoy Teresa Quist said the truce had held.", "UN envoy Teresa Quist",
         "Teresa Quist", "person", "envoy", "United Nations"),
        ("Anna Berg, the harbour master of Lisbon, said the quay was safe.", "Anna Berg, the harbour master of Lisbon,",
         "Anna Berg", "person", "harbour master", "Lisbon"),
        ("UN experts said that the well was dry.", "UN experts", "UN experts", "group", "experts", "United Nations"),
        ("A spokesman for the water company said that the pipe had burst.", "A spokesman for the water company",
         "A spokesman for the water company", "person", "spokesman", "the water company"),
        ("Norway said that the fish had gone.", "Norway", "Norway", "government", None, None),
        ("Ankara said that the border would stay shut.", "Ankara", "Turkey", "government", None, None),
        ("The report said that the bridge was unsafe.", "The report", "The report", "document", None, None),
    ],
)  # fmt: skip
def test_roles_and_affiliations(pipeline, body, source, name, kind, role, affiliation):
    found = {words.rstrip(","): each for words, each in sources(pipeline, body).items()}[source.rstrip(",")]
    assert (found.name, found.kind, found.role, found.affiliation) == (name, kind, role, affiliation)


def test_an_office_holds_for_the_whole_article(pipeline):
    found = sources(pipeline, "Mayor Jonas Weil said the bridge was safe. Weil added that the quay was not.")
    assert found["Weil"].role == "Mayor"
    assert found["Weil"].entity_id == found["Mayor Jonas Weil"].entity_id


def test_unnamed_people_are_anonymous_and_offices_are_not(pipeline):
    found = sources(
        pipeline,
        "Officials said that the bridge was safe. The finance minister said that it was not. "
        "A person familiar with the plan said that it would close.",
    )
    assert found["Officials"].anonymous
    assert not found["The finance minister"].anonymous
    assert next(source for words, source in found.items() if words.startswith("A person")).anonymous
