"""Quotes in every style of mark are direct speech."""

from __future__ import annotations

import pytest

from tests.extraction.attribution.told import told


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "The clerk was calm on Monday. ‘The islanders’ boats weren’t insured,’ said harbour master Ole Brandt.",
            [("Ole Brandt", "The islanders boats weren’t insured")],
        ),
        (
            "The match ended late. 'We didn't deserve that,' coach Mia Falk told reporters.",
            [("Mia Falk", "We didn't deserve that")],
        ),
        (
            "The owner spoke on Friday. ``The roof will be mended by May,'' Ruth Sand said.",
            [("Ruth Sand", "The roof will be mended by May")],
        ),
        (
            "The prefect, Pierre Roux, spoke on Friday. « The dam is safe », he said.",
            [("Pierre Roux", "The dam is safe")],
        ),
        (
            "The strike began at dawn. „The buses stay in the depot“, said Uwe Hahn, a shop steward.",
            [("Uwe Hahn", "The buses stay in the depot")],
        ),
        (
            'The letter was read in court. "It ended, "Burn this page," and had no name," Sergeant Ann Moss said.',
            [("Ann Moss", "It ended, Burn this page, and had no name")],
        ),
    ],
)
def test_quotes_have_their_speaker(pipeline, body, expected):
    found = told(pipeline, body)
    for each in expected:
        assert each in found
    assert len([content for _, content in found if content in dict(map(reversed, expected))]) == len(expected)


def test_a_quote_left_open_belongs_to_who_opened_it(pipeline):
    body = (
        "“The water rose in an hour,” said Nils Aker, a farmer. “We lost two barns.\n\n"
        "“The cattle are on the hill now.\n\n“Nobody warned us.”\n\n"
        "The mayor, Eva Holt, replied: “We sent messages to all phones.”"
    )
    found = told(pipeline, body)
    assert {source for source, content in found if "cattle" in content or "warned" in content} == {"Nils Aker"}
