"""What a watch asks for, what it is told of, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.link.relations.making import made_claim
from worker.contract.alert import Condition, Watch
from worker.contract.claim import Act, Entity
from worker.contract.relation import RelationKind
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import relation_between
from worker.link.watches.conditions import reasons_for
from worker.link.watches.stage import alert_of_claim, alert_of_relation, asks_nothing

LUND = Entity(name="Port of Lund", entity_id="wikidata:Q1", type="ORG", spans=[])
OPEN = reading_of(
    replace(
        made_claim("The northern quay was open", subject="the northern quay", check_worthiness=0.4), entities=[LUND]
    )
)
SHUT = reading_of(
    made_claim(
        "The northern quay was closed",
        source="Port of Lund",
        uri="https://b.example/1",
        day="2026-03-04",
        subject="the northern quay",
    )
)
OWN = reading_of(replace(OPEN.claim, attribution=[]))


def found(watch, reading=OPEN):
    """By condition what meets it, None where the watch does not ask for the claim."""
    reasons = reasons_for(watch, reading.claim)
    return None if reasons is None else {reason.condition.value: reason.found for reason in reasons}


@pytest.mark.parametrize(
    ("watch", "reasons"),
    [
        (Watch(entity="Lund"), {"entity": "Port of Lund"}),
        (Watch(entity="wikidata:Q1"), {"entity": "Port of Lund"}),
        (Watch(entity="Lund harbour"), None),
        (Watch(source="berg"), {"source": "Anna Berg"}),
        (Watch(source="Lund"), None),
        (Watch(words="open quays"), {"words": "open, quay"}),
        (Watch(words="quay ferry"), None),
        (Watch(words=" - "), None),
        (Watch(acts=[Act.DENY, Act.ASSERT]), {"act": "assert"}),
        (Watch(acts=[Act.DENY]), None),
        (Watch(least_worth=0.4), {"worth": "0.4"}),
        (Watch(least_worth=0.5), None),
        (
            Watch(source="Anna Berg", words="quay", entity="Lund"),
            {"entity": "Port of Lund", "source": "Anna Berg", "words": "quay"},
        ),
        (Watch(source="Anna Berg", words="ferry"), None),
    ],
)
def test_all_conditions_must_be_met_and_each_is_a_reason(watch, reasons):
    assert found(watch) == reasons
    alert = alert_of_claim("mine", watch, OPEN)
    assert (alert is None) == (reasons is None)
    if alert is not None:
        assert (alert.watch, alert.claim.text, alert.relation) == ("mine", "The northern quay was open", None)


def test_what_an_article_says_itself_is_said_by_its_publisher():
    assert found(Watch(source="a.example"), OWN) == {"source": "https://a.example/1"}
    assert found(Watch(source="Berg"), OWN) is None


def test_a_claim_of_unknown_worth_meets_no_least_worth():
    assert found(Watch(least_worth=0.1), SHUT) is None


def test_a_watch_of_relations_is_told_who_is_on_the_other_side():
    relation = relation_between(OPEN, SHUT)
    assert relation.relation is RelationKind.CONTRADICTS
    berg = Watch(source="Berg", relations=[RelationKind.CONTRADICTS])
    alert = alert_of_relation("her", berg, relation, OPEN, SHUT)
    assert alert.claim.source == "Port of Lund"
    assert [(r.condition, r.found) for r in alert.reasons] == [
        (Condition.SOURCE, "Anna Berg"),
        (Condition.RELATION, "contradicts"),
    ]
    port = Watch(source="Port of Lund", relations=[RelationKind.CONTRADICTS])
    assert alert_of_relation("it", port, relation, OPEN, SHUT).claim.source == "Anna Berg"
    both = Watch(words="quay", relations=[RelationKind.CONTRADICTS])
    assert alert_of_relation("both", both, relation, OPEN, SHUT).claim.source == "Port of Lund"  # the later one
    assert alert_of_claim("her", berg, OPEN) is None


def test_another_relation_or_other_people_are_not_asked_for():
    relation = relation_between(OPEN, SHUT)
    for watch in (
        Watch(source="Berg", relations=[RelationKind.RESTATES]),
        Watch(source="Dorr", relations=[RelationKind.CONTRADICTS]),
        Watch(source="Berg"),
    ):
        assert alert_of_relation("x", watch, relation, OPEN, SHUT) is None


def test_one_watch_is_told_of_one_claim_under_one_id():
    watch = Watch(source="Berg")
    first, again = (alert_of_claim("mine", watch, OPEN) for _ in range(2))
    assert first == again
    assert alert_of_claim("yours", watch, OPEN).alert_id != first.alert_id


def test_a_watch_that_asks_for_nothing_is_known():
    assert asks_nothing(Watch())
    assert not asks_nothing(Watch(least_worth=0.1))
