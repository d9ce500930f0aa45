"""What a file holds: JSON in one piece, in lines or one object after the other; XML of news; an e-mail; else a text."""

from __future__ import annotations

import email
import json
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from itertools import pairwise

from worker.contract.codec import BrokenRecordError, decoded_json
from worker.contract.forms.news_xml import UnreadableXmlError, objects_of_xml
from worker.contract.reasons import DeadReason
from worker.contract.texts.charsets import decoded_text
from worker.contract.texts.preamble import after_preamble

__all__ = ["mails_in", "objects_in", "text_article"]

_JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*(?:[\[{\"\]]|-?\d+\s*,))")
_XML = re.compile(rb"<(?:!DOCTYPE\s+nitf\b|(?:\w+:)?(?:nitf|newsItem|newsMessage|NewsML|rss|feed|RDF)\b)")
_MAIL = re.compile(
    rb"(?:From|Received|Return-Path|Message-ID|Date|Subject|MIME-Version|Delivered-To|To): [^\n]*\n(?:[ \t][^\n]*\n)*"
    rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*\r?\n",
    re.IGNORECASE,
)


_POSTMARK = re.compile(rb"(?:^|(?<=\n\n)|(?<=\r\n\r\n))From [^\n]{3,200}\d{4}\r?\n")
_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n((?:(?:[A-Za-z][\w-]{0,40}:|[ \t]|-[ \t])[^\n]{0,500}\n){1,60})---[ \t]*\r?\n"
)
"""What Markdown's generators of pages put before a text: https://jekyllrb.com/docs/front-matter/."""
_FIELD = re.compile(r"^([A-Za-z][\w-]{0,40}):([^\n]*)$", re.MULTILINE)


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
    """The messages of a box (mbox, RFC 4155), else the data as it stands."""
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
    about = _FRONT_MATTER.match(text)
    if about is None:
        return {"uri": name, "body": text}
    fields = {key: value.strip().strip("\"'") for key, value in _FIELD.findall(about[1])}
    address = next(
        (fields[key] for key in ("uri", "url", "canonical_url", "permalink") if "://" in fields.get(key, "")), name
    )
    return {key: value for key, value in fields.items() if value} | {"uri": address, "body": text[about.end() :]}


def _mail(data: bytes) -> dict[str, object]:
    try:
        message = email.message_from_bytes(data, policy=default)
        body = message.get_body(("html", "plain")) if isinstance(message, EmailMessage) else None
    except RecursionError:  # parts inside one another
        return {}
    if body is None:
        return {}
    try:
        content = body.get_content()
    except (LookupError, ValueError):
        content = decoded_text(bytes(body.get_payload(decode=True) or b""))
    fields = {
        "uri": str(message.get("Message-ID") or "").strip("<> "),
        "body": content,
        "headline": str(message.get("Subject") or ""),
        "byline": parseaddr(str(message.get("From") or ""))[0],
        "published_at": str(message.get("Date") or ""),
    }
    return {key: value for key, value in fields.items() if value}
