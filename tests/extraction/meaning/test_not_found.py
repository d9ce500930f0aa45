"""What was not found to be so is said not to be so, with the words for that; who could not say something is silent."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Act, Polarity, Voice


@pytest.mark.parametrize(
    ("body", "act", "polarity", "text"),
    [
        (
            "The inquiry did not find that anyone had lied.",
            Act.ASSERT,
            Polarity.NEGATIVE,
            "The inquiry did not find that anyone had lied",
        ),
        (
            "The study could not show that coffee was the cause.",
            Act.ASSERT,
            Polarity.NEGATIVE,
            "The study could not show that coffee was the cause",
        ),
        (
            "Researchers could not say whether the drug works.",
            Act.SILENT,
            Polarity.POSITIVE,
            "Researchers could not say whether the drug works",
        ),
        ("The inquiry found that nobody had lied.", Act.ASSERT, Polarity.NEGATIVE, "Nobody had lied"),
    ],
)
def test_what_was_not_found(pipeline, body, act, polarity, text):
    (claim,) = claims(pipeline, body, Voice.ATTRIBUTED)
    assert (claim.act, claim.polarity, claim.content.text) == (act, polarity, text)


def test_who_says_what_he_would_not_do_says_it_once(pipeline):
    said = claims(pipeline, "“I would not rule out another rise,” Ida Mills said.", Voice.ATTRIBUTED)
    assert [claim.content.text for claim in said] == ["[Ida Mills] would not rule out another rise"]


def test_what_somebody_asks_for_is_no_statement_without_its_verb(pipeline):
    said = claims(pipeline, "“We're not asking for the moon,” says Hettie Brough.", Voice.ATTRIBUTED)
    assert [claim.content.text for claim in said] == ["We're not asking for the moon"]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        (
            "Resident Joan Tull said the lane was too narrow: “It is an accident waiting to happen.”",
            ["The lane was too narrow", "It is an accident waiting to happen"],
        ),
        ("Rates will rise, the bank said: “We have no choice.”", ["Rates will rise", "[The bank] has no choice"]),
    ],
)
def test_a_quote_behind_a_colon_is_a_statement_of_its_own(pipeline, body, texts):
    assert [claim.content.text for claim in claims(pipeline, body, Voice.ATTRIBUTED)] == texts


@pytest.mark.parametrize(
    ("body", "act"),
    [
        ("The mayor called the claim absurd.", Act.DENY),
        ("The mayor called the move absurd.", Act.CRITICISE),
        ("The board rejected the offer as too low.", Act.OPPOSE),
        ("The firm rejected the claim as false.", Act.DENY),
        ("The defence minister said nothing.", Act.SILENT),
    ],
)
def test_scorn_of_a_claim_denies_it_and_of_a_plan_does_not(pipeline, body, act):
    (claim,) = claims(pipeline, body, Voice.ATTRIBUTED)
    assert claim.act is act
