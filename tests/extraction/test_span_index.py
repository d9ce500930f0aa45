"""Spans by place: the index answers as going through all of them does."""

from __future__ import annotations

import random

import pytest

from worker.extraction.span_index import SpanIndex
from worker.extraction.spans import inside, inside_any, meet


@pytest.mark.parametrize("seed", range(20))
def test_every_answer_is_that_of_a_search_through_all(seed):
    some = random.Random(seed)  # noqa: S311

    def span():
        start = some.randrange(3000)
        return start, start + some.choice([0, 1, 7, 60, 255, 256, 257, 1500])

    spans = [span() for _ in range(60)]
    index = SpanIndex(spans)
    for _ in range(60):
        asked, others = span(), [span() for _ in range(some.randrange(4))]
        assert index.meeting(asked) == [i for i, each in enumerate(spans) if meet(each, asked)]
        assert index.holding(asked) == [i for i, each in enumerate(spans) if inside(asked, each)]
        assert index.inside(others) == [i for i, each in enumerate(spans) if inside_any(each, others)]
        assert index.meets(others) == any(meet(each, other) for each in spans for other in others)
