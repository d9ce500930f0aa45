from __future__ import annotations

from worker.streaming.watch.stall import Stall


def test_work_that_waits_for_its_turn_is_progress():
    stall = Stall(10, 0)
    stall.took()
    stall.moved(9)
    assert stall.stalled_s(18) is None
    assert stall.stalled_s(20) == 11


def test_lag_without_progress_for_too_long_is_a_stall_and_progress_ends_it():
    stall = Stall(10.0, 0.0)
    stall.lags("p0", 5)
    assert stall.stalled_s(10.0) is None
    assert stall.stalled_s(10.5) == 10.5
    stall.progressed(11.0)
    assert stall.stalled_s(12.0) is None
    assert stall.stalled_s(22.0) == 11.0


def test_a_record_that_was_taken_and_never_settled_is_a_stall_also_without_lag():
    stall = Stall(10.0, 0.0)
    assert stall.stalled_s(1.0) is None
    stall.took()
    assert stall.stalled_s(12.0) == 11.0


def test_nothing_to_do_is_no_stall_however_long():
    stall = Stall(10.0, 0.0)
    assert stall.stalled_s(1000.0) is None
    stall.lags("p0", 5)
    assert stall.stalled_s(1005.0) is None
    stall.forget("p0")
    assert stall.stalled_s(2000.0) is None


def test_an_outage_is_no_stall_and_its_end_gives_the_whole_time_again():
    stall = Stall(10.0, 0.0)
    stall.lags("p0", 5)
    stall.outage("claims", 5.0, holds=True)
    assert stall.stalled_s(100.0) is None
    stall.outage("claims", 100.0, holds=False)
    assert stall.stalled_s(109.0) is None
    assert stall.stalled_s(111.0) == 11.0
