"""Who asks and who is asked, where the question stands in a participle before the answer or behind a verb of asking."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle


def told(pipeline, body):
    """Of each attributed claim: its text, the name of the source, and the addressees."""
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=body, language="en")])
    return [
        (c.content.text, c.attribution[-1].source.name, [each.name for each in c.attribution[-1].addressees])
        for c in outcome.extraction.claims
        if c.attribution
    ]


@pytest.mark.parametrize(
    ("body", "question", "answer"),
    [
        (
            (
                "Mira Holt denied the charge. Asked by the prosecutor if she had been drunk, she said she had not "
                "touched a drop."
            ),
            ("The prosecutor asked Mira Holt if she had been drunk", "the prosecutor", ["Mira Holt"]),
            ("Mira Holt had not touched a drop", "Mira Holt", []),
        ),
        (
            (
                "Lewis Hartnoll denies arson. Asked by his barrister why his phone had been near the chapel, he "
                "replied: “I had lent it to a friend.”"
            ),
            (
                "The barrister of Lewis Hartnoll asked Lewis Hartnoll why his phone had been near the chapel",
                "the barrister of Lewis Hartnoll",
                ["Lewis Hartnoll"],
            ),
            ("[Lewis Hartnoll] had lent it to a friend", "Lewis Hartnoll", []),
        ),
        (
            "Asked by reporters if he would resign, Mr Okoro said the charge was false.",
            ("Reporters asked Okoro if he would resign", "reporters", ["Okoro"]),
            ("The charge was false", "Okoro", []),
        ),
    ],
)
def test_who_is_asked_in_a_participle_is_who_answers(pipeline, body, question, answer):
    found = told(pipeline, body)
    assert question in found
    assert answer in found


@pytest.mark.parametrize(
    ("body", "question"),
    [
        (
            "Reporters asked Okoro if he had lied.",
            ("Reporters asked Okoro if he had lied", "Reporters", ["Okoro"]),
        ),
        (
            "Ms Dale asked the council if it would pay.",
            ("Dale asked the council if it would pay", "Dale", ["the council"]),
        ),
    ],
)
def test_a_question_with_if_is_asked_of_somebody(pipeline, body, question):
    assert told(pipeline, body) == [question]


@pytest.mark.parametrize(
    ("body", "source", "text"),
    [
        (
            "Lumo will recall 38,000 cars, a move analysts said could cost it up to $90 million.",
            "analysts",
            "A move could cost it up to $90 million",
        ),
        (
            "Novelist Beryl Ashe once described herself as “a plumber who wrote”.",
            "Beryl Ashe",
            "Beryl Ashe is a plumber who wrote",
        ),
        (
            "Councillor Ravi Menon (Lib Dem) said the tax was a raid on pockets.",
            "Ravi Menon",
            "The tax was a raid on pockets",
        ),
    ],
)
def test_whose_words_they_are(pipeline, body, source, text):
    assert [(said, name) for said, name, _ in told(pipeline, body)] == [(text, source)]


def test_a_date_is_nobody_who_is_told(pipeline):
    body = "Rudd & Hale, the builder, reported a pre-tax loss of £14.2m for the year to 31 March."
    assert [addressees for *_, addressees in told(pipeline, body)] == [[]]
