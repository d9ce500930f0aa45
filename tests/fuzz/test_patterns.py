"""No pattern of the worker can be kept busy for ever by a short text."""

from __future__ import annotations

import re

import pytest

from tests.fuzz.patterns import endless, patterns_of_the_worker


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s*(?:<!--.*?-->\s*)*<(?:html|body)\b",
        r"From: [^\n]*\n(?:[\w-]+: ?[^\n]*\n)*\r?\n",
        r"(?:<br>(?:\s|&nbsp;|\u00a0)*){2,}",
        r"(?:(?:a+)+,)+$",
    ],
    ids=["comments", "header lines", "blanks twice", "nested"],
)
def test_the_search_finds_what_has_no_end(pattern):
    assert endless(pattern, re.DOTALL) is not None


def test_every_pattern_ends_on_every_text():
    found = [(place, pattern[:200], endless(pattern, flags)) for place, pattern, flags in patterns_of_the_worker()]
    assert len(found) > 300
    assert [found for found in found if found[2] is not None] == []
