"""Relations and clusters are the same whatever the order of the claims, and claims that are no more have none."""

from __future__ import annotations

import itertools
from dataclasses import replace

from tests.link.relations.making import made_claim
from worker.contract.claim import ClaimStatus, Entity, Polarity, Span
from worker.link.relations.candidates import Bounds, link_keys
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import linked

OPEN = made_claim("The northern quay was open", predicate="be", subject="the northern quay")
SHUT = made_claim(
    "The northern quay was closed", source="Port of Lund", uri="https://b.example/1", subject="the northern quay"
)
AGAIN = made_claim(
    "The northern quay was open", uri="https://c.example/1", day="2026-03-05", subject="the northern quay"
)
LATER = made_claim(
    "The northern quay was not open",
    uri="https://d.example/1",
    day="2026-03-09",
    subject="the northern quay",
    polarity=Polarity.NEGATIVE,
)
ALL = [OPEN, SHUT, AGAIN, LATER]


def kinds(claims, **bounds):
    return sorted((r.relation.value, r.a.claim_id, r.b.claim_id) for r in linked(claims, Bounds(**bounds)).relations)


def test_claims_are_related_whatever_their_order():
    expected = linked(ALL)
    assert {r.relation.value for r in expected.relations} == {"restates", "contradicts", "corroborates", "revises"}
    for order in itertools.permutations(ALL):
        assert linked(order) == expected


def test_a_name_is_found_by_each_part_of_it_and_counts_once():
    def of(text, name):
        claim = made_claim(text, source="The league")
        return link_keys(reading_of(replace(claim, entities=[named(name, claim)])))

    def named(name, claim):
        start = claim.content.text.index(name)
        span = Span(start=start, end=start + len(name), exact=name)
        return Entity(name=name, entity_id=f"of {name}", type="PERSON", spans=[span])

    long, short = of("Pia Holmqvist left the station", "Pia Holmqvist"), of("Holmqvist left the station", "Holmqvist")
    assert short.keys() < long.keys()
    assert not any("of " in key for key in long)


def test_what_revises_comes_first_in_its_relation():
    for relation in linked(ALL).relations:
        if relation.relation.value == "revises":
            assert relation.a.claim_id == LATER.claim_id


def test_a_retelling_is_in_the_cluster_of_the_earliest_claim():
    (cluster,) = linked(ALL).clusters
    assert [member.claim_id for member in cluster.members] == [OPEN.claim_id, AGAIN.claim_id]
    (alone,) = linked([AGAIN, OPEN]).clusters
    assert alone.cluster_id == cluster.cluster_id


def test_retracted_claims_have_no_relations():
    gone = replace(SHUT, status=ClaimStatus.RETRACTED, revision=2)
    assert not any("contradicts" in kind for kind in kinds([OPEN, gone]))
    assert kinds([OPEN, SHUT, gone]) == kinds([OPEN])


def test_claims_far_apart_in_time_are_not_compared():
    assert kinds([OPEN, AGAIN], days=2) == []
    assert len(kinds([OPEN, AGAIN], days=3)) == 1


def test_a_claim_is_compared_with_a_bounded_number_of_others():
    many = [
        made_claim("The northern quay was open", source=f"Person {i}", uri=f"https://x.example/{i}") for i in range(60)
    ]
    assert linked(many, Bounds(most_compared=3)).compared <= 60 * 3


def test_each_relation_has_reasons_with_the_words_of_both():
    (relation,) = linked([OPEN, SHUT]).relations
    clash = [reason for reason in relation.reasons if not reason.agrees]
    assert {("open", "closed")} == {(r.a, r.b) for r in clash if r.aspect.value == "predicate"}
    assert relation.reasons[0].aspect.value == "source"
    assert 0 < relation.confidence < 1
