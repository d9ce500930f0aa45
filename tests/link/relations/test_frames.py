"""What two claims must have in common beside a name or a number, before they agree or clash."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.link.relations.making import made_claim
from worker.contract.claim import Act, Entity, Polarity, Quantity, Span
from worker.link.relations.amounts import amount_of
from worker.link.relations.comparison import compare
from worker.link.relations.decide import ruled_out
from worker.link.relations.reading import reading_of

NEGATIVE = {"polarity": Polarity.NEGATIVE}


def named(text, name, **changed):
    claim = made_claim(text, **changed)
    start = text.index(name)
    span = Span(start=start, end=start + len(name), exact=name)
    return replace(claim, entities=[Entity(name=name, entity_id=name, type="PERSON", spans=[span])])


def compared(a, b):
    return compare(reading_of(a), reading_of(b))


def test_a_name_in_common_is_no_common_statement():
    one, other = (
        named("Pia Holmqvist sold the brewery", "Pia Holmqvist"),
        named("Pia Holmqvist likes rain", "Pia Holmqvist"),
    )
    found = compared(one, other)
    assert found.shared_names
    assert found["beside names, more"] == 0
    assert not found.of_one_thing


def test_a_number_in_common_is_no_common_statement():
    assert not compared(made_claim("Two dozen boats sank"), made_claim("Two dozen judges applauded")).of_one_thing


def test_who_stays_and_who_goes_are_said_of_one_thing():
    stays, goes = named("Pia Holmqvist stays", "Pia Holmqvist"), named("Pia Holmqvist leaves", "Pia Holmqvist")
    assert compared(stays, goes).of_one_thing


@pytest.mark.parametrize(
    "text",
    [
        "The bridge was not the only one to be closed",
        "There is no doubt that the bridge was closed",
        "It could not be clearer that the bridge was closed",
    ],
)
def test_some_negations_deny_nothing(text):
    found = compared(made_claim(text, **NEGATIVE), made_claim("The bridge was closed", source="Ola Brix"))
    assert not found.negation_differs


def test_who_does_not_know_denies_nothing_but_that_it_was_known():
    unknown = made_claim("It was not clear whether the bridge was closed", **NEGATIVE)
    assert not compared(unknown, made_claim("The bridge was closed", source="Ola Brix")).negation_differs
    assert compared(unknown, made_claim("It was clear that the bridge was closed", source="Ola Brix")).negation_differs


def test_a_denial_that_is_told_agrees_with_the_denial():
    told = made_claim("The firm denied that it had dumped acid", predicate="deny", subject="the firm")
    denied = made_claim("The firm had dumped acid", source="The firm", act=Act.DENY, predicate="dump", **NEGATIVE)
    assert not compared(told, denied).negation_differs


def test_the_size_of_a_thing_says_which_thing_is_meant():
    def screen(words, inches):
        return amount_of(Quantity(span=Span(start=0, end=7, exact=words), min=inches, max=inches, unit="inches"))

    assert screen("16-inch", 16).describes
    assert not screen("16 inches", 16).describes


def test_a_clause_and_its_sentence_are_not_said_twice():
    whole = made_claim("The ferry sank after it had hit a rock")
    clause = made_claim("It had hit a rock")
    clause = replace(clause, content=replace(clause.content, spans=[Span(start=21, end=38, exact="it had hit a rock")]))
    assert ruled_out(compared(whole, clause)) == "both have the same words"


def test_a_phrase_and_an_indirect_question_state_nothing():
    phrase = made_claim("Student loans")
    assert reading_of(replace(phrase, proposition=None)).phrase
    assert not reading_of(phrase).phrase
    assert reading_of(made_claim("whether the bridge was closed", act=Act.ASK)).question
    assert not reading_of(made_claim("the mayor to close the bridge", act=Act.ASK)).question
