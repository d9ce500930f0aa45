"""What is negative without "not", and what only looks so."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims

NEGATIVE = [
    "“The inspectors hardly ever come here,” said baker Lena Moor.",
    "The coach said the floodlights barely worked.",
    "The patient said she could scarcely walk.",
    "The critic said the orchestra rarely plays modern works.",
    "The ranger said wolves seldom attack people.",
    "Few residents want the new road, the survey found.",
    "Very few fans stayed to the end, the steward said.",
    "There is little hope of finding survivors, the coast guard said.",
    "Little has changed since the fire, the tenant said.",
    "The result is far from certain, the pollster said.",
    "The sea was anything but calm, the skipper said.",
    "The repair is nowhere near finished, the engineer said.",
    "It was by no means certain that the dam would hold, the engineer said.",
    "The analysts said a rate cut was unlikely.",
    "The striker is unlikely to play on Saturday, the club said.",
    "The pool has yet to open, the council said.",
    "Police said they had yet to find a motive.",
    "The doctor said the man was unable to speak.",
    "The bank said it knew nothing of the loan.",
    "The bank said nothing would change for its clients.",
    "The curator said nobody had seen the painting.",
    "The company named neither the buyer nor the price, the paper said.",
]
POSITIVE = [
    "A few residents want the new road, the survey found.",
    "Quite a few fans stayed to the end, the steward said.",
    "There is little doubt that the bridge is safe, the engineer said.",
    "The hut is far from the village, the guide said.",
    "Barely 40 people came to the concert, the organiser said.",
    "The little girl was found in a barn, the sheriff said.",
    "Fewer than 40 people came, the organiser said.",
    "The town is all but cut off, the mayor said.",
    "The inquiry found that the captain failed to sound the alarm.",
    "The crew left the ship without counting the passengers, the inquiry found.",
    "The minister refused to rule out a strike.",
    "The man was arrested near No 10, police said.",
    "The ministry stopped paying the guides, the union said.",
]


@pytest.mark.parametrize("sentence", NEGATIVE)
def test_negative(pipeline, sentence):
    assert [claim.polarity for claim in claims(pipeline, sentence)] == ["negative"]


@pytest.mark.parametrize("sentence", POSITIVE)
def test_positive(pipeline, sentence):
    assert [claim.polarity for claim in claims(pipeline, sentence)] == ["positive"]


@pytest.mark.parametrize(
    ("sentence", "negated"),
    [
        ("The bank said it knew nothing of the loan.", False),
        ("The bank said nothing would change for its clients.", False),
        ("The bank said nobody had asked it.", False),
        ("The bank said nothing about the loan.", True),
        ("The bank did not say who had asked it.", True),
    ],
)
def test_what_was_said_is_not_negated(pipeline, sentence, negated):
    assert [claim.attribution[-1].negated for claim in claims(pipeline, sentence)] == [negated]


@pytest.mark.parametrize(
    "sentence", ["The pool has yet to open, the council said.", "Police said they had yet to find a motive."]
)
def test_what_has_yet_to_be_is_no_duty(pipeline, sentence):
    (claim,) = claims(pipeline, sentence)
    assert (claim.act, claim.modality.kind) == ("assert", "none")
