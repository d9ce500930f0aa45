"""Opposites are found by family and by prefix, not among words that both claims have."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from worker.link.relations.opposition import opposed_words
from worker.link.relations.stems import stem

DATA = files("worker.link.relations") / "data"


def opposed(a, b):
    return opposed_words(tuple(map(stem, a.split())), tuple(map(stem, b.split())))


def test_opposites_of_one_family():
    (found,) = opposed("border open", "border closed")
    assert (found.a, found.b, found.hard) == ("open", "clos", True)


def test_judgements_are_soft():
    assert [o.hard for o in opposed("plan success", "plan disaster")] == [False]


def test_a_negative_prefix_makes_an_opposite():
    assert opposed("arrest lawful", "arrest unlawful")
    assert opposed("motive political", "motive nonpolitical")
    assert not opposed("inside harbour", "side harbour")


def test_a_word_that_both_have_opposes_nothing():
    assert opposed("open border closed gate", "border closed gate open") == []


def test_opposites_work_both_ways():
    assert opposed("price rose", "price fell")
    assert opposed("price fell", "price rose")


def test_no_word_is_on_both_sides_of_a_family():
    for family in tomllib.loads((DATA / "opposites.toml").read_text(encoding="utf-8"))["opposites"]:
        one, other = ({stem(w) for w in family[side].split()} for side in ("one", "other"))
        assert not one & other, family
