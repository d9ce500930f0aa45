from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.streaming.consume.breaker import Breaker, BreakerOptions, BreakerState

OPTIONS = BreakerOptions(share=0.5, min_records=10, window_s=60.0, pause_s=30.0)


def _opened(at=0.0):
    breaker = Breaker(OPTIONS)
    for _ in range(10):
        breaker.count(at, dead=True)
    assert breaker.state is BreakerState.OPEN
    return breaker


def test_it_opens_only_with_enough_records_and_above_the_share():
    breaker = Breaker(OPTIONS)
    assert [breaker.count(0.0, dead=True) for _ in range(9)] == [False] * 9
    assert breaker.admits(0.0)
    half = Breaker(OPTIONS)
    for number in range(40):
        assert not half.count(0.0, dead=number % 2 == 1)
    assert half.count(0.0, dead=True)
    assert not half.admits(0.0)


def test_what_lies_before_the_window_does_not_count():
    breaker = Breaker(OPTIONS)
    for _ in range(9):
        breaker.count(0.0, dead=True)
    assert not breaker.count(61.0, dead=True)
    assert (breaker.dead, breaker.seen) == (1, 1)


def test_a_share_of_one_never_opens_it():
    breaker = Breaker(BreakerOptions(share=1.0, min_records=1, window_s=60.0, pause_s=1.0))
    assert not any(breaker.count(0.0, dead=True) for _ in range(1000))


def test_after_the_pause_it_tries_a_bounded_number_and_closes_when_they_pass():
    breaker = _opened()
    assert not breaker.admits(29.9)
    assert breaker.admits(30.0)
    breaker.admit(6)
    assert breaker.admits(30.0)
    breaker.admit(6)
    assert not breaker.admits(31.0)  # nothing more before the probes are counted
    for _ in range(10):
        assert not breaker.count(31.0, dead=False)
    assert breaker.state is BreakerState.CLOSED
    assert breaker.admits(31.0)


def test_probes_that_die_open_it_again_and_slow_ones_still_count():
    breaker = _opened()
    assert breaker.admits(30.0)
    breaker.admit(10)
    opened = [breaker.count(31.0 + 100.0 * number, dead=True) for number in range(10)]
    assert opened == [False] * 9 + [True]
    assert not breaker.admits(935.0)


def test_probes_that_left_with_their_partition_are_replaced():
    breaker = _opened()
    breaker.admits(30.0)
    breaker.admit(10)
    assert not breaker.admits(30.0)
    breaker.give_back(4)
    assert breaker.admits(30.0)


@given(st.lists(st.tuples(st.floats(0, 20), st.booleans()), max_size=200))
def test_it_never_stays_shut_for_good(steps):
    breaker, now = Breaker(OPTIONS), 0.0
    for wait, dead in steps:
        now += wait
        if not breaker.admits(now):
            now += OPTIONS.pause_s
        assert breaker.admits(now)
        breaker.admit(1)
        breaker.count(now, dead=dead)
