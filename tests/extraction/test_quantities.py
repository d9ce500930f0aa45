from __future__ import annotations

import pytest

from worker.extraction.parse import load_parser, same_length
from worker.extraction.quantities import find_quantities


@pytest.fixture(scope="module")
def parser():
    return load_parser()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("There are about 20,000 foreign soldiers here.", [(20000, 20000, True, "soldiers")]),
        ("They sent between 800 and 1,200 men.", [(800, 1200, False, "men")]),
        ("At least 12,000 jobs were lost.", [(12000, None, False, "jobs")]),
        ("It will cost up to $400 million.", [(None, 4e8, False, "USD")]),
        ("Losses were between €3 million and €4.5 million.", [(3e6, 4.5e6, False, "EUR")]),
        ("Turnout rose by 3 percentage points.", [(3, 3, False, "percentage points")]),
        ("Profits rose 3.5 percent.", [(3.5, 3.5, False, "percent")]),
        ("Thousands of mercenaries came.", [(1000, None, True, "mercenaries")]),
        ("There are no soldiers on the island.", [(0, 0, False, "soldiers")]),
        ("One in four patients waited.", [(25, 25, False, "percent")]),
        ("Rovers beat Kestle 2-1.", []),
        ("The 3rd man left.", []),
    ],
)
def test_a_quantity(parser, text, wanted):
    found = [(a.least, a.most, a.approximate, a.unit) for a in find_quantities(parser(same_length(text)), text, [])]
    assert [(least, most, about) for least, most, about, _ in found] == [(x, y, z) for x, y, z, _ in wanted]
    assert [unit.split()[0] if unit else unit for *_, unit in found] == [u.split()[0] for *_, u in wanted]
