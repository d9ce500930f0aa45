"""The costliest publishers are found in bounded memory."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from worker.observe.costliest import Costliest


@given(st.lists(st.integers(0, 30), max_size=400), st.integers(1, 12))
def test_the_top_n_is_bounded_and_misses_nobody_above_the_smallest_kept(stream, capacity):
    costliest, true_seconds = Costliest(capacity), Counter()
    for number in stream:
        costliest.add(f"p{number}", seconds=1.0, size=10, dead=False)
        true_seconds[f"p{number}"] += 1
    kept = costliest.by_seconds(capacity + 1)
    assert len(kept) == len(costliest) <= capacity
    for cost in kept:
        assert cost.seconds <= true_seconds[cost.publisher] <= cost.seconds + cost.inherited_seconds
    if len(kept) == capacity:
        smallest = min(cost.seconds + cost.inherited_seconds for cost in kept)
        assert {p for p, seconds in true_seconds.items() if seconds > smallest} <= {cost.publisher for cost in kept}


def test_a_publisher_of_nothing_but_dead_letters_is_seen():
    costliest = Costliest(2)
    for _ in range(50):
        costliest.add("broken.example", seconds=0.0, size=10, dead=True)
    for number in range(20):
        costliest.add(f"p{number}", seconds=0.001, size=10, dead=False)
    assert costliest.by_dead(5)[0].publisher == "broken.example"
