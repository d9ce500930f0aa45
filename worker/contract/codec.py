"""Bytes to types and back."""

from __future__ import annotations

from typing import Any

import msgspec
import orjson

from worker.contract.article import RawArticle
from worker.contract.claim import Claim
from worker.contract.dead_letter import DeadReason
from worker.contract.extraction import Extraction
from worker.contract.formats import UnknownShapeError, to_native

__all__ = ["LARGEST_ARTICLE", "BrokenRecordError", "article_from", "decode_article", "decode_extraction", "encode"]

LARGEST_ARTICLE = 10 * 1024 * 1024
"""Bytes of the largest article that is read; a larger one goes to the dead letters unread."""


class BrokenRecordError(Exception):
    """A record that is no article: the reason as a word, and what was wrong for a person."""

    def __init__(self, reason: DeadReason, error: str) -> None:
        super().__init__(error)
        self.reason = reason
        self.error = error


def decode_article(value: bytes, *, largest: int = LARGEST_ARTICLE) -> RawArticle:
    """The article in a record's value, whichever of the known forms it has.

    Raises:
        BrokenRecordError: it is empty, too large, not UTF-8, not JSON, of no known form, or lacks what it must have.
    """
    if not value.strip(b" \t\r\n"):
        raise BrokenRecordError(DeadReason.EMPTY, "the value is empty")
    if len(value) > largest:
        raise BrokenRecordError(DeadReason.TOO_LARGE, f"{len(value)} bytes, at most {largest} are read")
    try:
        decoded = orjson.loads(value)
    except orjson.JSONDecodeError as broken:
        raise BrokenRecordError(*_why_not_json(value, broken)) from None
    return article_from(decoded)


def _why_not_json(value: bytes, broken: orjson.JSONDecodeError) -> tuple[DeadReason, str]:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError as bad:
        return DeadReason.BAD_ENCODING, f"not UTF-8: byte 0x{value[bad.start]:02x} at {bad.start}"
    return DeadReason.NOT_JSON, f"not JSON: {broken.msg} (character {broken.pos})"


def article_from(decoded: Any) -> RawArticle:
    """The article in decoded JSON of any known form.

    Raises:
        BrokenRecordError: see `decode_article`.
    """
    if not isinstance(decoded, dict):
        kind = {list: "an array", str: "a string", type(None): "null"}.get(type(decoded), "a single value")
        raise BrokenRecordError(DeadReason.UNKNOWN_SHAPE, f"an article is a JSON object; this is {kind}")
    try:
        native = to_native(decoded)
    except UnknownShapeError as unknown:
        raise BrokenRecordError(DeadReason.UNKNOWN_SHAPE, str(unknown)) from None
    try:
        article = msgspec.convert(native, RawArticle, strict=True)
    except msgspec.ValidationError as wrong:
        raise BrokenRecordError(DeadReason.BAD_SCHEMA, str(wrong)) from None
    for name in ("uri", "body"):
        if not getattr(article, name).strip():
            raise BrokenRecordError(DeadReason.BAD_SCHEMA, f"`{name}` is empty")
    return article


def decode_extraction(value: bytes) -> Extraction:
    """An extraction from its bytes.

    Raises:
        BrokenRecordError: it is not what this version of the worker writes.
    """
    try:
        return msgspec.convert(orjson.loads(value), Extraction)
    except orjson.JSONDecodeError as broken:
        raise BrokenRecordError(*_why_not_json(value, broken)) from None
    except msgspec.ValidationError as wrong:
        raise BrokenRecordError(DeadReason.BAD_SCHEMA, str(wrong)) from None


def encode(message: Extraction | Claim) -> bytes:
    """JSON of a message, fields in the order of their definition: equal messages give equal bytes."""
    return orjson.dumps(message)
