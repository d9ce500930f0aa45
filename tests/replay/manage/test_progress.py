"""Durations and sizes as people read them."""

from __future__ import annotations

from worker.replay.manage.progress import duration, size


def test_durations_and_sizes_as_people_say_them():
    assert [duration(s) for s in (4.4, 125, 3700, 100_000)] == ["4 s", "2 min 5 s", "1 h 1 min", "1 d 3 h"]
    assert [size(n) for n in (5, 2048, 5 * 1024**3)] == ["5 B", "2.0 KiB", "5.0 GiB"]
