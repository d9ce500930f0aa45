"""Claim events for comparisons, as they stand in the topic."""

from __future__ import annotations

from dataclasses import replace

import orjson

from worker.contract.claim import Content, Provenance, Span
from worker.contract.codec import encode
from worker.contract.examples import example_claim
from worker.contract.ids import claim_id


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
