"""What must hold for any input at all: both kinds of fuzzing ask for the same."""

from __future__ import annotations

import time

import msgspec
import orjson

from worker.contract.article import RawArticle
from worker.contract.codec import BrokenRecordError, decode_article, decode_extraction, encode
from worker.contract.dead_letter import DeadReason
from worker.contract.extraction import Extraction
from worker.extraction.outcome import Dropped, Extracted, Failed

LIMIT_S = 10.0
"""CPU seconds that an input of a few thousand characters may take: pathological text must not stop a process."""


def spans_of(value):
    """Every span anywhere in a message."""
    if isinstance(value, dict):
        if {"start", "end", "exact"} <= value.keys():
            yield value
        for inner in value.values():
            yield from spans_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans_of(inner)


def decoded(value):
    """The decoder's promise: an article that can be encoded, or a reason and words for it; nothing else is raised."""
    try:
        article = decode_article(value, largest=1024 * 1024)
    except BrokenRecordError as broken:
        assert isinstance(broken.reason, DeadReason)
        assert broken.error
        broken.error.encode()  # it becomes a header
        return None
    assert article.uri.strip()
    assert article.body.strip()
    assert msgspec.convert(msgspec.to_builtins(article), RawArticle) == article
    assert decode_article(msgspec.json.encode(article)) == article
    return article


def extracted(pipeline, article):
    """The extraction's promise: an outcome in bounded time; what it found can be encoded, read back and checked."""
    began = time.process_time()
    (outcome,) = pipeline.extract([article])
    spent = time.process_time() - began
    assert spent < LIMIT_S, f"{spent:.1f} CPU seconds for {len(article.body)} characters"
    match outcome:
        case Failed(reason, error):
            assert reason is not DeadReason.EXTRACTION_FAILED, error
        case Dropped(reason, detail):
            assert reason
            assert detail
        case Extracted(extraction):
            check(extraction)


def check(extraction: Extraction):
    encoded = encode(extraction)
    assert decode_extraction(encoded) == extraction
    text = extraction.text
    assert extraction.claims_count == len(extraction.claims) == len({claim.claim_id for claim in extraction.claims})
    for span in spans_of(orjson.loads(encoded)):
        start, end = span["start"], span["end"]
        assert 0 <= start < end <= len(text), span
        assert text[start:end] == span["exact"], span
        assert text[:start].endswith(span.get("prefix") or ""), span
        assert text[end:].startswith(span.get("suffix") or ""), span
    for claim in extraction.claims:
        assert claim.content.text.strip(), claim
        assert claim.content.spans, claim
