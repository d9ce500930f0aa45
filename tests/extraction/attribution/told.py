"""Who says what in an article, in short: for tests of sources and contents."""

from __future__ import annotations

import re

from worker.contract.article import RawArticle
from worker.extraction.outcome import Extracted

_MARKS = re.compile("[\"“”„«»`‘]|''|(?<!\\w)’|[’'](?!\\w)")


def told(pipeline, body, headline=None):
    """The attributed claims as pairs of the innermost source's name and the content without quotation marks."""
    return [(_name(claim), _words(claim)) for claim in _claims(pipeline, body, headline) if claim.voice == "attributed"]


def own_voice(pipeline, body, headline=None):
    """The contents of the article's own claims."""
    return [_words(claim) for claim in _claims(pipeline, body, headline) if claim.voice == "author"]


def _claims(pipeline, body, headline):
    (outcome,) = pipeline.extract([RawArticle(uri="u", headline=headline, body=body, language="en")])
    assert isinstance(outcome, Extracted), outcome
    return outcome.extraction.claims


def _name(claim):
    source = claim.attribution[-1].source
    return source.span.exact if source.span and not source.name else source.name


def _words(claim):
    parts = (" ".join(_MARKS.sub("", span.exact).split()) for span in claim.content.spans)
    return " / ".join(part.strip(" .,'") for part in parts)
