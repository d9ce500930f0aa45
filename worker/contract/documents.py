"""What a file holds: JSON in one piece, in lines or one object after the other; XML of news; an e-mail; else a text."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from itertools import pairwise
from typing import Any

from worker.contract.codec import BrokenRecordError, decoded_json
from worker.contract.forms.form import plain_name
from worker.contract.forms.news_xml import UnreadableXmlError, objects_of_xml
from worker.contract.forms.table import COMMON
from worker.contract.reasons import DeadReason
from worker.contract.texts.charsets import decoded_text
from worker.contract.texts.front_matter import fields_above, fields_of_yaml
from worker.contract.texts.preamble import after_preamble

__all__ = ["mails_in", "objects_in", "text_article"]

_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*(?:[\[{\"\]]|-?\d+\s*,))")
_XML = re.compile(rb"<(?:!DOCTYPE\s+nitf\b|(?:\w+:)?(?:nitf|newsItem|newsMessage|NewsML|rss|feed|RDF)\b)")
_OTHER_XML = re.compile(rb"\s*<\?xml\b")
_LIKE_A_PAGE = re.compile(rb"<(?:\w{1,20}:)?(?:p|br|div|html|body|text|para)\b", re.IGNORECASE)
_ONE_OF_SEVERAL = re.compile(rb"<(?:article|story|item|doc|document|record|row|post|entry|news)[\s>]", re.IGNORECASE)
_PAGE = re.compile(rb"<html[\s>]", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?:From|Received|Return-Path|Message-ID|Date|Subject|MIME-Version|Delivered-To|To): [^\n]*\n(?:[ \t][^\n]*\n)*"
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*\r?\n",
    re.IGNORECASE,
)


_POSTMARK = re.compile(rb"(?:^|(?<=\n\n)|(?<=\r\n\r\n))From [^\n]{3,200}\d{4}\r?\n")
_WIRE = re.compile(rb"[\x00\x16\r\n]*\x01")
_WIRED = re.compile(rb"\x02([^\x02\x03]*)")
"""The texts of messages of a wire, as IPTC 7901 and ANPA 1312 send them, between their header and their end."""
_MAX_HEADER_CHARS = 4_000
_NAMED_LINE = re.compile(r"\ufeff?(?:---[ \t]*\r?\n)?(?:#[^\n]{0,500}\n){0,20}[A-Za-z_][\w-]{0,40}:(?:\s|$)")
_ADDRESSES = ("uri", "url", "canonical_url", "canonicalUrl", "permalink")


def objects_in(data: bytes) -> Iterator[tuple[str, object | BrokenRecordError]]:
    """The decoded values in a file with the place of each (`:3`, a line); nothing where it is a text or a page.

    A value that is broken is the error that says why. A text may begin with a bracket: `[Updated at noon] The mayor`.
    """
    if _JSON.match(data):
        yield from _json_values(data)
    elif _XML.match(data, after_preamble(data)):
        try:
            yield "", objects_of_xml(data)
        except UnreadableXmlError:
            return
    elif _OTHER_XML.match(data) and (not _LIKE_A_PAGE.search(data) or _is_several(data)):
        try:
            objects_of_xml(data)
        except UnreadableXmlError as other:
            yield "", BrokenRecordError(DeadReason.UNKNOWN_SHAPE, str(other))


def _is_several(data: bytes) -> bool:
    """Whether it is several articles in a newsroom's own XML, which would be read as the text of one page."""
    return len(_ONE_OF_SEVERAL.findall(data)) > 1 and not _PAGE.search(data)


def _json_values(data: bytes) -> Iterator[tuple[str, object | BrokenRecordError]]:
    try:
        yield "", decoded_json(data)
    except BrokenRecordError as whole:
        lines = [(number, line) for number, line in enumerate(data.splitlines(), 1) if line.strip()]
        if len(lines) > 1 and not _is_json(lines[0][1]):
            values = list(_one_after_the_other(data))
            if values:
                yield from values
                return
        if len(lines) < 2:
            yield "", whole
            return
        for number, line in lines:
            try:
                yield f":{number}", decoded_json(line)
            except BrokenRecordError as broken:
                yield f":{number}", broken


