"""Deterministic ids: the same input gives the same id, so that a repeat overwrites itself."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

__all__ = ["claim_id", "digest", "entity_id", "extraction_id", "normalise"]

_QUOTES = str.maketrans(dict.fromkeys("\"'“”‘’«»„‚‹›`´"))


def digest(*parts: str) -> str:
    """32 hexadecimal digits of a SHA-256 over the parts and their lengths."""
    hashed = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        hashed.update(len(encoded).to_bytes(4, "big"))
        hashed.update(encoded)
    return hashed.hexdigest()[:32]


def normalise(text: str) -> str:
    """The text as it counts for ids: NFKC, case folded, without quotation marks and outer punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_QUOTES)
    return " ".join(folded.split()).strip(" .,;:!?-–—")


def claim_id(uri: str, source: str | None, content: str) -> str:
    """The id of a claim. Punctuation, quotation marks, case and spacing do not change it."""
    return digest("claim/2", uri, _words(source or ""), _words(content))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", normalise(text)))


def extraction_id(uri: str, version: str, text_sha256: str, pipeline: str) -> str:
    return digest("extraction/1", uri, version, text_sha256, pipeline)


@lru_cache(maxsize=4096)
def entity_id(kind: str, name: str) -> str:
    return digest("entity/1", kind, normalise(name))
