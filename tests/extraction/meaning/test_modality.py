"""Certainty and kind of modality, on sentences written for it."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims


@pytest.mark.parametrize(
    ("sentence", "certainty", "kind"),
    [
        ("The firm said the valve had burst.", "certain", "none"),
        ("The firm said the valve might burst.", "possible", "epistemic"),
        ("The firm said the valve could burst again.", "possible", "epistemic"),
        ("The firm said the owner could not be reached.", "certain", "none"),
        ("The firm said it could not rule out a new leak.", "possible", "epistemic"),
        ("The firm said the valve would probably burst.", "probable", "epistemic"),
        ("The firm said prices were expected to rise.", "probable", "epistemic"),
        ("Analysts expect the price to fall.", "probable", "epistemic"),
        ("The firm believes the valve was old.", "probable", "epistemic"),
        ("Residents fear the dam will burst.", "possible", "epistemic"),
        ("The treaty says that troops must leave the island.", "certain", "deontic"),
        ("The firm said the crews were to leave by noon.", "certain", "deontic"),
        ("The council urged both sides to accept a mediator.", "certain", "deontic"),
        ("The firm said the plant would close if the price fell.", "unknown", "conditional"),
        ("The firm said the plant would close even if the price rose.", "certain", "none"),
        ("The committee asked whether the valve had burst.", "unknown", "none"),
        ("The firm has not said whether the valve had burst.", "unknown", "none"),
        ("The owner threatened to sell the club.", "unknown", "none"),
        ("The firm said the crew seemed tired.", "probable", "epistemic"),
        ("The firm said the crew had appeared calm.", "probable", "epistemic"),
        ("The firm said the ship appeared in the bay.", "certain", "none"),
        ("The firm said the tower stood empty.", "certain", "none"),
        ("The firm said it’s possible that the valve had burst.", "possible", "epistemic"),
        ("The firm said there’s a chance that the valve burst.", "possible", "epistemic"),
        ("The firm said it seemed the valve had burst.", "probable", "epistemic"),
        ("The firm said it seemed an old valve.", "probable", "epistemic"),
    ],
)
def test_modality(rules, sentence, certainty, kind):
    modality = claims(rules, sentence)[0].modality
    assert (modality.certainty, modality.kind) == (certainty, kind)
