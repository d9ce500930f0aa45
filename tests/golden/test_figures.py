"""No figure on the hand-judged articles falls more than a point below what `make golden` recorded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.golden.folders import DEVELOPMENT, HELD_OUT
from worker.measure.figures import fallen, kind_of, measured, recorded

FOLDER = Path(__file__).parent


@pytest.mark.parametrize(
    ("articles", "figures"),
    [(DEVELOPMENT, "figures.json"), (HELD_OUT, "figures-held-out.json")],
    ids=["development", "held out"],
)
def test_no_figure_falls(pipeline, articles, figures):
    before = recorded(FOLDER / figures, kind_of(pipeline))
    if before is None:
        pytest.skip(f"{figures} has no figures of a pipeline {kind_of(pipeline)}; `make golden` records them")
    lost = fallen(measured(pipeline, articles), before)
    assert not lost, f"name: (recorded, now) - {lost}; if it is meant, record anew with `make golden`"


def test_a_fall_is_seen():
    before = json.loads('{"polarity": 98.0, "act": 90.0}')
    assert fallen({"polarity": 96.9, "act": 89.0}, before) == {"polarity": (98.0, 96.9)}
    assert fallen({"act": 95.0}, before) == {"polarity": (98.0, 0.0)}
