"""The name of who says something in a text."""

from __future__ import annotations

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted
from worker.extraction.pipeline import Pipeline


def name_of(pipeline: Pipeline, text: str, said: str) -> str | None:
    """The source of the shortest statement that has the words, an article aside; None where nobody says them."""
    (outcome,) = pipeline.extract([RawArticle(uri="u", body=text, language="en")])
    assert isinstance(outcome, Extracted)
    saying = [
        claim
        for claim in outcome.extraction.claims
        if claim.attribution and any(said in span.exact for span in claim.content.spans)
    ]
    if not saying:
        return None
    innermost = min(saying, key=lambda claim: sum(span.end - span.start for span in claim.content.spans))
    name = innermost.attribution[-1].source.name or ""
    for article in ("The ", "the ", "A ", "a ", "An ", "an "):
        name = name.removeprefix(article)
    return name
