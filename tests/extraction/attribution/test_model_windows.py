"""What of a text goes through the network together."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from worker.extraction.attribution.model.features import BEFORE, BEHIND, FEATURES, WINDOW, Pieces, windows

CORE = WINDOW - BEFORE - BEHIND
SENTENCES = st.lists(st.lists(st.integers(1, 450), min_size=1, max_size=5), max_size=12)
"""Paragraphs of sentences, each of so many pieces."""


def pieces(paragraphs):
    sentence, paragraph, number = [], [], 0
    for place, sentences in enumerate(paragraphs):
        for length in sentences:
            sentence += [number] * length
            paragraph += [place] * length
            number += 1
    n = len(sentence)
    none = np.zeros(n, np.int64)
    features = np.zeros((n, len(FEATURES)), np.int64)
    return Pieces(none, none, none, none.astype(bool), np.asarray(sentence), np.asarray(paragraph), features)


@given(SENTENCES)
def test_each_piece_counts_once_and_is_seen_with_what_stands_around_it(paragraphs):
    all_pieces = pieces(paragraphs)
    cut = windows(all_pieces)
    assert [at for _, _, low, high in cut for at in range(low, high)] == list(range(len(all_pieces)))
    for start, end, low, high in cut:
        assert end - start <= WINDOW
        assert low - start == min(BEFORE, low)
        assert end - high == min(BEHIND, len(all_pieces) - high)


@given(SENTENCES)
def test_paragraphs_are_cut_only_where_they_are_too_long_and_then_between_sentences(paragraphs):
    edges = {low for _, _, low, _ in windows(pieces(paragraphs))}
    at = 0
    for sentences in paragraphs:
        inside = set()
        begin = at
        for length in sentences:
            if length <= CORE:
                inside |= set(range(at + 1, at + length))
            at += length
        if at - begin <= CORE:
            inside |= set(range(begin + 1, at))
        assert not edges & inside


def test_an_edit_at_the_end_moves_no_window_before_it():
    before = [[30, 40, 20], [60, 60], [50], [90, 40], [70]]
    after = [*before[:-1], [71]]
    assert windows(pieces(before))[:-1] == windows(pieces([*before, [5]]))[: len(windows(pieces(before))) - 1]
    assert [w[2:] for w in windows(pieces(before))[:-1]] == [w[2:] for w in windows(pieces(after))[:-1]]
