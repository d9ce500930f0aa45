"""Whom a statement is told to, by the extraction: for tests of addressees."""

from __future__ import annotations

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted


def spoken_to(pipeline, text, said):
    """The words of the addressees of the shortest claim that has the words `said`; none without such a claim."""
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=text, language="en")])
    assert isinstance(outcome, Extracted)
    links = [
        (sum(len(span.exact) for span in claim.content.spans), claim.attribution[-1])
        for claim in outcome.extraction.claims
        if claim.attribution and any(said in span.exact for span in claim.content.spans)
    ]
    return [each.span.exact for each in min(links, key=lambda link: link[0])[1].addressees] if links else []
