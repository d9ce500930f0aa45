"""Bodies that bear a name or have an office, whose "we" a speaker says, and people who are "they"."""

from __future__ import annotations

import pytest

from tests.extraction.speakers.names import name_of


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            "The Lena Holt Foundation said it would pay for the roof.",
            "pay for the roof",
            "Lena Holt Foundation",
        ),
        (
            "Holt campaign chairman Ivo Brand spoke on Monday. The Riis campaign said the poll was wrong.",
            "poll was wrong",
            "Riis campaign",
        ),
        (
            "Rector Ada Moll and union secretary Per Juhl met on Monday. The union said it would strike.",
            "it would strike",
            "union",
        ),
        (
            "Holt chairs the campaign. The campaign said it had no debts.",
            "no debts",
            "campaign",
        ),
        (
            "Ann Leigh, head of the harbour board, resigned. The board said it was sorry.",
            "it was sorry",
            "harbour board",
        ),
        (
            "Harbour board chair Ann Leigh resigned. The chair said she was tired.",
            "she was tired",
            "Ann Leigh",
        ),
        (
            "Chief Inspector Ann Leigh came at noon. The inspector said the lock was new.",
            "lock was new",
            "Ann Leigh",
        ),
        (
            "Culture Minister Ann Leigh came at noon. The minister said the roof was new.",
            "roof was new",
            "Ann Leigh",
        ),
    ],
)
def test_a_body_is_not_the_person_whose_name_or_office_has_its_word(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            "“We think the rocket is ready,” said Gwen Sholto, president of Arcadia Launch.",
            "the rocket is ready",
            "Arcadia Launch",
        ),
        (
            "A spokesman for Platte Foods said: “We believe the water is clean.”",
            "the water is clean",
            "Platte Foods",
        ),
        (
            "“We think the weir is safe,” said Gwen Sholto, a nurse.",
            "the weir is safe",
            "Gwen Sholto",
        ),
        (
            "“We hope for rain,” said Ole Moe, a farmer from Olm.",
            "hope for rain",
            "Ole Moe",
        ),
        (
            "“We think he lied,” said Ida Brun, a lawyer for Ole Moe.",
            "he lied",
            "Ida Brun",
        ),
    ],
)
def test_we_is_the_body_for_which_an_office_speaks(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name


@pytest.mark.parametrize(
    ("text", "said", "name"),
    [
        (
            (
                "Officers rushed into the room. “Hands up!” an officer shouted. They found the boy in a chest, they "
                "said."
            ),
            "chest",
            "Officers",
        ),
        (
            (
                "Nurses walked out at noon. A porter said the ward was empty. They had not been paid since May, "
                "they said."
            ),
            "had not been paid",
            "Nurses",
        ),
        (
            "A porter said the ward was empty. They said nobody had been paid.",
            "nobody had been paid",
            "porter",
        ),
        (
            "Two divers searched the lake. “It is deep,” said Bo Riis, one of the two. They said the car was empty.",
            "car was empty",
            "Two divers",
        ),
    ],
)
def test_they_are_several(pipeline, text, said, name):
    assert name_of(pipeline, text, said) == name
