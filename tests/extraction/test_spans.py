"""`text[start:end] == exact` for every span of every claim, whatever characters the text holds."""

from __future__ import annotations

import unicodedata
from dataclasses import fields, is_dataclass

import pytest

from worker.contract.article import RawArticle
from worker.contract.claim import Span

BODY = (
    "José Peña, the mayor of Älvsund, said the café would close 🙁 in May. “We’ve lost 40 per cent 👩‍👩‍👧 of our guests,” he told reporters.\n\n"
    "“Nobody ‘helped’ us,” Peña’s deputy, Zoë Brontë, said. According to the ministry, at least 1,200 jobs 💼 were lost last year. "
    "Ångström\u00a0AB denied that it had fired 80 work\u00aders. “The fjord is ours,” said Håkon Lie – “not theirs.”"
)


def spans(value):
    if isinstance(value, Span):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from spans(getattr(value, field.name))
    elif isinstance(value, list):
        for each in value:
            yield from spans(each)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
@pytest.mark.parametrize("quotes", ["“”‘’", "\"\"''", "«»‹›", "„“‚‘"])
def test_spans_hold_their_words(pipeline, form, quotes):
    body = unicodedata.normalize(form, BODY.translate(str.maketrans("“”‘’", quotes)))
    (outcome,) = pipeline.extract(
        [RawArticle(uri="spans", body=body, headline=unicodedata.normalize(form, "Café schließt"))]
    )
    extraction = outcome.extraction
    found = list(spans(extraction.claims))
    assert len(extraction.claims) >= 4
    for span in found:
        assert extraction.text[span.start : span.end] == span.exact
        assert span.exact.strip()
