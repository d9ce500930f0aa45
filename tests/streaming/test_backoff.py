from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from worker.streaming.backoff import Backoff


@given(st.floats(0, 1), st.integers(1, 100))
def test_waits_double_up_to_the_most_and_are_drawn_from_their_upper_half(drawn, attempts):
    backoff = Backoff(0.5, 8.0, lambda: drawn)
    for attempt in range(attempts):
        bound = min(8.0, 0.5 * 2.0 ** min(attempt, 10))
        assert bound / 2 <= backoff.next_s() <= bound
    backoff.reset()
    assert backoff.next_s() <= 0.5
