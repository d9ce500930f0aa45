"""Steps of an article get the time that passed in them, also when its steps are not done in one go."""

from __future__ import annotations

from worker.stages.stopwatch import Stopwatch


def test_laps_belong_to_the_article_that_was_begun():
    at = [0.0]
    watch = Stopwatch(lambda: at[0], lambda: at[0] / 2)

    def step(name, seconds):
        at[0] += seconds
        watch.lap(name)

    watch.begin(0)
    step("decode", 1)
    watch.begin(1)
    step("decode", 2)
    at[0] += 100  # between articles: nobody's
    watch.begin(0)
    step("parse", 4)
    step("claims", 8)
    assert watch.read(0) == ((("decode", 1), ("parse", 4), ("claims", 8)), 6.5)
    assert watch.read(1) == ((("decode", 2),), 1.0)
    assert watch.read(7) == ((), 0.0)
    watch.clear()
    assert watch.read(0) == ((), 0.0)
