"""Attributions inside the content of another one."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("“We call on the two governments to open the border,” Lind said.", "We", "call"),
        ("Berg said that residents fear a flood in the valley and that experts warned the city.", "experts", "warned"),
        ("Berg said the residents' demand for a new dam was reasonable.", "the residents'", "demand for"),
        ("Berg said that the government supports the plan for a new dam.", "the government", "supports"),
        ("Berg said that Moscow cannot rule out a second round of talks.", "Moscow", "cannot rule out"),
    ],
)
def test_a_cue_inside_a_content_has_an_attribution_of_its_own(rules, text, source, cue):
    found = {
        (text[slice(*each.source)], text[slice(*each.cue)])
        for each in rules.attributions(text)
        if each.source and each.cue
    }
    assert (source, cue) in found


def test_what_two_contents_hold_is_found_once(rules):
    text = "Berg said that Lind said that the government supports the plan for a new dam."
    found = [text[slice(*each.cue)] for each in rules.attributions(text) if each.cue]
    assert sorted(found) == ["said", "said", "supports"]
