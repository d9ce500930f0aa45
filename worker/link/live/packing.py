"""How the state holds claims: small, since it holds many, and most of them are read seldom."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
import numpy.typing as npt

from worker.contract.claim import Article, Claim, Provenance, Span

__all__ = ["claim_in", "keys_in", "packed_claim", "packed_keys", "seen_of"]

_NO_PROVENANCE = Provenance(pipeline="")
_LEVEL = 3
_RAW = -13
"""Deflate without a head and a checksum: SQLite's pages are whole or the file is not used. A window of 8 KB holds the
dictionary and a claim.
"""
_MEMORY = 6
"""What deflate sets up for each claim, 64 KB instead of 256 KB."""
_BYTES_OF_KEY = 8 + 2

_CLAIM = msgspec.json.Decoder(Claim)
"""Made while one thread alone imports this; see worker/contract/codec.py."""
_JSON = msgspec.json.Encoder()
"""The same bytes as orjson's, for a dataclass in half the time."""


@cache
def _dictionary() -> bytes:
    """Two claims as JSON: a claim is packed by what it has in common with them, which halves it."""
    return (files("worker.link.live") / "data" / "typical_claims.jsonl").read_bytes()


@cache
def _packer() -> zlib._Compress:
    """Has read the dictionary: a copy of it need not."""
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, _MEMORY, zdict=_dictionary())


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
    packer = _packer().copy()
    return packer.compress(_JSON.encode(claim)) + packer.flush()


def claim_in(body: bytes) -> Claim:
    """What `packed_claim` packed."""
    unpacker = zlib.decompressobj(_RAW, zdict=_dictionary())
    return _CLAIM.decode(unpacker.decompress(body) + unpacker.flush())


def packed_keys(hashes: npt.NDArray[np.int64], weights: npt.NDArray[np.uint16]) -> bytes:
    """Ten bytes for each key."""
    return hashes.tobytes() + weights.tobytes()


def keys_in(packed: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint16]]:
    """What `packed_keys` packed."""
    count = len(packed) // _BYTES_OF_KEY
    return np.frombuffer(packed, np.int64, count), np.frombuffer(packed, np.uint16, count, count * 8)
