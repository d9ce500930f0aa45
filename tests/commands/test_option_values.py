"""Times, durations, partitions and offsets as they are typed at a command."""

from __future__ import annotations

import time

import click
import pytest

from worker.commands.options.times import DURATION, TIME, printed_time
from worker.commands.options.window import Offsets, Partitions


def test_a_time_can_be_a_date_or_a_moment_with_or_without_a_zone():
    midnight = TIME.convert("2026-11-20", None, None)
    assert midnight == TIME.convert("2026-11-20T00:00Z", None, None)
    assert midnight == TIME.convert("2026-11-20T01:00+01:00", None, None)
    assert printed_time(TIME.convert("2026-11-20T10:00:00+01:00", None, None)) == "2026-11-20 09:00:00Z"


def test_a_duration_is_read_the_same_alone_and_as_how_long_ago():
    lengths = {
        "250ms": 0.25,
        "90s": 90,
        "15m": 900,
        "15min": 900,
        "6h": 21600,
        "1.5 h": 5400,
        "7d": 604800,
        "2w": 1209600,
    }
    for text, seconds in lengths.items():
        assert DURATION.convert(text, None, None) == seconds * 1000
        assert abs(time.time() - seconds - TIME.convert(text, None, None) / 1000) < 5


def test_partitions_and_offsets():
    assert Partitions().convert("0,2-4", None, None) == {0, 2, 3, 4}
    assert Offsets().convert("12", None, None) == {-1: 12}
    assert Offsets().convert("0:12, 3:9", None, None) == {0: 12, 3: 9}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Partitions(), "1-"),
        (Partitions(), "x"),
        (Offsets(), "a:1"),
        (DURATION, "7"),
        (DURATION, "9" * 400 + "d"),
        (DURATION, "101000w"),
        (TIME, "tomorrow"),
        (TIME, ""),
        (TIME, "99999999999999999d"),
        (TIME, "10000-01-01"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_with_what_was_expected(kind, text):
    with pytest.raises(click.BadParameter, match="expected"):
        kind.convert(text, None, None)


@pytest.mark.parametrize("milliseconds", [253402300800000, 2**63 - 1, 10**30, -1, -(2**63)])
def test_a_timestamp_beyond_the_calendar_is_printed_as_it_is(milliseconds):
    assert printed_time(milliseconds) == f"timestamp {milliseconds}"
