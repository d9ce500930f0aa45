"""The rules against the model on hand-written sentences: how many phenomena each gets right."""

from __future__ import annotations

import pytest

from tests.golden.phenomena import CASES
from worker.extraction.attribution.model.network import AttributionModel
from worker.extraction.pipeline import Pipeline
from worker.measure.attribution_scores import fitting
from worker.measure.overlap import chars

MIN_RIGHT_BY_RULES = 78
"""Of 90 sentences. Raise it as the rules get better, so that a loss is seen."""


def _spans(words, text):
    found, at = [], 0
    for part in words.split(" … "):
        start = text.index(part, at)
        found.append((start, start + len(part)))
        at = start + len(part)
    return found


def right(pipeline, text, wanted):
    """True when the wanted attributions are found with their sources, and no others."""
    gold = [
        (chars(_spans(content, text), text), chars(_spans(source, text), text) if source else frozenset(), frozenset())
        for source, content in wanted
    ]
    headline = text if "\n" not in text and not text.endswith((".", "”", '"')) else None
    found = [
        (chars(a.content, text), chars([a.source], text) if a.source else frozenset(), frozenset())
        for a in pipeline.attributions(text, headline)
    ]
    pairs = fitting(gold, found)
    if len(pairs) != len(gold) or len(found) != len(gold):
        return False
    return all(
        (not gold[g][1] and not found[f][1]) or len(gold[g][1] & found[f][1]) >= 0.5 * len(gold[g][1] | found[f][1])
        for _, g, f in pairs
    )


def score(pipeline):
    return {name: [right(pipeline, text, wanted) for text, wanted in cases] for name, cases in CASES.items()}


@pytest.fixture(scope="module")
def scores(pipeline):
    return score(Pipeline.load(model=False)), score(pipeline)


def test_each_phenomenon_has_three_sentences_that_hold_their_spans():
    assert len(CASES) >= 30
    for cases in CASES.values():
        assert len(cases) >= 3
        for text, wanted in cases:
            for source, content in wanted:
                assert _spans(content, text)
                assert source is None or _spans(source, text)


def test_the_rules_alone_get_no_fewer_sentences_right_than_before(scores):
    rules, _ = scores
    assert sum(map(sum, rules.values())) >= MIN_RIGHT_BY_RULES


@pytest.mark.skipif(AttributionModel.load() is None, reason="no attribution model is installed")
def test_the_model_with_the_rules_around_it_is_no_worse_than_the_rules(scores):
    rules, both = scores
    assert sum(map(sum, both.values())) >= sum(map(sum, rules.values()))
