"""The parts: sketches, bands, alignment, joining."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.link.copies.stories import drawn, stories, vocabulary
from worker.link.copies.alignment import anchors_of, overlap
from worker.link.copies.grouping import Inclusion, Joined, Member, groups_of, parent_of
from worker.link.copies.minhash import BANDS, band_keys, shingles
from worker.link.copies.sketch import sketch_of

WORDS = vocabulary(drawn(2))


def text_of(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count))


def test_a_sketch_has_content_words_with_their_lines_and_facts():
    sketch = sketch_of("The mayor of Lindau spoke on 3 May\n\nand Lindau paid 1,200 euros")
    # mayor Lindau spoke 3 | Lindau paid 1,200 euros
    assert len(sketch) == 8
    assert sketch.facts.tolist() == [0, 1, 0, 1, 1, 0, 1, 0]
    assert sketch.lines.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("{a} “{b}” {c}", "{a} {c}"),
        ('{a} "{b}" {c}', "{a} {c}"),
        ("{a} „{b}“ {c}", "{a} {c}"),
        ("{a} «{b}» {c}", "{a} {c}"),
        ("{a}\n“{b}\n“{c}” {a}", "{a}\n{a}"),
        # a mark that was lost costs nothing but its own quotation
        ('{a} {b}" {c}', "{a} {b} {c}"),
        ('{a} "{b} {c}', "{a} {b} {c}"),
        ('{a} {b}" {c} "{a}" {b}', "{a} {b} {c} {b}"),
        ("{a} “{b} {c} “{a}” {b}", "{a} {b} {c} {b}"),
    ],
)
def test_what_is_quoted_is_left_out(text, left):
    rng = drawn(1)
    parts = {name: text_of(rng, 30) for name in "abc"}
    assert sketch_of(text.format(**parts)).words.tolist() == sketch_of(left.format(**parts)).words.tolist()


def test_a_text_of_nothing_but_quotations_is_read_with_them():
    quoted = "“" + text_of(drawn(1), 40) + "”"
    assert len(sketch_of(quoted)) == 40


def test_a_sketch_without_lines_is_whole_where_too_little_would_be_left():
    rng = drawn(1)
    first, second = text_of(rng, 40), text_of(rng, 40)
    sketch = sketch_of(f"{first}\n\n{second}")
    hashes = [int(value) for value in sketch.line_hashes]
    assert sketch.without_lines(frozenset(hashes[:1])).words.tolist() == sketch_of(second).words.tolist()
    assert sketch.without_lines(frozenset(hashes)) is sketch


@pytest.mark.parametrize("share", [0.2, 0.35, 0.6])
def test_bands_meet_as_often_as_the_share_of_common_shingles_says(share):
    """1 - (1 - s^2)^64 of the pairs, within four standard deviations of 120 draws."""
    met, tries, wanted = 0, 120, 1 - (1 - share**2) ** BANDS
    for seed in range(tries):
        rng = drawn(seed)
        words = 100
        # two texts with a common run of n words of `words` each have n - 2 common shingles of 2 * (words - 2) - (n - 2)
        common = round(2 * (words - 2) * share / (1 + share)) + 2
        run = text_of(rng, common)
        one, other = (sketch_of(f"{run} {text_of(rng, words - common)}") for _ in range(2))
        met += bool(set(band_keys(one).tolist()) & set(band_keys(other).tolist()))
    assert abs(met - tries * wanted) <= 4 * math.sqrt(tries * wanted * (1 - wanted)) + 1


def test_a_text_inside_one_of_eight_times_its_length_is_a_candidate():
    for seed in range(20):
        rng = drawn(seed)
        text = text_of(rng, 150)
        longer = f"{text_of(rng, 500)} {text} {text_of(rng, 550)}"
        assert set(band_keys(sketch_of(text)).tolist()) & set(band_keys(sketch_of(longer)).tolist())


def test_texts_without_three_words_have_no_shingles_and_no_bands():
    for text in ("", "two words"):
        assert len(shingles(sketch_of(text))) == 0
        assert len(band_keys(sketch_of(text))) == 0
        assert overlap(anchors_of(sketch_of(text)), anchors_of(sketch_of(text))).words == 0


def test_equal_texts_overlap_wholly_also_where_they_repeat_themselves():
    text = " ".join([text_of(drawn(1), 20)] * 4)
    anchors = anchors_of(sketch_of(text))
    assert (overlap(anchors, anchors).first, overlap(anchors, anchors).second) == (1.0, 1.0)


@given(st.integers(0, 10**6))
def test_an_overlap_can_be_taken_from_either_side(seed):
    rng = drawn(seed)
    _, text = stories(1, seed)[0]
    words = text.split()
    cut = words[rng.randrange(len(words)) :]
    rng.shuffle(cut) if rng.random() < 0.2 else None
    other = " ".join(rng.choice(WORDS) if rng.random() < 0.2 else word for word in cut) + " " + text_of(rng, 30)
    one, two = anchors_of(sketch_of(text)), anchors_of(sketch_of(other))
    here, there = overlap(one, two), overlap(two, one)
    assert here == there.swapped()
    assert 0 <= here.first <= 1
    assert 0 <= here.second <= 1


COUNT = 12
PAIRS = st.lists(st.tuples(st.integers(0, COUNT - 1), st.integers(0, COUNT - 1)), max_size=12)


@given(PAIRS, st.lists(st.integers(1, 9), min_size=COUNT, max_size=COUNT), PAIRS, st.randoms())
def test_groups_do_not_depend_on_the_order_of_ties(copies, words, inclusions, rng):
    included = [Inclusion(one, other, (one + 1) / (one + other + 2)) for one, other in inclusions if one != other]

    def grouped():
        joined = Joined(COUNT)
        for one, other in copies:
            joined.join(one, other)
        return groups_of(joined, words, included)

    wanted = grouped()
    rng.shuffle(copies)
    rng.shuffle(included)
    assert grouped() == wanted
    members = [member for group in wanted.values() for member in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 and group == sorted(group) for group in wanted.values())


def test_a_text_joins_the_one_that_most_of_it_is_made_of():
    inclusions = [Inclusion(0, 2, 0.3), Inclusion(1, 2, 0.5)]
    assert groups_of(Joined(3), [100, 150, 400], inclusions) == {1: [1, 2]}
    assert groups_of(Joined(3), [100, 150, 400], inclusions[:1]) == {0: [0, 2]}


def test_cuts_of_cuts_are_one_group():
    assert groups_of(Joined(3), [10, 20, 40], [Inclusion(0, 1, 0.5), Inclusion(1, 2, 0.5)]) == {0: [0, 1, 2]}


def test_the_parent_is_of_the_most_copied_text():
    members = [
        Member("overview", 900, "2026-01-01T00:00:00Z", 0),
        Member("b", 300, "2026-01-03T00:00:00Z", 1),
        Member("a", 310, "2026-01-02T00:00:00Z", 1),
        Member("short", 100, "2026-01-01T00:00:00Z", 1),
    ]
    for _ in range(4):
        members.append(members.pop(0))
        assert parent_of(members).uri == "a"


def test_hashes_are_the_same_on_every_machine():
    sketch = sketch_of("The harbour master said that eleven ships had left the harbour before the storm")
    assert int(np.bitwise_xor.reduce(shingles(sketch))) == 14081469698226673329
