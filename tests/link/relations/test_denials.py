"""What denies a statement without "not", how many it is true of, who does it to whom, and when."""

from __future__ import annotations

import pytest

from tests.link.relations.making import claims_in
from worker.contract.relation import RelationKind
from worker.link.relations.comparison import compare
from worker.link.relations.decide import ruled_out
from worker.link.relations.reading import reading_of
from worker.link.relations.stage import relation_between


@pytest.fixture(scope="module")
def reading(pipeline):
    def read(text, publisher="The Later", day=9):
        claims = claims_in(pipeline, text, publisher=publisher, at=f"2026-03-{day:02}T08:00:00Z")
        spoken = [claim for claim in claims if claim.attribution]
        return reading_of(max(spoken, key=lambda claim: len(claim.content.text)))

    return read


@pytest.fixture(scope="module")
def compared(reading):
    def both(one, other):
        return compare(reading(one), reading(other, "The Earlier", 2))

    return both


@pytest.mark.parametrize(
    "denied",
    [
        "The union said that the dairy had failed to pay its drivers.",
        "The union said that the dairy had refused to pay its drivers.",
        "The union said that the dairy was unable to pay its drivers.",
        "The union said that the dairy had stopped paying its drivers.",
        "The union said that the dairy had not paid its drivers.",
    ],
)
def test_verbs_and_adjectives_deny(denied, reading):
    assert reading(denied).negative


@pytest.mark.parametrize(
    "text",
    [
        "The union said that the dairy had failed.",
        "The union said that the dairy had paid its drivers.",
        "The mayor denounced the lack of interest in the dairy.",
        "The mayor said that the dairy had to run on through the winter.",
    ],
)
def test_words_that_look_like_it_do_not(text, reading):
    assert not reading(text).negative


def test_a_verb_that_denies_is_no_opposite_besides(compared):
    found = compared(
        "The club said that Ola Brix had refused to accept the cup.",
        "Brix's agent said that Ola Brix accepted the cup.",
    )
    assert found.clash
    assert not found.opposed


def test_two_who_deny_in_other_words_do_not_clash(compared):
    found = compared(
        "The coroner said that the well was free of arsenic.", "The laboratory said there was no arsenic in the well."
    )
    assert not found.clash


def test_reports_that_are_untrue_are_denied(reading):
    assert reading("The firm said that reports of a merger were untrue.").negative


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("all pupils had passed", "some of the pupils had not passed", True),
        ("hardly any pupils had passed", "most pupils had passed", True),
        ("hardly any pupils had passed", "few pupils had passed", False),
        ("none of the pupils had passed", "three pupils had passed", True),
        ("not all pupils had passed", "some pupils had not passed", False),
        ("some pupils had passed", "some pupils had not passed", False),
        ("all of the tests were negative", "one of the tests was positive", True),
        ("every pupil had passed", "nearly all pupils had passed", False),
    ],
)
def test_shares_clash_where_they_do_not_meet(one, other, clash, compared):
    found = compared(f"The head teacher said that {one}.", f"The parents said that {other}.")
    assert found.shares is not None
    assert found.clash is clash
    assert ruled_out(found) is None


def test_shares_of_different_things_say_nothing_of_each_other(compared):
    found = compared(
        "The head teacher said that all pupils had passed.", "The parents said that few teachers had come."
    )
    assert found.shares is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ivo Tarn had hit Lars Moe", "Moe had hit Tarn"),
        ("Ivo Tarn had hit Lars Moe", "Tarn was hit by Moe"),
        ("the bank owed the mill a million crowns", "the mill owed the bank a million crowns"),
    ],
)
def test_who_does_it_to_whom_is_swapped(one, other, compared):
    found = compared(f"The police said that {one}.", f"The lawyer said that {other}.")
    assert found.roles_swapped
    assert found.clash


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ivo Tarn had met Lars Moe", "Moe had met Tarn"),
        ("Ivo Tarn had hit Lars Moe", "Moe was hit by Tarn"),
        ("Ivo Tarn had hit Lars Moe", "Tarn had hit Moe twice"),
    ],
)
def test_who_does_it_to_whom_is_not_swapped(one, other, compared):
    assert not compared(f"The police said that {one}.", f"The lawyer said that {other}.").roles_swapped


def test_what_happens_once_has_one_date(reading):
    one, other = (
        reading("The archive said that the castle was built in 1710."),
        reading("The count said that the castle was built in 1802.", "The Earlier", 2),
    )
    found = relation_between(one, other)
    assert found is not None
    assert found.relation in (RelationKind.CONTRADICTS, RelationKind.TENSION)
    assert [r.agrees for r in found.reasons if r.aspect.value == "time"] == [False]


def test_what_happens_every_year_has_several(compared):
    found = compared("The archive said that the river rose in 1710.", "The count said that the river rose in 1802.")
    assert ruled_out(found) == "they are about different times"


def test_a_demand_is_answered_by_there_being_no_reason(reading):
    found = relation_between(
        reading("The guild urged the city to close the bridge."),
        reading("The city said there was no reason to close the bridge.", "The Earlier", 2),
    )
    assert found is not None
    assert found.relation is RelationKind.TENSION


def test_before_and_after_one_event_are_opposed(compared):
    found = compared(
        "The clerk said that the vote was held before the flood.",
        "The mayor said that the vote was held after the flood.",
    )
    assert found.clash
    found = compared(
        "The clerk said that the vote was held before the flood.", "The mayor said that the vote was held after lunch."
    )
    assert not found.opposed


def test_who_never_said_so_denies_that_it_was_said(compared):
    found = compared(
        "Rita Sol said she never said that the bridge was unsafe.", "The engineer said that the bridge was unsafe."
    )
    assert ruled_out(found) == "one denies that something was said, not what was said"
