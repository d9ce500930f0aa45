"""Decodes and encodes the values of records: bytes to types and back."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping

import msgspec
import orjson

from worker.contract.article import RawArticle
from worker.contract.claim import Claim
from worker.contract.extraction import Extraction
from worker.contract.forms.envelopes import articles_inside
from worker.contract.forms.news_xml import UnreadableXmlError, objects_of_xml
from worker.contract.forms.reading import MalformedArticleError, UnknownShapeError, read_article, read_fields
from worker.contract.limits import MAX_ARTICLE_BYTES
from worker.contract.reasons import DeadReason
from worker.contract.texts.no_text import kind_of_bytes
from worker.contract.texts.preamble import after_preamble

__all__ = [
    "UNREADABLE",
    "BrokenRecordError",
    "OwnFields",
    "article_from",
    "articles_from",
    "decode_article",
    "decode_extraction",
    "decoded_json",
    "encode",
    "fields_in",
    "objects_inside",
]

OwnFields = Mapping[str, tuple[str, ...]]
"""The setting `fields`: for a field of the native form the paths where a user's records have it."""

_CONFLUENT_PREFIX_BYTES = 5
"""A zero and the four bytes of a schema's id, as Confluent's serializers write them before the value."""
_PAGE = re.compile(rb"<(?:!doctype html|html|head|body|div|p|article)\b", re.IGNORECASE)
_UTF_16_WITHOUT_MARK = {b"{\x00": "utf-16-le", b"[\x00": "utf-16-le", b"\x00{": "utf-16-be", b"\x00[": "utf-16-be"}
_BEGINS_A_TEXT = (b"{", b"[", b"<", b'"', b" ", b"\n")
_NO_NUMBER = re.compile(rb"[:,\[][ \n]{0,100}-?(?:NaN|Infinity)\b")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

