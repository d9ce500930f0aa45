"""Figures that are kept can be read again, and drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from bench import figures
from bench.drawing import bars, lines
from bench.figures import Curve, Figure, kept, saved


def test_a_figure_that_is_kept_is_the_same_when_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "FOLDER", tmp_path)
    measured = Figure("ratio", "", (0.9, 0.8, 1.0), "at least 0.95")
    growing = Curve("length", "words", "CPU s", ((100.0, 0.05), (1000.0, 0.5)), 1.0)
    again = kept(saved("some", "python -m bench.some", [measured], [growing]))
    assert (again.figures, again.curves) == ((measured,), (growing,))
    assert again.machine["cores"] >= 1
    assert again.figures[0].told == "0.9 (0.8 to 1)"


@pytest.mark.parametrize("logarithmic", [False, True])
def test_lines_are_a_picture_with_each_line_and_both_axes(logarithmic):
    drawn = [("one", [(1.0, 10.0), (100.0, 1000.0)]), ("two <2>", [(1.0, 20.0), (100.0, 50.0)])]
    root = ET.fromstring(  # noqa: S314 - it was made just now
        lines("Growth", "words", "ms", drawn, logarithmic=logarithmic)
    )
    paths = [each.attrib["points"] for each in root.iter("{http://www.w3.org/2000/svg}polyline")]
    assert len(paths) == 2
    words = "".join(root.itertext())
    assert all(word in words for word in ("Growth", "words", "ms", "one", "two <2>"))
    for path in paths:
        for point in path.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= 720
            assert 0 <= y <= 280


def test_bars_grow_with_what_they_show():
    picture = bars("CPU", [("a", 1.0, 0.5, 1.5), ("b", 2.0, 2.0, 2.0)], "ms")
    root = ET.fromstring(picture)  # noqa: S314 - it was made just now
    widths = [float(each.attrib["width"]) for each in root.iter("{http://www.w3.org/2000/svg}rect")][1:]
    assert widths[1] == pytest.approx(2 * widths[0])
