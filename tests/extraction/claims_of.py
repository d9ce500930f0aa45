"""The claims that a pipeline makes of a body."""

from __future__ import annotations

from worker.contract.article import RawArticle
from worker.contract.claim import Voice


def claims(pipeline, body, voice=Voice.ATTRIBUTED):
    (outcome,) = pipeline.extract([RawArticle(uri="meaning", body=body, language="en")])
    return [claim for claim in outcome.extraction.claims if claim.voice is voice]
