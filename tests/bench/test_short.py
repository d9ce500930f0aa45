"""What counts as worse than chance, when a short bench is compared with the figures that are kept."""

from __future__ import annotations

import pytest

from bench.figures import Figure
from bench.short import lowest, told


def _figure(*values):
    return Figure("ratio", "", values)


def test_a_median_may_lie_a_whole_spread_below_the_lowest_value():
    assert lowest(_figure(0.80, 0.90, 1.0)) == pytest.approx(0.6)


def test_where_the_spread_is_small_a_seventh_is_chance_as_well():
    assert lowest(_figure(1.0, 1.0, 1.01)) == pytest.approx(0.85)


@pytest.mark.parametrize(("now", "fits"), [((0.9, 0.1, 0.9), True), ((0.5, 0.9, 0.5), False)])
def test_the_median_decides(now, fits):
    good, words = told(_figure(*now), _figure(0.8, 0.85, 0.9))
    assert good is fits
    assert words.startswith("WORSE") is not fits
