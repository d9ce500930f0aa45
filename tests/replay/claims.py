"""Claim events and extractions, as they are in the topics."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import orjson

from worker.contract.claim import Content, Provenance, Span
from worker.contract.codec import encode
from worker.contract.coordinates import Coordinates
from worker.contract.headers.cloud_events import EXTRACTION_TYPE, cloud_event
from worker.contract.ids import claim_id
from worker.contract.published.examples import example_claim, example_extraction
from worker.streaming.outcome import Ok, Output


def event(uri="u1", content="the bridge would open", source="Anna Lind", start=10, **changes):
    """A decoded claim; `changes` replace fields of the contract's type, `publisher` the article's."""
    claim = example_claim()
    publisher = changes.pop("publisher", "The Example")
    offset = changes.pop("offset", 0)
    claim = replace(
        claim,
        claim_id=claim_id(uri, source, content),
        article=replace(claim.article, uri=uri, publisher=publisher),
        content=Content(text=content, spans=[Span(start=start, end=start + len(content), exact=content)]),
        provenance=Provenance(pipeline=changes.pop("pipeline", "1"), topic="raw", partition=0, offset=offset),
        attribution=[
            replace(claim.attribution[0], source=replace(claim.attribution[0].source, name=source)),
        ],
        **changes,
    )
    return orjson.loads(encode(claim))


def extracted(record, topics, claims=1):
    """The outcome of a raw record whose article has so many claims; their ids are URI-0, URI-1, ..."""
    example = example_extraction()
    uri = record.key.decode()
    raw = Coordinates.of(record)
    made = replace(example.provenance, topic=raw.topic, partition=raw.partition, offset=raw.offset)
    article = replace(example.article, uri=uri)
    own = [replace(example.claims[0], claim_id=f"{uri}-{n}", article=article, provenance=made) for n in range(claims)]
    extraction = replace(example, article=article, claims=own, claims_count=claims, provenance=made)
    headers = cloud_event(
        kind=EXTRACTION_TYPE, event_id="x", source=raw.source, subject=uri, at=datetime.now(UTC), carried=[]
    )
    return Ok((Output(topics.extracted, record.key, encode(extraction), headers),))
