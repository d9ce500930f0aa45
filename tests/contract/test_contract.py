"""The messages against their schemas, and every form of an article."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys

import jsonschema
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.paths import ROOT
from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, decode_article, decode_extraction, encode
from worker.contract.ids import claim_id, digest

SCHEMAS = ROOT / "schemas"


def _schema(name):
    return json.loads((SCHEMAS / f"{name}.v1.json").read_text(encoding="utf-8"))


def test_the_schemas_are_those_of_the_types():
    done = subprocess.run(
        [sys.executable, "-m", "worker.contract.published.schemas", str(SCHEMAS), "--check"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.v1.json")), ids=lambda path: path.stem)
def test_each_schema_is_one(path):
    jsonschema.Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_what_the_worker_writes_fits_its_schemas(pipeline):
    body = "The council met on Monday in the town hall. Mayor Anna Lind said that at least 40 bridges had closed."
    (outcome,) = pipeline.extract([RawArticle(uri="u", headline="Bridges", body=body)])
    written = encode(outcome.extraction)
    jsonschema.validate(orjson.loads(written), _schema("extraction"))
    assert decode_extraction(written) == outcome.extraction
    assert outcome.extraction.claims
    for claim in outcome.extraction.claims:
        jsonschema.validate(orjson.loads(encode(claim)), _schema("claim"))


@pytest.mark.parametrize(
    "shape",
    [
        {"uri": "https://a.example/1", "headline": "Rain", "body": "It rained."},
        {
            "uri": "https://a.example/1",
            "standard": {"name": "ninjs", "version": "3.0"},
            "headlines": [{"role": "main", "value": "Rain"}],
            "bodies": [{"role": "main", "contentType": "text/plain", "value": "It rained."}],
        },
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "url": "https://a.example/1",
            "headline": "Rain",
            "articleBody": "It rained.",
        },
    ],
    ids=["native", "ninjs", "schema.org"],
)
def test_the_same_article_in_each_form(shape):
    article = decode_article(json.dumps(shape).encode())
    assert (article.uri, article.headline, article.body) == ("https://a.example/1", "Rain", "It rained.")


@given(st.binary(max_size=400))
def test_any_bytes_are_an_article_or_a_named_fault(value):
    with contextlib.suppress(BrokenRecordError):
        assert decode_article(value).uri


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["uri", "body", "headline", "status", "headlines", "bodies", "@type", "url", "articleBody", "value"]
            )
            | st.text(max_size=4),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_any_json_is_an_article_or_a_named_fault(value):
    with contextlib.suppress(BrokenRecordError):
        assert decode_article(json.dumps(value).encode()).uri


def test_ids_ignore_what_does_not_change_the_claim_and_keep_what_does():
    assert claim_id("u", "Lind", "“The bridge is safe,”") == claim_id("u", "LIND", "the bridge  is safe.")
    assert claim_id("u", "Lind", "the bridge is safe") != claim_id("u", "Lind", "the bridge is not safe")
    assert digest("ab", "c") != digest("a", "bc")
