"""No text costs more than in proportion to its length: the short form of `make worst-cost`."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.worst_cost import BASE_S, SEEDS, changed, measure, search
from worker.extraction.pipeline import Pipeline

_GENEROUS = 6
"""Times the bar, for a slow and busy machine. What grows with the square of the length is far beyond it."""


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline.load(model=False)


@pytest.mark.parametrize("unit", SEEDS)
def test_what_once_was_worst_grows_with_its_length_and_no_faster(pipeline, unit):
    measure(pipeline, unit, 1_000)  # warm
    short, long = measure(pipeline, unit, 3_000, tries=2), measure(pipeline, unit, 12_000)
    assert long.seconds < BASE_S + 8 * short.seconds, (str(short), str(long))
    assert long.excess < _GENEROUS * 0.15, str(long)


@pytest.mark.slow
def test_a_search_finds_no_text_far_above_the_bar(pipeline):
    worst = search(pipeline, 20.0, random.Random(7))  # noqa: S311
    assert worst[0].excess < _GENEROUS * 0.15, str(worst[0])


def test_the_search_makes_new_units():
    some = random.Random(3)  # noqa: S311
    units = {changed("he says ", some) for _ in range(200)}
    assert len(units) > 100
    assert all(unit.strip() for unit in units)
