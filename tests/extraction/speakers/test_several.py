"""Several who speak together: each by the full name, and one who is described is one."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.names import name_of


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "Tom Arden, Ruth Karlsen and Sven Dahl built the raft. Arden, Karlsen, and Dahl say the river is "
                "too low."
            ),
            "river is too low",
            "Tom Arden, Ruth Karlsen and Sven Dahl",
        ),
        (
            "Tom Arden and Ruth Karlsen built the raft. Arden and Karlsen said the river was too low.",
            "river was too low",
            "Tom Arden and Ruth Karlsen",
        ),
        (
            "Tom Arden built the raft with friends. Arden, Karlsen and other rowers said the river was too low.",
            "river was too low",
            "Tom Arden, Karlsen and other rowers",
        ),
        (
            "Senator Tom Arden and Rep. Ruth Karlsen said the levy was dead.",
            "levy was dead",
            "Tom Arden and Ruth Karlsen",
        ),
        (
            "Ruth Karlsen and her brother said the river was too low.",
            "river was too low",
            "Ruth Karlsen and her brother",
        ),
        (
            "Tom Arden, an engineer and amateur diver, said the river was too low.",
            "river was too low",
            "Tom Arden",
        ),
        (
            "Tom Arden, mayor of Olm and Reed, said the river was too low.",
            "river was too low",
            "Tom Arden",
        ),
        (
            "Barnett & Hoyle said profits had doubled.",
            "profits had doubled",
            "Barnett & Hoyle",
        ),
        (
            "Marlow and Pike, the retailer, said profits had doubled. Marlow and Pike has 40 shops.",
            "profits had doubled",
            "Marlow and Pike",
        ),
        (
            "Police and residents said the river was too low.",
            "river was too low",
            "Police and residents",
        ),
        (
            (
                "Tom Arden, Ruth Karlsen and other rowers built it. Arden, Karlsen and other rowers said the river "
                "was too low."
            ),
            "river was too low",
            "Tom Arden, Ruth Karlsen and other rowers",
        ),
        (
            "Tom Arden, President and chief executive of Vetra Foods, said the river was too low.",
            "river was too low",
            "Tom Arden",
        ),
        (
            "Ida and Ole Lie said the river was too low.",
            "river was too low",
            "Ida and Ole Lie",
        ),
        (
            "Harbour master Ida Brun and pilot Ole Lie said the river was too low.",
            "river was too low",
            "Ida Brun and Ole Lie",
        ),
        (
            "Arden and the council said the river was too low. Tom Arden left at noon.",
            "river was too low",
            "Tom Arden and the council",
        ),
        (
            "Tom Arden of Olm and Ruth Karlsen of Reed said the river was too low.",
            "river was too low",
            "Tom Arden and Ruth Karlsen",
        ),
        (
            "Reuters and the Olm Courier reported that the river was too low.",
            "river was too low",
            "Reuters and the Olm Courier",
        ),
        (
            "Norland and Averland say the river is too low.",
            "river is too low",
            "Norland and Averland",
        ),
        (
            "Tom Arden, 44, and Ruth Karlsen, 41, said the river was too low.",
            "river was too low",
            "Tom Arden and Ruth Karlsen",
        ),
        (
            "Tom Arden and Ruth Karlsen built the raft. They said the river was too low.",
            "river was too low",
            "Tom Arden and Ruth Karlsen",
        ),
        (
            "Tom Arden, the raft's owner, and Ruth Karlsen said the river was too low.",
            "river was too low",
            "Tom Arden and Ruth Karlsen",
        ),
    ],
)
def test_each_of_several_has_the_full_name(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name
