"""Which complements of a verb of speech are its content, and which verbs report nothing."""

from __future__ import annotations

import pytest

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted


@pytest.fixture(scope="module")
def contents(rules):
    def read(sentence):
        return [[sentence[slice(*span)] for span in each.content] for each in rules.attributions(sentence)]

    return read


@pytest.mark.parametrize(
    ("sentence", "content"),
    [
        ("The bank said that prices would fall in May.", ["prices would fall in May"]),
        ("Prices will fall in May, the bank said.", ["Prices will fall in May"]),
        ("The plan, she argued, would fail within a year.", ["The plan", "would fail within a year"]),
        ("The minister condemned the attack on the school.", ["the attack on the school"]),
        ("The unions called for a truce in the valley.", ["a truce in the valley"]),
        ("The captain told the crew to leave the ship.", ["the crew to leave the ship"]),
        ("The mayor made it clear that the bridge was safe.", ["the bridge was safe"]),
        ("The minister announced in Rome the end of the talks.", ["the end of the talks"]),
    ],
)
def test_each_pattern_of_complement_gives_the_content(contents, sentence, content):
    assert contents(sentence) == [content]


@pytest.mark.parametrize(
    "sentence",
    [
        "The neighbours called the police.",
        "The board made the decision on Monday.",
        "The manager showed the room to the guests.",
        "The union would ask the auditor to look at the books.",
        "Residents voted against the plan announced in October.",
    ],
)
def test_a_verb_without_its_complement_reports_nothing(contents, sentence):
    assert contents(sentence) == []


def test_a_clause_of_time_is_no_part_of_an_object(contents):
    sentence = "The minister condemned the withdrawal of the troops after the deadline was ignored."
    assert contents(sentence) == [["the withdrawal of the troops"]]


@pytest.mark.parametrize(
    "sentence", ["The mayor made it clearer that the bridge was safe.", "It made the air clearer."]
)
def test_a_form_of_clear_that_reports_nothing_does_not_cost_the_article(rules, sentence):
    (outcome,) = rules.extract([RawArticle(uri="u", body=f"{sentence} The council met in the town hall on Monday.")])
    assert isinstance(outcome, Extracted)
