"""Hearsay has an unnamed source, is probable, and is asserted by nobody: it is no demand."""

from __future__ import annotations

import pytest

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice


@pytest.mark.parametrize(
    ("sentence", "certainty"),
    [
        ("The general is said to be ill.", "probable"),
        ("The tenor is understood to have signed a new contract.", "probable"),
        ("The thief is thought to have fled to Norby.", "probable"),
        ("The owner was reported to be in shock.", "probable"),
        ("The two clubs are believed to have agreed on a fee.", "probable"),
        ("It was reported that the bank had lost two million euros.", "probable"),
        ("It has been claimed that the club is bankrupt.", "probable"),
        ("It is rumoured that the band will split.", "possible"),
    ],
)
def test_hearsay(pipeline, sentence, certainty):
    (claim,) = claims(pipeline, sentence)
    assert claim.attribution[-1].source.span is None
    assert (claim.act, claim.modality.certainty) == ("assert", certainty)


def test_what_sources_say_is_probable(pipeline):
    (claim,) = claims(pipeline, "Sources say the coach will be sacked this week.")
    assert claim.modality.certainty == "probable"


@pytest.mark.parametrize(
    ("sentence", "certainty"),
    [
        ("The firm reportedly paid two million euros to a lobbyist.", "probable"),
        ("The director allegedly burned the files of the bank.", "possible"),
        ("The owner of the hotel, it appears, knew of the leak.", "probable"),
    ],
)
def test_what_an_adverb_hedges_is_not_said_by_its_subject(pipeline, sentence, certainty):
    assert not claims(pipeline, sentence)
    (claim,) = claims(pipeline, sentence, Voice.AUTHOR)
    assert claim.modality.certainty == certainty
