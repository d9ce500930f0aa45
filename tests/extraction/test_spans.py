"""Every span of every claim holds its words: `text[start:end] == exact`, whatever characters the text is made of."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.paths import SEEDS
from worker.contract.article import RawArticle
from worker.contract.codec import decode_article
from worker.extraction.outcome import Extracted

ARTICLES = sorted(SEEDS.glob("*.json"))
PUBLISHED = datetime(2025, 3, 14, 10, tzinfo=UTC)

_FRAGMENTS = st.sampled_from(
    [
        "Zoë Ångström, the mayor of São Paulo, said on Tuesday that 1,200 people had fled.",
        "“We lost €3.2 million last year 😡,” José Núñez said.",
        "Moscow denied that at least 40 ships 🚢🚢 had left since October 23.",
        "According to UN estimates, two-thirds of the 👩‍👩‍👧‍👦 families left in mid-2023.",
        "Việt Nam’s envoy Nguyễn Văn An warned that prices could double by 6 p.m. GMT.",
        "The café’s owner, Renée Dvořák, told reporters that no guests came.",
        "Es war nicht so, « dit-elle » — 5\u202f000 kroner.",
        "Some­thing broke: up to two per­cent of it, officials said.",
        "🏆🏆🏆",
        "e\u0301\u0301 \u200d \ufeff x\u0327",
        "“I will not go,” said Čapek, “until Friday.”",
    ]
)
_GAPS = st.sampled_from([" ", "\n\n", " 🙂 ", "\u00a0", " — "])


def spans_of(claim):
    for link in claim.attribution:
        yield from (link.source.span, link.cue, *(a.span for a in link.addressees))
    yield from claim.content.spans
    yield from (t.span for t in claim.times)
    yield from (q.span for q in claim.quantities)
    yield from (s for entity in claim.entities for s in entity.spans)


def assert_spans_hold(pipeline, article):
    """The extraction; None where the article was not extracted."""
    (outcome,) = pipeline.extract([article])
    if not isinstance(outcome, Extracted):
        return None
    text = outcome.extraction.text
    for claim in outcome.extraction.claims:
        for span in spans_of(claim):
            if span is None:
                continue
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == span.exact
            assert text[: span.start].endswith(span.prefix or "")
            assert text[span.end :].startswith(span.suffix or "")
        for entity in claim.entities:
            for span in entity.spans:  # a name is not cut inside a letter
                assert not unicodedata.combining(text[span.end : span.end + 1] or " "), (entity.name, span)
    return outcome.extraction


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_spans_hold_in_the_seeds_with_emoji_and_either_form_of_accents(pipeline, path, form):
    article = decode_article(path.read_bytes())
    body = unicodedata.normalize(form, article.body.replace(". ", ". 🙂 ", 2))
    extraction = assert_spans_hold(
        pipeline, RawArticle(uri=article.uri, headline=article.headline, body=body, published_at=PUBLISHED)
    )
    assert extraction is None or extraction.claims


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    parts=st.lists(st.tuples(_FRAGMENTS, _GAPS), min_size=1, max_size=8),
    form=st.sampled_from(["NFC", "NFD", "NFKC"]),
)
def test_spans_hold_whatever_characters_a_news_text_mixes(pipeline, parts, form):
    body = unicodedata.normalize(form, "".join(words + gap for words, gap in parts))
    assert_spans_hold(
        pipeline, RawArticle(uri="u", headline="Ein Titel 🙂", body=body, published_at=PUBLISHED, language="en")
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(body=st.text(max_size=300))
def test_spans_hold_in_any_text_at_all(pipeline, body):
    assert_spans_hold(pipeline, RawArticle(uri="u", body=body, published_at=PUBLISHED, language="en"))


def test_both_forms_of_accents_give_the_same_claims(pipeline):
    body = (
        "The mayor of São Paulo, Zoë Ångström, said on Tuesday that 1,200 people had fled the flood.\n\n"
        "José Núñez, a fisherman, said that at least 40 boats had been lost since October.\n\n"
        "The council said that it would pay €3.2 million to the families of the victims."
    )
    found = []
    for form in ("NFC", "NFD"):
        article = RawArticle(uri="u", headline="Flood", body=unicodedata.normalize(form, body), published_at=PUBLISHED)
        extraction = assert_spans_hold(pipeline, article)
        found.append(
            [
                (
                    c.claim_id,
                    [t.timex for t in c.times],
                    [(q.min, q.unit) for q in c.quantities],
                    sorted(e.entity_id for e in c.entities),
                )
                for c in extraction.claims
            ]
        )
    assert found[0] == found[1]
    assert found[0]


@pytest.mark.parametrize(
    "body",
    [
        "The club won \u00ad\u009a in May.",
        "The club said: 🏆🏆🏆",
        "Moscow denied that at least 40 ships 🚢🚢 had left since October 23.",
    ],
)
def test_signs_alone_are_no_names(pipeline, body):
    (outcome,) = pipeline.extract([RawArticle(uri="signs", body=body, language="en")])
    assert isinstance(outcome, Extracted)
    named = [entity.name for claim in outcome.extraction.claims for entity in claim.entities]
    assert all(any(c.isalnum() for c in name) for name in named)
