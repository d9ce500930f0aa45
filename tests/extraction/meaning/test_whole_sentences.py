"""A text is a whole sentence, and no more of one than the article says. Sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice

AUTHOR, ATTRIBUTED, PRESUPPOSED = Voice.AUTHOR, Voice.ATTRIBUTED, Voice.PRESUPPOSED


def texts(pipeline, body, voice):
    return [claim.content.text for claim in claims(pipeline, body, voice)]


@pytest.mark.parametrize(
    ("body", "text", "voice"),
    [
        # a question is not its answer
        (
            "The board uses its models to assess whether the dam is likely to hold for 40 years.",
            "The board uses its models to assess whether the dam is likely to hold for 40 years",
            ATTRIBUTED,
        ),
        (
            "The flood came at night, raising questions about whether the dam was safe.",
            "The question is whether the dam was safe",
            ATTRIBUTED,
        ),
        (
            "Two other riders have not said who they would ride for.",
            "Two other riders have not said who they",
            ATTRIBUTED,
        ),
        (
            "The port authority has not said what other ferries it would buy.",
            "The port authority has not said what other ferries it would buy",
            ATTRIBUTED,
        ),
        # a quoted noun that somebody expresses
        ("Nine firms have voiced “great concern.”", "Nine firms have voiced great concern", ATTRIBUTED),
        # those whom a clause tells apart
        (
            "Those left homeless by the flood were given tents but were expected to be moved to flats.",
            "Those left homeless by the flood were expected to be moved to flats",
            ATTRIBUTED,
        ),
        # where they are belongs to whom it is asked of
        (
            "The envoy urged Norland and others in the region to push back.",
            "Norland and others in the region should push back",
            ATTRIBUTED,
        ),
        # the conjunction of the reason
        (
            "The mayor said: the town is poor because of the flood. He said “because the dam was old”.",
            "The town is poor because of the flood",
            ATTRIBUTED,
        ),
        # a relative clause of a place, and what is none
        (
            "The team looked at 40 farms in states where the drug had been legal since 2016.",
            "In some states, the drug had been legal since 2016",
            PRESUPPOSED,
        ),
        (
            "Three towns where the fever still kills 40 people a year are Olm, Lund and Sund.",
            "Three towns where the fever still kills 40 people a year are Olm, Lund and Sund",
            AUTHOR,
        ),
        # what somebody is doing with the noun before
        (
            "The general has done nothing for the country that he is fighting to lead since May.",
            "The general is fighting to lead the country since May",
            PRESUPPOSED,
        ),
        # two nouns of one relative clause
        (
            "Two guards — a Dane and a Swede — who had been held in Olm since 2016 left on Tuesday.",
            "A Dane and a Swede had been held in Olm since 2016",
            AUTHOR,
        ),
        # a title of two parts
        (
            "“It is cold,” said Ida Falk, president and chief of the Lund Committee for the 40 islands.",
            "Ida Falk is president and chief of the Lund Committee for the 40 islands",
            AUTHOR,
        ),
        # the comma behind a clause stays where another clause was taken out
        (
            "If guards use water guns, which are heavy, 40 nurses will come to the square.",
            "If guards use water guns, 40 nurses will come to the square",
            AUTHOR,
        ),
        # a dash at the end of a name
        (
            "The huge Norpap mill - which employs 900 people in the north - is now considering leaving the town.",
            "The huge Norpap mill is now considering leaving the town",
            ATTRIBUTED,
        ),
    ],
)
def test_a_text_is_whole(pipeline, body, text, voice):
    made = texts(pipeline, body, voice)
    assert any(each.startswith(text) for each in made), made


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # what a quote takes for granted
        (
            "“I left the team because I lost 40 kilos in two years,” said Ida Falk.",
            "[Ida Falk] lost 40 kilos in two years",
        ),
        (
            "Minister Ole Lie was calm. “As I said when I signed the bill in 2016, it changes nothing,” Lie said.",
            "[Ole Lie] signed the bill in 2016",
        ),
    ],
)
def test_who_takes_something_for_granted_is_named(pipeline, body, text):
    assert text in texts(pipeline, body, PRESUPPOSED)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        # "I" of somebody whom the source quotes
        (
            "According to the Olm Gazette, one user wrote: “I only want to know how they came to Lund.”",
            "I only want to know how they came to Lund",
        ),
        # a letter is no "I"
        (
            "A message on the website reads: “I suggest that all of you move to our island.”",
            "I suggest that all of you move to our island",
        ),
        # marks of the article stay single
        ("“[We] have agreed to pay the 40 singers,” the Harbour Club said.", "[The Harbour Club] has agreed to pay"),
    ],
)
def test_only_who_speaks_is_i(pipeline, body, text):
    made = texts(pipeline, body, ATTRIBUTED)
    assert any(text in each for each in made), made


def test_the_name_of_a_thing_stays_as_it_is(pipeline):
    body = "Marco Holt spoke in Lund on Monday. The new Holt supporters include 40 nurses from the north."
    assert "The new Holt supporters include 40 nurses from the north" in texts(pipeline, body, AUTHOR)


@pytest.mark.parametrize(
    "body",
    [
        # not there yet, or again and again
        "The crews will stay at home until the 40 boats are safe.",
        "Do not wait until Ole Lie is elected in May 2030.",
        "Voters will get 3 letters before the vote for 3 seats begins.",
        "The children get a cake when they win 3 games.",
        # manners of speaking
        "The board is careful when it comes to loans of 3 million euros.",
        "As sailors call the 3 islands of Olm, the Teeth are sharp.",
        "The fair is full, as is the case each year in May.",
        "As papers leaked to the Olm Gazette in 2016 have shown, the dam was never safe.",
        "The club is as poor as the bank of Lund was.",
        # a question
        "The builder declined later to state when the 3 bridges would be ready.",
        # anybody
        "The party does not want any bill that has fewer than 67 votes.",
    ],
)
def test_what_is_no_fact_is_not_taken_for_granted(pipeline, body):
    assert not texts(pipeline, body, PRESUPPOSED)


@pytest.mark.parametrize(
    "body",
    [
        "Post-race meal\n\nLemon rice bowl, 1 cup of rice, 2 eggs\n\n1 scoop of bran, 1 cup of spinach, 8 oz. of milk.",
        "The shop sells 40 kinds of phones.\n\nWhat’s in the box of 2 phones",
        "The dam of Olm holds 40 million litres.\n\nWhich is exactly the problem of 2026.",
        "The firm told the bank of its plans for 40 ships and how it means to pay for 3 of them.",
    ],
)
def test_what_states_nothing_is_no_claim_of_the_article(pipeline, body):
    wrong = ("lemon", "1 scoop", "what’s", "which", "how")
    assert not [text for text in texts(pipeline, body, AUTHOR) if text.lower().startswith(wrong)]
