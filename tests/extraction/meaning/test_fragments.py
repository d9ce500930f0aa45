"""A clause of what is a noun phrase, an infinitive or a relative clause of place and time. Sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice


def texts(pipeline, body, voice):
    return [claim.content.text for claim in claims(pipeline, body, voice)]


ASKED = [
    ("The minister would not say whether the port would be sold.", None),
    ("The coach declined to say if Ida Berg would play on Sunday.", None),
    ("The firm did not reveal exactly what it had paid for the mill.", None),
    ("Deputies asked whether the dam would hold.", None),
    ("Doctors questioned whether the drug works.", None),
    ("The clerk was asked whether the hall was safe.", None),
    ("It is not clear whether the ship was insured.", None),
    ("The union is not sure why the plant was closed.", None),
    (
        "Asked by the BBC whether she would resign, Ida Falk said no decision had been made.",
        "The BBC asked Ida Falk whether she would resign",
    ),
    (
        "Asked whether she would stand again, Ida Falk said she had not decided.",
        "Ida Falk was asked whether she would stand again",
    ),
    # a condition is no question
    (
        "If the river rose again, the village would be cut off, the mayor said.",
        "If the river rose again, the village would be cut off",
    ),
    ("The mayor said that if it rained, the road would be shut.", "If it rained, the road would be shut"),
    (
        "Whether the dam can be saved will be decided in May, Ida Berg said.",
        "Whether the dam can be saved will be decided in May",
    ),
]


@pytest.mark.parametrize(("body", "text"), ASKED)
def test_what_is_asked_or_withheld_is_not_said(pipeline, body, text):
    assert (text or body.rstrip(".")) in texts(pipeline, body, Voice.ATTRIBUTED)


def test_an_abbreviation_keeps_its_stop(pipeline):
    assert "The fire began at 3 a.m." in texts(pipeline, "The union said the fire began at 3 a.m.", Voice.ATTRIBUTED)


def test_members_of_a_party_are_several(pipeline):
    body = "The Republican Party lost 40 seats in May. Republicans vowed to cut the tax by half."
    assert "Republicans would cut the tax by half" in texts(pipeline, body, Voice.ATTRIBUTED)


JOINED = [
    (
        "The judge ordered the firm to repay the loan and to publish its accounts.",
        "The firm must repay the loan and publish its accounts",
    ),
    (
        "The union threatened to stop the trams and to block the depot.",
        "The union would stop the trams and block the depot",
    ),
    ("Ida Berg had asked the firm to undo the deal and returned the money.", "The firm should undo the deal"),
    ("Norland said it would appeal and criticised the court.", "Norland would appeal"),
    ("The pilot is accused by crews of taking bribes and of hiding a fire.", "The pilot took bribes and hid a fire"),
    ("Norland was accused by the union of cutting pay.", "Norland cut pay"),
    ("The coach accused Leo Brand, a referee, of taking bribes.", "Leo Brand, a referee, took bribes"),
]


@pytest.mark.parametrize(("body", "text"), JOINED)
def test_deeds_that_are_joined_have_one_form(pipeline, body, text):
    assert text in texts(pipeline, body, Voice.ATTRIBUTED)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # the cue's own words before a noun phrase, also where a clause hangs on the noun
        (
            "The mayor of Lund rejects any report that suggests he took money.",
            "The mayor of Lund rejects any report that suggests he took money",
        ),
        (
            "Professor Ida Vale supports a larger role for the towns because they know the rivers.",
            "Ida Vale supports a larger role for the towns because they know the rivers",
        ),
        (
            "Norpap announced a new mill that will open in Lund in May.",
            "Norpap announced a new mill that will open in Lund in May",
        ),
        (
            "The farmers feared the clauses that they had to sign.",
            "The farmers feared the clauses that they had to sign",
        ),
        # a copula and a state
        # the author of a page who speaks as "we"
        ("We hope to spend a third of the grant on wells.", "We hope to spend a third of the grant on wells"),
        # a question below a cue that does not say it
        (
            "The builder declined later to state when the bridge would be ready.",
            "The builder declined later to state when the bridge would be ready",
        ),
        # whom nobody names expects something of
        ("Residents were expected to be moved to other flats.", "Residents would be moved to other flats"),
        ("The gang is not expected to sign the paper.", "The gang is not expected to sign the paper"),
        # somebody described by the relative clause in which he says it
        (
            "Reporters met a clerk who feared the revenge of the guards.",
            "A clerk feared the revenge of the guards",
        ),
        # for whom something is asked
        ("The lawyer asked for the inquiry to be reopened.", "The inquiry should be reopened"),
        # several deeds
        (
            "The league accused Riverside of bribing two referees and threatening a third.",
            "Riverside bribed two referees and threatened a third",
        ),
        (
            "Leo Brand admitted to threatening a clerk, and hiding the letters.",
            "Leo Brand threatened a clerk, and hid the letters",
        ),
        # "which" before a cue
        (
            "The club is talking of a deal, which Norpap promised to announce in May.",
            "Norpap promised to announce a deal in May",
        ),
        # a noun for what is said, and nobody who says it
        ("There were disputes over nationalization for years.", "There were disputes over nationalization"),
        # two question words
        (
            "The team noted if and how often people used the drug.",
            "The team noted if and how often people used the drug",
        ),
        # a noun for what somebody says
        ("The generals’ criticism of the retreat was loud.", "The generals criticised the retreat"),
    ],
)
def test_what_is_said_is_a_clause(pipeline, body, text):
    assert any(made.startswith(text) for made in texts(pipeline, body, Voice.ATTRIBUTED))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "The party has lost 9 votes since 2008, when Ida Vale and Leo Brand fought for 12 weeks.",
            "In 2008, Ida Vale and Leo Brand fought for 12 weeks",
        ),
        (
            "The payment is due on Tuesday, when the bank of Lund will open 3 new branches.",
            "On Tuesday, the bank of Lund will open 3 new branches",
        ),
        (
            "The band drove to a nearby bar, where 200 fans had waited since noon.",
            "In a nearby bar, 200 fans had waited since noon",
        ),
    ],
)
def test_a_relative_clause_of_place_or_time_gets_its_noun(pipeline, body, text):
    made = [each for voice in (Voice.AUTHOR, Voice.PRESUPPOSED) for each in texts(pipeline, body, voice)]
    assert text in made


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # verbs that are joined agree as well
        (
            "“I’ve tried to settle this but have not been able to,” said singer Mona Reyes.",
            "[Mona Reyes] has tried to settle this but has not been able to",
        ),
        # a small letter that belongs to a name
        ("The shop said that iPhone models cost less in May.", "iPhone models cost less in May"),
        ("The seller said eBay had closed the account.", "eBay had closed the account"),
        # marks that have lost their other one
        ("“He told me: ‘You need to work for it.’ I left,” said Ruth Holm.", "You need to work for it"),
        # who notices something has his article, and nobody is "it"
        ("The mistake was criticised by the Harbour Board.", "The mistake was criticised by the Harbour Board"),
        # a name of somebody else, or of a thing
        ("Leo Brand spoke. The chief said the Brand shooting was an accident.", "The Brand shooting was an accident"),
    ],
)
def test_grammar_and_spelling_are_kept(pipeline, body, text):
    made = texts(pipeline, body, Voice.ATTRIBUTED)
    assert text in made


def test_an_adjective_before_a_noun_of_saying_says_nothing(pipeline):
    body = "Democratic criticism of the bill grew. Democratic leaders said that the bill had no limit."
    assert not any(text.startswith("Democratic criticised") for text in texts(pipeline, body, Voice.ATTRIBUTED))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "Norbook presented its new offering, all of which was made in Lund in 2024.",
            "All of its new offering was made in Lund in 2024",
        ),
        (
            "Holm Oil, whom the authorities owe around 10 billion dollars for its wells, left the country in 2007.",
            "The authorities owe Holm Oil around 10 billion dollars for its wells",
        ),
        (
            "The mayor praised the talks, which the United States stands ready to support with 40 million dollars.",
            "The United States stands ready to support the talks with 40 million dollars",
        ),
    ],
)
def test_a_noun_is_put_where_its_relative_pronoun_is_missing(pipeline, body, text):
    assert text in texts(pipeline, body, Voice.AUTHOR)


def test_a_list_of_amounts_is_no_apposition(pipeline):
    made = texts(pipeline, "The cake needs 2 cups of flour, 3 eggs. Bakers used 40 eggs in May 2024.", Voice.AUTHOR)
    assert not any("flour are" in text or "flour is" in text for text in made)
