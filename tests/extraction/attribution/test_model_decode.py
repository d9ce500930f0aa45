"""From scores to attributions, on scores made for it: ten pieces a paragraph, one sentence each."""

from __future__ import annotations

import numpy as np

from tests.paths import SEEDS
from worker.contract.codec import decode_article
from worker.extraction.attribution.model.decode import LINK, TAGS, Weights, decode
from worker.extraction.attribution.model.features import FEATURES, Pieces

SURE, MAYBE = 12.0, 4.0


def pieces(paragraphs):
    n = 10 * paragraphs
    number = np.arange(n) // 10
    starts = np.arange(n) * 5
    features = np.zeros((n, len(FEATURES)), np.int64)
    return Pieces(np.arange(n), starts, starts + 4, np.zeros(n, bool), number, number, features)


def scores(paragraphs, **spans):
    """`cue=[(2, 3)]` tags pieces 2 to 3 for sure; `maybe_cue` leaves them to O, but only just."""
    n = 10 * paragraphs
    emissions = np.zeros((n, len(TAGS)), np.float32)
    emissions[:, 0] = 5.0
    for name, places in spans.items():
        role = name.removeprefix("maybe_")
        for first, end in places:
            emissions[first:end, TAGS.index(f"I-{role}")] = MAYBE if name != role else SURE
            emissions[first, TAGS.index(f"I-{role}")] = 0
            emissions[first, TAGS.index(f"B-{role}")] = MAYBE if name != role else SURE
    links = np.zeros((n, 4 * LINK + 1), np.float32)
    links[:, 4 * LINK] = -10  # every cue has a source
    return emissions, links


def weights():
    return Weights(
        transitions=np.zeros((len(TAGS), len(TAGS)), np.float32),
        start=np.zeros(len(TAGS), np.float32),
        distance=np.zeros((2, 16), np.float32),
        sentence=np.zeros((2, 2), np.float32),
        paragraph=np.zeros((2, 2), np.float32),
    )


def found(paragraphs, **spans):
    return [(f.cue, f.content) for f in decode(*scores(paragraphs, **spans), pieces(paragraphs), weights())]


def test_a_content_has_the_cue_of_its_paragraph():
    assert found(1, source=[(0, 1)], cue=[(2, 3)], content=[(4, 9)]) == [((2, 3), ((4, 9),))]


def test_a_content_that_asks_for_another_paragraphs_cue_gets_the_likeliest_of_its_own():
    assert found(2, source=[(0, 1)], cue=[(2, 3)], content=[(4, 9), (14, 19)], maybe_cue=[(12, 13)]) == [
        ((2, 3), ((4, 9),)),
        ((12, 13), ((14, 19),)),
    ]


def test_it_gets_the_cue_of_its_own_paragraph_that_is_on_the_path():
    assert found(2, source=[(0, 1)], cue=[(2, 3), (11, 12)], content=[(4, 9), (14, 19)]) == [
        ((2, 3), ((4, 9),)),
        ((11, 12), ((14, 19),)),
    ]


def test_without_any_it_keeps_the_cue_and_is_an_attribution_by_itself():
    assert found(2, source=[(0, 1)], cue=[(2, 3)], content=[(4, 9), (14, 19)]) == [
        ((2, 3), ((4, 9),)),
        ((2, 3), ((14, 19),)),
    ]


def test_a_quote_broken_by_its_cue_is_one_content_of_two_spans():
    assert found(1, source=[(3, 4)], cue=[(4, 5)], content=[(0, 3), (6, 9)]) == [((4, 5), ((0, 3), (6, 9)))]


def test_spans_with_only_a_space_between_them_are_one():
    assert found(1, source=[(0, 1)], cue=[(1, 2)], content=[(3, 6), (6, 9)]) == [((1, 2), ((3, 9),))]


def test_a_content_without_any_cue_stands_alone():
    assert found(1, content=[(4, 9)]) == [(None, ((4, 9),))]


def test_a_headlines_speaker_is_nobodys_content(pipeline):
    article = decode_article((SEEDS / "04-vaccine-trial.json").read_bytes())
    assert article.headline.endswith(": researchers")
    (outcome,) = pipeline.extract([article])
    assert "researchers" not in {c.content.text.casefold() for c in outcome.extraction.claims}
