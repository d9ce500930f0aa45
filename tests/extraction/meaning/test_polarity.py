"""Polarity of a content, on sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims


@pytest.mark.parametrize(
    ("sentence", "polarity"),
    [
        ("The clerk said the bridge was not safe.", "negative"),
        ("The clerk said nobody had crossed the bridge.", "negative"),
        ("The clerk said the bridge was no longer in use.", "negative"),
        ("The clerk said there was no evidence of a leak.", "negative"),
        ("The clerk said neither bridge had been checked.", "negative"),
        ("The clerk said the town had never paid for it.", "negative"),
        ("The clerk said not all doors were locked.", "negative"),
        ("The clerk denied that the bridge was closed.", "negative"),
        ("The clerk denied that there had been no checks.", "positive"),
        ("The clerk rejected the claim that the bridge was closed.", "negative"),
        ("The clerk does not think that the bridge is safe.", "negative"),
        ("The clerk said he could not rule out a new leak.", "positive"),
        ("The clerk said there was no doubt that the bridge was safe.", "positive"),
        ("The clerk said the bridge was not only old but also rusty.", "positive"),
        ("The clerk said the town had failed to check the bridge.", "positive"),
        ("The clerk said the man who did not sign had left the town.", "positive"),
        ("The clerk said the bridge had been closed because nobody had checked it.", "positive"),
        ("The clerk did not mention the bridge.", "positive"),
    ],
)
def test_polarity(rules, sentence, polarity):
    assert claims(rules, sentence)[0].polarity == polarity
