"""States that releases wrote to articles.live: this release reads them, and goes on where they stood.

tests/stages/states has one of each format, as base64: of the article urn:kept:1 after two versions, the first with the
claims BRIDGE and ROAD, the second with BRIDGE and HARBOUR. first.b64 is of the lifecycle of Faust (commit 2eccf50),
second.b64 of format 2. A new format adds a file and leaves these as they are.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from worker.contract.claim import Provenance
from worker.contract.codec import encode
from worker.contract.published.examples import example_extraction
from worker.contract.topics import Topics
from worker.stages.article_state import unpack, wins
from worker.stages.lifecycle import decide
from worker.streaming.outcome import Drop, Ok
from worker.streaming.record import Record

BRIDGE, ROAD, HARBOUR = "The bridge opens in May.", "The road costs two million euros.", "The harbour was closed."
STATES = {path.stem: base64.b64decode(path.read_text()) for path in Path(__file__).with_name("states").glob("*.b64")}


def _id(text):
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _record(version, texts, offset):
    """The extraction of the article's version, read at `offset` of articles.raw[0]."""
    base = example_extraction()
    pattern = base.claims[0]
    article = replace(base.article, uri="urn:kept:1", version=version)
    provenance = Provenance(pipeline="2", topic="articles.raw", partition=0, offset=offset)
    claims = []
    for number, text in enumerate(texts):
        span = replace(pattern.content.spans[0], start=number * 100, end=number * 100 + len(text), exact=text)
        content = replace(pattern.content, text=text, spans=[span])
        claims.append(replace(pattern, claim_id=_id(text), article=article, content=content, provenance=provenance))
    extraction = replace(
        base,
        extraction_id=f"extraction-{version}",
        article=article,
        claims=claims,
        claims_count=len(claims),
        provenance=provenance,
    )
    return Record("articles.extracted", 0, offset, 1000 + offset, b"urn:kept:1", encode(extraction), ())


def _events(outcome):
    assert isinstance(outcome, Ok)
    events = [orjson.loads(output.value) for output in outcome.outputs]
    return {(e["content"]["text"], e["status"], e["revision"]) for e in events}


def test_each_format_is_here():
    assert set(STATES) == {"first", "second"}


@pytest.mark.parametrize("name", STATES)
def test_what_a_state_says_is_read(name):
    state = unpack(STATES[name])
    assert (state.article.uri, state.article.version) == ("urn:kept:1", "2")
    assert {claim.text: claim.revision for claim in state.claims} == {BRIDGE: 2, HARBOUR: 1}
    assert state.ended == {_id(ROAD): 2}


@pytest.mark.parametrize("name", STATES)
def test_the_next_version_goes_on_from_it(name):
    outcome, after = decide(_record("3", [HARBOUR, ROAD], 9), STATES[name], Topics())
    assert _events(outcome) == {(HARBOUR, "asserted", 2), (ROAD, "asserted", 3), (BRIDGE, "retracted", 3)}
    assert unpack(after).article.version == "3"


@pytest.mark.parametrize("name", STATES)
def test_an_older_version_is_dropped_and_a_deletion_retracts_what_stands(name):
    outcome, after = decide(_record("1", [BRIDGE], 0), STATES[name], Topics())
    assert isinstance(outcome, Drop)
    assert after == STATES[name]
    tombstone = Record("articles.extracted", 0, 9, 1009, b"urn:kept:1", None, (("ce_source", b"/articles.raw/0/9"),))
    outcome, _ = decide(tombstone, STATES[name], Topics())
    retracted = [orjson.loads(output.value) for output in outcome.outputs if output.value is not None]
    assert {(e["content"]["text"], e["status"]) for e in retracted} == {(BRIDGE, "retracted"), (HARBOUR, "retracted")}


def test_a_state_of_an_earlier_format_does_not_win_over_one_of_this():
    """An earlier release had no fence: it may write behind its successor."""
    assert not wins(STATES["first"], STATES["second"])
    assert wins(STATES["second"], STATES["first"])