_TOO_DEEP = "lists and objects inside one another, so deep that no article can be found in them"

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are no message: its own errors, for text that is no UTF-8, and for what is nested
too deeply.
"""


class BrokenRecordError(Exception):
    """A record whose value is no article: the reason as a word, and an explanation for a person."""

    def __init__(self, reason: DeadReason, error: str) -> None:
        super().__init__(error)
        self.reason = reason
        self.error = error


def decode_article(
    value: bytes, *, max_bytes: int = MAX_ARTICLE_BYTES, own_fields: OwnFields | None = None
) -> RawArticle:
    """The article in a record's value, in any of the known forms. `own_fields`: see the setting `fields`.

    Raises:
        BrokenRecordError: it is empty, too large, not UTF-8, neither JSON nor XML, of no known form, lacks what an
            article needs, or holds several articles.
    """
    if not value.strip(b" \t\r\n"):
        raise BrokenRecordError(DeadReason.EMPTY, "the value is empty")
    if len(value) > max_bytes:
        raise BrokenRecordError(DeadReason.TOO_LARGE, f"{len(value)} bytes, at most {max_bytes} are read")
    return article_from(_decoded(value), own_fields=own_fields)


def _decoded(value: bytes) -> object:
    value = _in_utf8(value)
    if value.startswith(b"\x00"):
        value = _after_confluent_prefix(value)
    if value.lstrip().startswith(b"<"):
        if _PAGE.match(value, after_preamble(value)):
            raise BrokenRecordError(
                DeadReason.UNKNOWN_SHAPE, 'a bare HTML page: publish it as {"uri": its address, "body": the page}'
            )
        try:
            return objects_of_xml(value)
        except UnreadableXmlError as unreadable:
            raise BrokenRecordError(DeadReason.UNKNOWN_SHAPE, str(unreadable)) from None
    return decoded_json(value)


def _in_utf8(value: bytes) -> bytes:
    """Without a byte order mark. Raises BrokenRecordError: the value is packed."""
    if value.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return value.decode("utf-16").encode()
        except UnicodeError:
            return value
    if charset := _UTF_16_WITHOUT_MARK.get(value[:2]):
        try:
            return value.decode(charset).encode()
        except UnicodeError:
            return value
    if value.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        raise BrokenRecordError(
            DeadReason.BAD_ENCODING,
            "packed with gzip or zstd: publish it unpacked; the producer's own compression does the same unseen",
        )
    if value[:1] not in _BEGINS_A_TEXT and (kind := kind_of_bytes(value)):
        raise BrokenRecordError(DeadReason.BAD_ENCODING, f"is {kind}, and no text: publish the article as JSON or XML")
    return value.removeprefix(codecs.BOM_UTF8)


def _after_confluent_prefix(value: bytes) -> bytes:
    inner = value[_CONFLUENT_PREFIX_BYTES:]
    if inner.lstrip()[:1] in (b"{", b"[", b"<"):
        return inner
    schema = int.from_bytes(value[1:_CONFLUENT_PREFIX_BYTES], "big")
    raise BrokenRecordError(
        DeadReason.NOT_JSON,
        f"Confluent's wire format with schema {schema}, and no JSON behind it: Avro and Protobuf are not read, "
        "so let the producer write JSON or JSON Schema",
    )


def decoded_json(value: bytes) -> object:
    """A value of JSON. What JSON forbids and programs write is read all the same: control characters in texts, and
    numbers that are none (`NaN`), as null.

    Raises:
        BrokenRecordError: it is not UTF-8 or not JSON.
    """
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as broken:
        odd = "control character" in broken.msg or _NO_NUMBER.search(value)
        if odd and not _SURROGATE.search(value):
            try:
                return json.loads(value, strict=False, parse_constant=lambda _: None)
            except (ValueError, RecursionError):
                pass
        raise BrokenRecordError(*_why_not_json(value, broken)) from None


def _why_not_json(value: bytes, broken: orjson.JSONDecodeError) -> tuple[DeadReason, str]:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError as bad:
        return DeadReason.BAD_ENCODING, f"not UTF-8: byte 0x{value[bad.start]:02x} at {bad.start}"
    return DeadReason.NOT_JSON, f"not JSON: {broken.msg} (character {broken.pos})"


def article_from(decoded: object, *, own_fields: OwnFields | None = None) -> RawArticle:
    """The one article in decoded JSON of any known form, in an envelope or not.

    Raises:
        BrokenRecordError: see `decode_article`.
    """
    objects = _inside(decoded, own_fields)
    if len(objects) > 1:
        raise BrokenRecordError(
            DeadReason.UNKNOWN_SHAPE,
            f"{len(objects)} articles in one record: publish each as a record of its own, with its uri as the key",
        )
    return _article(objects[0] if objects else decoded, own_fields)


def articles_from(decoded: object, *, own_fields: OwnFields | None = None) -> list[RawArticle | BrokenRecordError]:
    """All articles in decoded JSON, and for each that cannot be read the error that says why."""
    articles: list[RawArticle | BrokenRecordError] = []
    for item in _inside(decoded, own_fields):
        try:
            articles.append(_article(item, own_fields))
        except BrokenRecordError as broken:
            articles.append(broken)
    return articles


def _article(item: object, own_fields: OwnFields | None) -> RawArticle:
    if not isinstance(item, dict):
        kind = {list: "an array", str: "a string", type(None): "null"}.get(type(item), "a single value")
        raise BrokenRecordError(DeadReason.UNKNOWN_SHAPE, f"an article is a JSON object; this is {kind}")
    try:
        return read_article(item, own_fields)
    except UnknownShapeError as unknown:
        raise BrokenRecordError(DeadReason.UNKNOWN_SHAPE, str(unknown)) from None
    except MalformedArticleError as malformed:
        raise BrokenRecordError(DeadReason.BAD_SCHEMA, str(malformed)) from None
    except RecursionError:
        raise BrokenRecordError(DeadReason.UNKNOWN_SHAPE, _TOO_DEEP) from None


def objects_inside(value: bytes, own_fields: OwnFields | None = None) -> list[object]:
    """What may be articles in a record's value, out of the envelopes that are known; `article_from` reads each.

    Raises:
        BrokenRecordError: it is neither JSON nor XML.
    """
    return _inside(_decoded(value), own_fields)


def _inside(decoded: object, own_fields: OwnFields | None) -> list[object]:
    try:
        return articles_inside(decoded, own_fields)
    except RecursionError:
        raise BrokenRecordError(DeadReason.UNKNOWN_SHAPE, _TOO_DEEP) from None


def fields_in(value: bytes | None, own_fields: OwnFields | None = None) -> Mapping[str, object]:
    """The fields of the article in a record's value, by their native names; empty for what holds not one article."""
    try:
        objects = objects_inside(value or b"", own_fields)
    except BrokenRecordError:
        return {}
    only = objects[0] if len(objects) == 1 else None
    return read_fields(only, own_fields) if isinstance(only, dict) else {}


msgspec.json.Decoder(Extraction)
"""Made while one thread alone imports this. msgspec builds what it knows of a type at its first use, and two threads
that use it first at the same time crash the process (msgspec 0.22). So a type that threads decode has its decoder in
the module.
"""


def decode_extraction(value: bytes) -> Extraction:
    """An extraction from its bytes.

    Raises:
        BrokenRecordError: this version of the worker does not write such extractions.
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