def _is_json(line: bytes) -> bool:
    try:
        decoded_json(line)
    except BrokenRecordError:
        return False
    return True


def _one_after_the_other(data: bytes) -> Iterator[tuple[str, object | BrokenRecordError]]:
    """Values that are printed over several lines each; nothing where the first is no JSON."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return
    decoder, between, at, line, counted = json.JSONDecoder(strict=False), re.compile(r"[\s,]*"), 0, 1, 0
    while at < len(text):
        skipped = between.match(text, at)
        at = skipped.end() if skipped else at
        if at >= len(text):
            return
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as broken:
            if at:
                yield f":{line}", BrokenRecordError(DeadReason.NOT_JSON, f"not JSON: {broken}")
            return
        yield f":{line}", value


def mails_in(data: bytes) -> list[bytes]:
    """The messages of a box (mbox, RFC 4155), or those of a news agency's wire; else the data as it stands."""
    if _WIRE.match(data):
        return _WIRED.findall(data) or [data]
    if not data.startswith(b"From "):
        return [data]
    starts = [found.start() for found in _POSTMARK.finditer(data)]
    if starts[:1] != [0]:
        return [data]
    mails = [data[start:end].partition(b"\n")[2] for start, end in pairwise([*starts, len(data)])]
    return mails if all(_MAIL.match(mail) for mail in mails) else [data]


def text_article(data: bytes, name: str) -> dict[str, object]:
    """The article in a text, a page or an e-mail, in the native form. `name`: its uri, where it has no other."""
    if _MAIL.match(data) and (mail := _mail(data)):
        return {"uri": name} | mail
    text = decoded_text(data)
    above = fields_above(text)
    if above is None:
        return _of_yaml(text, name) or {"uri": name, "body": text}
    fields, start = above
    return {key: value for key, value in fields.items() if value} | {
        "uri": _address(fields, name),
        "body": text[start:],
    }


def _of_yaml(text: str, name: str) -> dict[str, object] | None:
    """The article in a text that is YAML as a whole, and has a field for the text."""
    fields = fields_of_yaml(text) if _NAMED_LINE.match(text) else None
    if fields is None or not any(plain_name(key) in COMMON["body"] and value for key, value in fields.items()):
        return None
    return fields | {"uri": _address(fields, name)}


def _address(fields: Mapping[str, object], name: str) -> str:
    """The address that the fields name, where it is one of the web or a name for all; else the one given."""
    named = (value for key in _ADDRESSES if isinstance(value := fields.get(key), str))
    return next((value for value in named if "://" in value or value.startswith(("urn:", "tag:"))), name)


class _Policy(EmailPolicy):
    """Reads a header of many thousand characters as empty: its parser takes quadratic time, or recurses too deep."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        try:
            return super().header_fetch_parse(name, value if len(value) <= _MAX_HEADER_CHARS else "")
        except RecursionError:
            return super().header_fetch_parse(name, "")


_POLICY = _Policy()


def _mail(data: bytes) -> dict[str, object]:
    try:
        message = email.message_from_bytes(data, policy=_POLICY)
        body = message.get_body(("html", "plain")) if isinstance(message, EmailMessage) else None
    except RecursionError:  # parts inside one another
        return {}
    if body is None:
        return {}
    charset = body.get_content_charset()
    content = decoded_text(bytes(body.get_payload(decode=True) or b""), None if charset == "us-ascii" else charset)
    saved = str(message.get("Snapshot-Content-Location") or body.get("Content-Location") or "")
    fields: dict[str, object] = {"body": content, "headline": str(message.get("Subject") or "")}
    if "://" in saved:  # a page that a browser saved: who saved it, and when, says nothing about the article
        return fields | {"uri": saved}
    fields |= {
        "uri": str(message.get("Message-ID") or "").strip("<> "),
        "byline": parseaddr(str(message.get("From") or ""))[0],
        "published_at": str(message.get("Date") or ""),
    }
    return {key: value for key, value in fields.items() if value}
