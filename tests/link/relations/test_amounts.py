"""Quantities meet over units and roundings, and clash where both cannot be right."""

from __future__ import annotations

import pytest

from worker.contract.claim import Quantity, Span
from worker.link.relations.amounts import amount_of, meet, same_measure


def amount(low, high, unit, *, approximate=False, exact=None, text=""):
    exact = exact or f"{low} {unit}"
    span = Span(start=0, end=len(exact), exact=exact)
    return amount_of(Quantity(span=span, min=low, max=high, unit=unit, approximate=approximate), text)


@pytest.mark.parametrize(
    ("a", "b", "together"),
    [
        (amount(30, 30, "miles"), amount(48, 48, "kilometres"), True),
        (amount(30, 30, "miles"), amount(80, 80, "kilometres"), False),
        (amount(2, 2, "hours"), amount(120, 120, "minutes"), True),
        (amount(1.9e6, 1.9e6, "miles"), amount(3e6, 3e6, "km"), True),
        (amount(800, 1200, "mercenaries"), amount(1000, 1000, "mercenaries"), True),
        (amount(800, 1200, "mercenaries"), amount(1300, 1300, "mercenaries"), False),
        (amount(8, None, "deaths"), amount(7, 7, "deaths"), False),
        (amount(8, None, "deaths"), amount(30, 30, "deaths"), True),
        (amount(500, 500, "barrels", approximate=True), amount(480, 480, "barrels"), True),
        (amount(61, 61, "percent"), amount(64, 64, "percent"), False),
    ],
)
def test_ranges_meet_within_their_rounding(a, b, together):
    assert same_measure(a, b) == 1.0
    assert meet(a, b) is meet(b, a) is together


def test_what_measures_different_things_is_not_compared():
    assert same_measure(amount(5, 5, "dollars"), amount(5, 5, "euros")) == 0
    assert same_measure(amount(5, 5, "USD"), amount(5, 5, "EUR")) == 0
    assert same_measure(amount(5, 5, "trains"), amount(5, 5, "villages")) < 0.5
    assert same_measure(amount(5, 5, "kilometres"), amount(5, 5, "hours")) == 0


def test_synonyms_count_the_same():
    assert same_measure(amount(5, 5, "deaths"), amount(5, 5, "fatalities")) > 0.5


def test_a_quantity_without_bounds_is_none():
    assert amount(None, None, "east") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("sold 5 litres of cider", "sold 2 litres of vinegar", False),
        ("sold 5 litres of the cider", "sold 2 litres of cider", True),
        ("sold 5 litres of cider", "sold 2 litres", True),
    ],
)
def test_what_is_measured_tells_amounts_apart(one, other, same):
    assert (same_measure(amount(5, 5, "litres", text=one), amount(2, 2, "litres", text=other)) > 0.5) is same


def test_a_fraction_in_words_is_about_a_percentage():
    assert meet(amount(66.67, 66.67, "percent", exact="two thirds"), amount(66, 66, "percent"))
    assert not meet(amount(66.67, 66.67, "percent", exact="two thirds"), amount(61, 61, "percent"))
