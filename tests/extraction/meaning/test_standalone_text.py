"""Contents that can be read alone, on sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("“I have sold the bridge,” Anna Berg said.", "[Anna Berg] has sold the bridge"),
        ("Anna Berg said that she would leave the party.", "Anna Berg would leave the party"),
        ("The bank said it was safe.", "The bank was safe"),
        ("The clerk said it was raining.", "It was raining"),
        ("The clerk said that “nobody came”.", "Nobody came"),
    ],
)
def test_a_text_reads_alone(rules, body, text):
    made = claims(rules, body)[0].content.text
    assert made.lstrip("[")[:1].isupper()
    assert made.casefold() == text.casefold()
