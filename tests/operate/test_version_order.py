"""The audit's order of versions: the rule in docs/delivery.md, and that the lifecycle has the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.operate.version_order import RawPlace, came_before, is_older
from worker.stages.versions import Place, is_before, is_older_version

EARLY, LATE = RawPlace("raw", 0, 1, 1000), RawPlace("raw", 0, 2, 2000)


@pytest.mark.parametrize(
    ("older", "younger"),
    [
        (("9", "2026-11-20T08:00:00Z", LATE), ("1", "2026-11-20T10:00:00+01:00", EARLY)),
        (("9", None, LATE), ("10", None, EARLY)),
        (("v2", None, LATE), ("3.1", None, EARLY)),
        (("3", None, LATE), ("3.0.1", None, EARLY)),
        (("2026-11-20T09:00:00Z", None, LATE), ("2026-11-20T10:00:00Z", None, EARLY)),
        (("2026-11-20", None, LATE), ("2026-11-20T00:01", None, EARLY)),
        (("draft", None, EARLY), ("final", None, LATE)),
        (("1", "2026-11-20", EARLY), ("1.0", "2026-11-20", LATE)),
        (("3", "2026-11-20", LATE), ("4", None, EARLY)),
        (("3", None, EARLY), ("2026-11-20", None, LATE)),
    ],
)
def test_the_most_telling_difference_decides(older, younger):
    assert is_older(older, younger)
    assert not is_older(younger, older)


def test_a_lower_offset_with_a_later_time_is_of_a_topic_made_again():
    anew = RawPlace("raw", 0, 0, 9000)
    assert not came_before(anew, LATE)
    assert not came_before(LATE, anew)
    assert came_before(EARLY, LATE)


def test_records_of_two_partitions_compare_by_time_alone():
    elsewhere = RawPlace("raw", 1, 0, 3000)
    assert came_before(LATE, elsewhere)
    assert not came_before(elsewhere, LATE)
    assert not came_before(RawPlace("raw", 1, 0), LATE)
    assert not came_before(None, LATE)


_VERSIONS = st.one_of(
    st.sampled_from(["1", "2", "10", "v3", "1.0", "1.2.0", "01", "²", "", " 4 ", "1.", "x", "1" * 19]),
    st.sampled_from(
        ["2026-11-20", "2026-11-20T09:00Z", "2026-11-20T09:00:00.5+02:00", "2026-13-01", "20261120", "2026-11-20 09:00"]
    ),
    st.text(alphabet="0123456789.v-:TZ+ ", max_size=12),
    st.datetimes().map(lambda at: at.isoformat()),
)
_PLACES = st.none() | st.builds(
    lambda partition, offset, timestamp: ("raw", partition, offset, timestamp),
    st.integers(0, 1),
    st.integers(0, 3),
    st.none() | st.integers(1, 4),
)


@given(_VERSIONS, st.none() | _VERSIONS, _PLACES, _VERSIONS, st.none() | _VERSIONS, _PLACES)
def test_the_lifecycle_orders_in_the_same_way(version, updated, place, than, than_updated, than_place):
    ours = is_older(
        (version, updated, RawPlace(*place) if place else None),
        (than, than_updated, RawPlace(*than_place) if than_place else None),
    )
    theirs = is_older_version(version, updated, than, than_updated)
    if theirs is None:
        theirs = is_before(Place(*place) if place else None, Place(*than_place) if than_place else None)
    assert ours == theirs
