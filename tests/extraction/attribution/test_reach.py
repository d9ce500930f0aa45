"""A content stays in its line and its sentence."""

from __future__ import annotations

import pytest

from tests.extraction.attribution.told import own_voice, told


@pytest.mark.parametrize(
    ("headline", "body", "expected"),
    [
        (
            "Ferry aground off Skerra",
            "Eighty passengers were taken off a ferry on Sunday, the coastguard said. The ship had left Pell at noon.",
            ("the coastguard", "Eighty passengers were taken off a ferry on Sunday"),
        ),
        (
            "Lindqvist out for the season",
            "The striker tore a ligament in training, the club said on Monday. Lindqvist is 24.",
            ("the club", "The striker tore a ligament in training"),
        ),
        (
            "Court frees three",
            "Three men accused of fraud have been released, their lawyer said.",
            ("the lawyer of three men", "Three men accused of fraud have been released"),
        ),
        (
            "Sales of heat pumps double",
            "Sales of heat pumps doubled last year, according to a report by the energy agency.",
            ("a report by the energy agency", "Sales of heat pumps doubled last year"),
        ),
        (
            "Museum to reopen",
            "The museum will reopen in spring, director Eva Holt said on Friday. Its roof has been rebuilt.",
            ("Eva Holt", "The museum will reopen in spring"),
        ),
    ],
)
def test_a_headline_is_no_part_of_a_content(pipeline, headline, body, expected):
    found = told(pipeline, body, headline)
    assert expected in found
    assert sum(source == expected[0] for source, _ in found) == 1


def test_a_subhead_is_no_part_of_a_content(pipeline):
    body = (
        "The orchestra played in the rain on Saturday.\n\nFull house\n\n"
        "All seats were taken by noon, the organisers said. The concert ended at ten."
    )
    assert told(pipeline, body) == [("the organisers", "All seats were taken by noon")]


@pytest.mark.parametrize(
    ("body", "expected", "own"),
    [
        (
            "Rescuers reached the cave on Monday. A storm had cut the road. The boys are alive, the army said.",
            [("the army", "The boys are alive")],
            "Rescuers reached the cave on Monday",
        ),
        (
            "The profit rose by a fifth, the brewer said. Nobody lost a job.",
            [("the brewer", "The profit rose by a fifth")],
            "Nobody lost a job",
        ),
        (
            "Two windows were broken, the caretaker said. Police were called at eight.",
            [("the caretaker", "Two windows were broken")],
            "Police were called at eight",
        ),
    ],
)
def test_a_neighbouring_sentence_is_the_articles_own(pipeline, body, expected, own):
    assert told(pipeline, body) == expected
    assert own in own_voice(pipeline, body)


def test_each_sentence_has_its_own_source(pipeline):
    body = (
        "The jury was split, said its foreman, Ole Brandt. The judge was tired, said a clerk. "
        "A new trial will begin in March, said a woman who asked not to be named."
    )
    contents = [content for _, content in told(pipeline, body)]
    assert contents == ["The jury was split", "The judge was tired", "A new trial will begin in March"]


def test_a_report_that_goes_on_in_its_tense_stays_with_its_source(pipeline):
    body = "The union said the mill would close in May. Two hundred people would lose their jobs."
    contents = " ".join(content for source, content in told(pipeline, body) if "union" in source)
    assert "would close in May" in contents
