"""Times outside a content: those that tell when it was said are its claim's, those of other clauses are not."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims


def said_at(rules, sentence, words):
    """The times of the claim whose content begins with `words`."""
    (claim,) = [c for c in claims(rules, sentence) if c.content.spans[0].exact.strip("“").startswith(words)]
    return {time.span.exact for time in claim.times}


@pytest.mark.parametrize(
    ("sentence", "content", "time"),
    [
        ("The harbour master said in March 2019 that the quay was unsafe.", "the quay", "March 2019"),
        ("In March 2019, the harbour master said the quay was unsafe.", "the quay", "March 2019"),
        ("The quay was unsafe, the harbour master said in March 2019.", "The quay", "March 2019"),
        ("“The quay is unsafe,” the harbour master told the council in March 2019.", "The quay", "March 2019"),
        (
            "In a letter sent in March 2019, the harbour master warned that the quay was unsafe.",
            "the quay",
            "March 2019",
        ),
        ("A report published in March 2019 said the quay was unsafe.", "the quay", "March 2019"),
        ("The quay was unsafe, according to a report from March 2019.", "The quay", "March 2019"),
        ("The council met the owners in March 2019, saying the quay was unsafe.", "the quay", "March 2019"),
    ],
)
def test_the_time_of_saying_is_the_claims(rules, sentence, content, time):
    assert said_at(rules, sentence, content) == {time}


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("The crane fell in March 2019, and the harbour master says the quay is unsafe.", "the quay"),
        ("The firm opened the quay in March 2019 but the harbour master insists it is unsafe.", "it is"),
        ("The harbour master, who took office in March 2019, said the quay was unsafe.", "the quay"),
        ("The harbour master spoke of the crane, which fell in March 2019, and said the quay was unsafe.", "the quay"),
    ],
)
def test_the_time_of_another_clause_is_not(rules, sentence, content):
    assert said_at(rules, sentence, content) == set()
