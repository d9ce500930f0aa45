"""Which gender a text tells of somebody."""

from __future__ import annotations

import pytest

from worker.extraction.speakers.descriptions import Introduced
from worker.extraction.speakers.genders import Genders


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("How Mary Holm Woke Up\n\nHolm was not afraid.", "f"),
        ("How Mary Holm and Peter Holm Woke Up\n\nHolm was not afraid.", None),
        ("How Harbour Holm Woke Up\n\nHolm was not afraid.", None),
        ("Mary Holmberg woke up. Holm was not afraid.", None),
    ],
)
def test_a_surname_has_the_gender_of_the_given_name_before_it_elsewhere(text, gender):
    known = [Introduced("Holm", "PERSON", mentions=[(text.rindex("Holm"), True)])]
    assert Genders(text, known).of("Holm") == gender
