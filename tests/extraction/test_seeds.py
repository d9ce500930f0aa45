"""The seeds: each English article gives claims whose spans hold, each broken record is refused with its reason."""

from __future__ import annotations

import json

import pytest

from tests.paths import ROOT
from worker.contract.codec import BrokenRecordError, decode_article
from worker.extraction.outcome import Dropped, Extracted

SEEDS = ROOT / "seeds"
POISON = json.loads((SEEDS / "poison" / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted((SEEDS / "articles").glob("*.json")), ids=lambda path: path.stem)
def test_a_seed_gives_claims_whose_spans_hold_or_is_dropped_for_its_language(pipeline, path):
    article = decode_article(path.read_bytes())
    (outcome,) = pipeline.extract([article])
    if article.language == "es":
        assert isinstance(outcome, Dropped)
        return
    assert isinstance(outcome, Extracted)
    extraction = outcome.extraction
    assert extraction.claims_count == len(extraction.claims) >= 4
    assert extraction.text.count(article.headline) == 1
    for claim in extraction.claims:
        links = [span for link in claim.attribution for span in (link.source.span, link.cue)]
        mentions = [span for entity in claim.entities for span in entity.spans]
        for span in [*claim.content.spans, *links, *mentions, *(q.span for q in claim.quantities)]:
            assert span is None or extraction.text[span.start : span.end] == span.exact


@pytest.mark.parametrize("name", POISON)
def test_a_broken_record_is_refused_with_its_reason(name):
    with pytest.raises(BrokenRecordError) as broken:
        decode_article((SEEDS / "poison" / f"{name}.bin").read_bytes())
    assert broken.value.reason == POISON[name]
