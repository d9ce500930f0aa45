"""The rate of a replay, and its share of the machine."""

from __future__ import annotations

import pytest

from worker.replay.execution.pace import Share
from worker.streaming.pace import Pace


def test_the_pace_is_kept_over_time_and_not_saved_up():
    now = 0.0
    pace = Pace(10.0, clock=lambda: now)
    assert pace.wait_s == 0
    pace.take(5)
    assert pace.wait_s == pytest.approx(0.5)
    pace.take(5)
    now = 0.7
    assert pace.wait_s == pytest.approx(0.3)
    now = 100.0
    assert pace.wait_s == 0
    pace.take(20)
    assert pace.wait_s == pytest.approx(2)
    free = Pace(None)
    free.take(10**9)
    assert free.wait_s == 0


@pytest.mark.parametrize(
    ("share", "cores", "processes", "expected"),
    [
        (1.0, 4, 0, Share(4, 1.0, idle=False)),
        (0.5, 4, 0, Share(2, 1.0, idle=True)),
        (0.5, 1, 0, Share(1, 0.5, idle=True)),
        (0.3, 4, 0, Share(2, 0.6, idle=True)),
        (0.5, 4, 4, Share(4, 0.5, idle=True)),
        (1.0, 2, 8, Share(8, 1.0, idle=False)),
    ],
)
def test_a_share_is_processes_times_the_time_they_work(share, cores, processes, expected):
    found = Share.of(share, cores, processes)
    assert (found.processes, found.idle) == (expected.processes, expected.idle)
    assert found.duty == pytest.approx(expected.duty)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.01])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="replay_share"):
        Share.of(share, 2)
