"""Each bench can be started: what it takes from the worker and from other benches is there."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.paths import ROOT

BENCHES = sorted(
    [file.stem for file in (ROOT / "bench").glob("*.py") if file.stem != "__init__"] + ["simulation.__main__"]
)


@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_can_be_imported(name):
    assert import_module(f"bench.{name}").__doc__
