"""Any bytes give an article or a reason; any text gives an outcome whose spans can be checked (hypothesis).

The assertions are in tests/fuzz/promises.py, which the coverage-guided fuzzing uses as well.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz import promises
from tests.fuzz.promises import decoded, extracted
from tests.fuzz.strategies import record_values, texts
from worker.contract.article import ArticleStatus, RawArticle
from worker.contract.codec import BrokenRecordError, article_from

_MORE = int(os.environ.get("CLAIMWIRE_TEST_FUZZ_FACTOR", "1"))
_FINDINGS = sorted((Path(__file__).parent / "regressions").glob("*.bin"))
_LOOSE = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large)


@settings(max_examples=500 * _MORE, deadline=None, suppress_health_check=_LOOSE)
@given(record_values)
@example(b'{"uri": "a", "body": "b", "published_at": "0000-00-00"}')
@example(b'{"uri": "\\ud800", "body": "b"}')
def test_the_decoder_has_an_answer_for_any_bytes(value):
    decoded(value)


@settings(max_examples=200 * _MORE, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["uri", "body", "bodies", "articleBody", "maintext", "text", "url", "@graph", "op", "after"]),
        st.none()
        | st.text(max_size=5)
        | st.lists(st.text(max_size=3))
        | st.dictionaries(st.text(max_size=3), st.text(max_size=3)),
    )
)
def test_every_form_is_read_or_refused(raw):
    try:
        assert article_from(raw).uri
    except BrokenRecordError as broken:
        assert broken.error


@settings(max_examples=60 * _MORE, deadline=None, suppress_health_check=_LOOSE)
@given(
    body=texts,
    headline=st.none() | st.text(max_size=80),
    at=st.none() | st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001
    status=st.sampled_from(ArticleStatus),
)
def test_any_text_gives_an_outcome_that_can_be_checked(pipeline, body, headline, at, status):
    if body.strip():
        extracted(
            pipeline,
            RawArticle(uri="https://news.example/1", body=body, headline=headline, published_at=at, status=status),
        )


@pytest.mark.parametrize("path", _FINDINGS, ids=lambda path: path.stem)
def test_a_finding_of_the_fuzzing_stays_fixed(pipeline, path):
    value = path.read_bytes()
    match path.stem.partition("-")[0]:
        case "decoder":
            article = decoded(value)
            if article is not None:
                extracted(pipeline, article)
        case "extraction":
            promises.text(pipeline, value)
        case "news":
            pytest.importorskip("atheris")  # the bytes choose by its FuzzedDataProvider
            promises.news(pipeline, value)
        case "forms":
            pytest.importorskip("atheris")
            promises.form(value)
        case "headers":
            promises.headers(value)
        case "archives":
            promises.archive(value)
        case "tools":
            promises.event(value)
        case other:
            pytest.fail(f"{other} is no target whose findings are read here")
