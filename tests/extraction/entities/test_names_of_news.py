"""Names in headlines, in quotation marks, of people whom one given name tells, of well-known bodies. Written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice
from worker.extraction.entities.headline_names import without_headline_words
from worker.extraction.entities.mention import Mention


def names(pipeline, body):
    found = [claim for voice in Voice for claim in claims(pipeline, body, voice)]
    return {(entity.name, entity.type) for claim in found for entity in claim.entities}


@pytest.mark.parametrize(
    ("body", "name"),
    [
        # words of a headline are no part of a name that the text has without them
        (
            "Fixing Norland: Why It Costs More Than Planned\n\nLeo Brand said Norland lost 90 percent of its mills.",
            "Fixing Norland",
        ),
        (
            "Introducing Mona Reyes, The New Head Of The Bank\n\nMona Reyes said the bank had 40 branches in 2019.",
            "Introducing Mona Reyes",
        ),
        (
            "Unpredictable Holm Leaves Team Before The Cup Final\n\nRuth Holm said she had won 40 games. Holm left.",
            "Unpredictable Holm",
        ),
    ],
)
def test_words_of_a_headline_are_no_name(pipeline, body, name):
    assert name not in {each for each, _ in names(pipeline, body)}


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        ("Ida Vale said NASA had lost two probes since 2019.", "NASA", "ORG"),
        ("Ida Vale said Netflix had 40 films on lakes.", "Netflix", "ORG"),
        ("Ida Vale said Verizon would cut 900 jobs in May.", "Verizon", "ORG"),
        ("The council of Lund said on Monday that Ibrahim Sund had sold 40 boats.", "Ibrahim Sund", "PERSON"),
        ("The clerk said “Night Train” had sold 900 copies in May.", "Night Train", None),
    ],
)
def test_a_name_has_its_type(pipeline, body, name, kind):
    found = names(pipeline, body)
    assert (name, kind) in found if kind else not any(each.startswith(("“", '"')) for each, _ in found)


@pytest.mark.parametrize(
    ("headline", "name", "made"),
    [
        ("Fixing Norland: Why It Costs More Than Planned", "Fixing Norland", ["Norland"]),
        ("Introducing Mona Reyes, The New Head Of The Bank", "Introducing Mona Reyes", ["Mona Reyes"]),
        (
            "Harbour Office Picks Norpap For Three Cranes",
            "Harbour Office Picks Norpap",
            ["Harbour Office", "Norpap"],
        ),
        ("Unpredictable Holm Leaves Team Before The Cup Final", "Unpredictable Holm", ["Holm"]),
    ],
)
def test_a_name_of_a_headline_is_cut_to_what_the_text_names(headline, name, made):
    body = "Norland gave Norpap and the Harbour Office 3 cranes, Mona Reyes said. It is unpredictable."
    text = f"{headline}\n\n{body}"
    below = [("Norland", "GPE"), ("Norpap", "ORG"), ("Harbour Office", "ORG"), ("Mona Reyes", "PERSON")]
    mentions = [Mention((text.index(name), text.index(name) + len(name)), "PERSON", name)]
    mentions += [Mention((text.rindex(n), text.rindex(n) + len(n)), kind, n) for n, kind in below]
    found = without_headline_words(mentions, text)
    assert [m.name for m in found if m.span[0] < len(headline)] == made


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        # a surname that has a title somewhere
        ("Protesters wanted Surlo to go. General Surlo said he had lost 40 guns. Surlo was silent.", "Surlo", "PERSON"),
        # a name in a list of people
        ("Mike Holm, Colton Scevo and Ruth Brand scored 12 goals in 2019.", "Colton Scevo", "PERSON"),
        # states as newspapers write them
        ("Senator Ruth Brand (D., Ariz.) said the law had 12 gaps.", "Arizona", "GPE"),
    ],
)
def test_what_the_words_beside_a_name_tell(pipeline, body, name, kind):
    assert (name, kind) in names(pipeline, body)


def test_a_verb_in_quotation_marks_is_no_nickname(pipeline):
    body = "Brand ‘praises’ Norland in a speech. Leo Brand said Norland had 40 mills."
    assert "Brand Norland" not in {name for name, _ in names(pipeline, body)}


@pytest.mark.parametrize(
    ("body", "name", "never"),
    [
        # a name that stands alone before a longer one is not short for it
        (
            (
                "Strandbook cut its prices by 40 percent in May. Ida Vale said Strandbook had 900 users. "
                "A post on the Strandbook Reader Forum said 40 users had left Strandbook."
            ),
            "Strandbook",
            None,
        ),
        # a country with a word before it that is no given name
        (
            "Fixing Norway's mills won't be cheap\n\nIda Vale said Norway had lost 90 percent of its mills since 2019.",
            "Norway",
            "Fixing Norway",
        ),
        # a department of state is not called State
        ("Secretary of State Ida Vale said the embassy had 40 guards.", "Ida Vale", "State"),
        # who leads a country needs no first name
        ("Leo Brand said Macron had closed 40 schools in 2019.", "Macron", None),
        # a participle before a name that begins a sentence
        ("Wearing Mardi again, Ida Vale opened the show in May 2020.", "Ida Vale", "Wearing Mardi"),
        # units, scores and honorifics
        ("The oven of Ida Vale reached 900 degrees Fahrenheit in May.", "Ida Vale", "Fahrenheit"),
        ("Leo Brand said Iceland 0-0 was a fair result of 40 shots.", "Iceland", "Iceland 0-0"),
        ("Datuk Seri Amir Idris said the mill had lost 40 workers. Amir left.", "Amir Idris", "Datuk Seri"),
        # what nobody is behind
        ("Rumour has it that Ida Vale lost 40 films in May.", "Ida Vale", "Rumour"),
        # technical abbreviations are nobody
        ("Leo Brand said the new CPU needed 40 watts and a USB cable.", "Leo Brand", "CPU"),
    ],
)
def test_a_name_is_neither_longer_nor_more_than_the_text_says(pipeline, body, name, never):
    found = {each for each, _ in names(pipeline, body)}
    assert name in found
    assert never not in found


@pytest.mark.parametrize(
    ("body", "name", "kind"),
    [
        # what a name's last word tells
        ("Ida Vale sang at the Norland Music Awards in May 2019.", "Norland Music Awards", "EVENT"),
        ("Leo Brand used it 40 times in the Cassel Mountains.", "Cassel Mountains", "LOC"),
        ("Leo Brand broke the Foreign Agents Registration Act 40 times.", "Foreign Agents Registration Act", "LAW"),
        # what has an article somewhere
        ("Ida Vale said Norbook Pro cost 900 euros in 2019. The Norbook Pro weighs 2 kg.", "Norbook Pro", "ORG"),
    ],
)
def test_a_thing_is_no_person(pipeline, body, name, kind):
    found = names(pipeline, body)
    assert (name, kind) in found
    assert (name, "PERSON") not in found


def test_who_has_an_office_is_a_person_also_beside_a_body(pipeline):
    body = "The director of the European Dairy Centre, Ina Kersch, said milk had cost 40 cents in 2019."
    assert ("Ina Kersch", "PERSON") in names(pipeline, body)


def test_a_name_with_capitals_inside_is_no_person(pipeline):
    body = "SoftNorda said it had bought 40 mills. SoftNorda was founded in 2004. Leo McBride left it."
    found = names(pipeline, body)
    assert ("SoftNorda", "PERSON") not in found
    assert ("Leo McBride", "PERSON") in found


@pytest.mark.parametrize(
    ("body", "name", "other"),
    [
        ("Voters in Northern Ireland chose 90 members on Thursday.", "Northern Ireland", "Ireland"),
        ("The firm moved 40 jobs from New Mexico to Lund in May.", "New Mexico", "Mexico"),
        ("A mill in South Wales lost 300 workers in June.", "South Wales", "Wales"),
        ("Floods hit northern Ireland and killed 12 people on Monday.", "Ireland", "Northern Ireland"),
    ],
)
def test_a_place_called_after_another_is_not_the_other(pipeline, body, name, other):
    found = {each for each, _ in names(pipeline, body)}
    assert name in found
    assert other not in found
