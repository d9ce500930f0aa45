"""Subject, predicate, object and arguments, on sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims


@pytest.mark.parametrize(
    ("sentence", "subject", "predicate", "thing"),
    [
        ("The clerk said the town had sold two bridges to a bank.", "the town", "sell", "two bridges"),
        ("The clerk said the crews were to leave the island.", "the crews", "leave", "the island"),
        ("The council urged both sides to accept a mediator.", "both sides", "accept", "a mediator"),
        ("Anna Berg said she would leave the party.", "Anna Berg", "leave", "the party"),
        ("The governor promised to rebuild the school.", "The governor", "rebuild", "the school"),
        ("The mayor praised the crews for staying at their posts.", "the crews", "stay", None),
        ("The clerk said there were no soldiers on the island.", "soldiers on the island", "be", None),
        ("The clerk said it was vital that the town keep the bridge.", "the town", "keep", "the bridge"),
    ],
)
def test_proposition(rules, sentence, subject, predicate, thing):
    made = claims(rules, sentence)[0].proposition
    assert (made.subject, made.predicate, made.object) == (subject, predicate, thing)


def test_arguments_have_their_preposition(rules):
    made = claims(rules, "The clerk said the town had sold two bridges to a bank in May.")[0].proposition
    assert [(each.role, each.text) for each in made.arguments][:1] == [("to", "a bank")]
