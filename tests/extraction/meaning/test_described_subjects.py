"""A relative clause whose verb stands below that of a cue: its subject is the noun that is described."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "The council opened a bridge that engineers say will carry 400 cars an hour.",
            "A bridge will carry 400 cars an hour",
        ),
        ("She bought a painting that experts believe was stolen in 1944.", "A painting was stolen in 1944"),
        ("Doctors use a drug that its maker said had failed two trials.", "A drug had failed two trials"),
        ("Drivers began a strike that their union says will last three days.", "A strike will last three days"),
    ],
)
def test_the_noun_is_the_subject(rules, body, text):
    (outcome,) = rules.extract([RawArticle(uri="urn:a", body=body, language="en")])
    said = [claim.content.text for claim in outcome.extraction.claims if claim.attribution]
    assert said == [text]
