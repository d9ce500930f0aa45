"""The check-worthiness from which a statement in the article's own voice is a claim."""

from __future__ import annotations

from tests.extraction.claims_of import claims
from worker.contract.claim import Voice
from worker.extraction.pipeline import Pipeline


def test_the_threshold_of_the_own_voice():
    body = "The heat wave killed about 1,400 people in July. The view was nice."
    counts = [len(claims(Pipeline.load(model=False, own_voice_min=least), body, Voice.AUTHOR)) for least in (0, 0.3, 1)]
    assert counts == [2, 1, 0]
