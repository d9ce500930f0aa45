"""How the state holds claims: small, since it holds many, and most of them are read seldom."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

import msgspec
import orjson

from worker.contract.claim import Article, Claim, Provenance, Span

__all__ = ["claim_in", "packed_claim", "packed_weights", "seen_of", "weights_in"]

_NO_PROVENANCE = Provenance(pipeline="")
_LEVEL = 3
_RAW = -15
"""Deflate without a head and a checksum: SQLite's pages are whole or the file is not used."""

msgspec.json.Decoder(Claim)
"""Made while one thread alone imports this; see worker/contract/codec.py."""


@cache
def _dictionary() -> bytes:
    """Two claims as JSON: a claim is packed by what it has in common with them, which halves it."""
    return (files("worker.link.live") / "data" / "typical_claims.jsonl").read_bytes()


def seen_of(claim: Claim) -> Claim:
    """What linking sees of a claim: a new version of its article that says the same costs nothing."""
    article = claim.article
    seen = Article(
        uri=article.uri,
        version="",
        text_sha256="",
        headline=article.headline,
        publisher=article.publisher,
        published_at=article.published_at,
        language=article.language,
    )
    content = replace(claim.content, spans=[_bare(span) for span in claim.content.spans])
    return replace(claim, article=seen, content=content, provenance=_NO_PROVENANCE, revision=1, supersedes=None)


def _bare(span: Span) -> Span:
    """Without what stands around it."""
    return Span(start=span.start, end=span.end, exact=span.exact)


def packed_claim(claim: Claim) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, zdict=_dictionary())
    return packer.compress(orjson.dumps(claim)) + packer.flush()


def claim_in(body: bytes) -> Claim:
    """What `packed_claim` packed."""
    unpacker = zlib.decompressobj(_RAW, zdict=_dictionary())
    return msgspec.convert(orjson.loads(unpacker.decompress(body) + unpacker.flush()), Claim)


def packed_weights(weights: Mapping[int, int]) -> bytes:
    """Ten bytes for each key of 64 signed bits with its weight below 65,536."""
    return array("q", weights.keys()).tobytes() + array("H", weights.values()).tobytes()


def weights_in(packed: bytes) -> dict[int, int]:
    keys, weights = array("q"), array("H")
    end = len(packed) // (keys.itemsize + weights.itemsize) * keys.itemsize
    keys.frombytes(packed[:end])
    weights.frombytes(packed[end:])
    return dict(zip(keys, weights, strict=True))
