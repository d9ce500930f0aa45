"""The states of articles, on disk."""

from __future__ import annotations

from worker.replay.execution.article_states import ArticleStates


def test_states_are_kept_by_partition():
    with ArticleStates() as states:
        states.put(1, [(b"a", b"1"), (b"b", b"2")])
        states.put(2, [(b"a", b"3")])
        states.put(1, [(b"a", b"4"), (b"b", None)])
        assert (states.get(1, b"a"), states.get(1, b"b"), states.get(2, b"a")) == (b"4", None, b"3")
        states.forget(1)
        assert (states.get(1, b"a"), states.get(2, b"a")) == (None, b"3")
