"""What counts as worse than chance, when a short bench is compared with the figures that are kept."""

from __future__ import annotations

import pytest

from bench.figures import Figure
from bench.short import has_int8_products, lowest, told


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


@pytest.mark.parametrize(
    ("cpuinfo", "has"),
    [
        ("processor : 0\nflags\t\t: fpu avx2 avx512_vnni\n", True),
        ("flags : fpu avx_vnni", True),
        ("flags : fpu amx_int8", True),
        ("processor : 0\nflags : fpu avx2 fma\n", False),
        ("processor : 0\nFeatures : asimd\n", True),
    ],
)
def test_the_language_work_is_compared_where_int8_is_multiplied_at_once(cpuinfo, has):
    assert has_int8_products(cpuinfo) is has
