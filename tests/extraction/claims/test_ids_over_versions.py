"""A claim keeps its id in the next version of its article, wherever else that version was changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.paths import SEEDS
from worker.contract.article import RawArticle
from worker.contract.codec import decode_article
from worker.extraction.attribution.model.network import AttributionModel

PLAIN = [
    SEEDS / f"{name}.json" for name in ("02-rate-decision", "03-court-ruling", "06-tram-strike", "08-flood-warning")
]
ENGLISH = [path for path in sorted(SEEDS.glob("*.json")) if decode_article(path.read_bytes()).language == "en"]
PARAGRAPH = "The market in the old town opens at eight on Wednesdays, and the fountain was cleaned."


def ids(pipeline, article):
    (outcome,) = pipeline.extract([article])
    return {claim.claim_id: claim for claim in outcome.extraction.claims}


@pytest.fixture(params=PLAIN, ids=lambda path: path.stem)
def article(request):
    return decode_article(request.param.read_bytes())


def paragraph_before(body):
    return f"{PARAGRAPH}\n\n{body}"


def comma_moved(body):
    """In a paragraph of its own, so that the claims' own words stay."""
    return f"{body}\n\nThe market, in the old town opens at eight on Wednesdays and the fountain was cleaned."


def straight_quotes(body):
    return body.translate(str.maketrans("“”‘’", "\"\"''"))


CHANGES = [paragraph_before, comma_moved, straight_quotes]
MODEL_LEAST = {paragraph_before: 0.9, comma_moved: 0.94, straight_quotes: 0.93}
"""Share of the ids under the model: what it sees around an edge changes with the text, so that the edge may move.
The parse differs a little between releases of spaCy: with a comma moved 146 of 150 ids stay under 3.8.6, 143 under
3.8.14.
"""


@pytest.mark.parametrize("change", CHANGES)
def test_ids_stay(rules, article, change):
    before = ids(rules, article)
    after = ids(rules, replace(article, version="2", body=change(article.body)))
    lost = [claim.content.text for claim_id, claim in before.items() if claim_id not in after]
    assert not lost
    assert len(before) >= 5


def test_the_same_text_again_has_the_same_ids(pipeline, article):
    assert ids(pipeline, article).keys() == ids(pipeline, replace(article, version="2")).keys()


@pytest.mark.skipif(AttributionModel.load() is None, reason="no attribution model is installed")
@pytest.mark.parametrize("change", CHANGES)
def test_ids_under_the_model_stay_mostly(pipeline, change):
    kept = total = 0
    for path in ENGLISH:
        one = decode_article(path.read_bytes())
        before, after = ids(pipeline, one), ids(pipeline, replace(one, version="2", body=change(one.body)))
        kept += len(before.keys() & after.keys())
        total += len(before)
    assert kept >= MODEL_LEAST[change] * total


def test_other_words_have_another_id(pipeline):
    open_, shut = (
        ids(pipeline, RawArticle(uri="road", body=f"The mayor said the road was {state} on Monday.", language="en"))
        for state in ("open", "shut")
    )
    assert len(open_) == len(shut) == 1
    assert open_.keys() != shut.keys()
