"""Reads the value of one field from the ways in which others write it: objects, lists, numbers, names."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

import orjson

from worker.contract.article import ArticleStatus
from worker.contract.forms.instants import read_instant
from worker.contract.forms.rich_text import html_of_document, is_document
from worker.contract.texts.plain_text import repaired, without_entities

__all__ = ["READERS", "UnreadableValueError", "are_parts", "is_by_language", "is_empty", "read_text"]

_INNER = ("@value", "value", "rendered", "#text", "text", "content", "html", "$date", "$oid", "$numberLong", "_",
          "paragraphs", "body", "plain", "plainText", "raw", "full", "bodyHtml", "bodyText",
          "body_html", "body_text", "content_html", "plain_text")  # fmt: skip
"""Keys under which a value that is wrapped in an object has its text: JSON-LD, ninjs, WordPress, XML, MongoDB."""
_TYPES = {"string", "int", "long", "float", "double", "boolean", "array", "map", "S", "N", "L", "M", "BOOL"}
"""Types in which Avro and DynamoDB wrap each value: `{"string": "..."}`."""
_NO_VALUE = ({"NULL": True}, {"null": None})
_CODE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")
_TAG = re.compile(r"</?(?:a|b|br|cite|em|i|mark|q|small|span|strong|sub|sup|u)(?:\s[^<>]{0,300})?/?>", re.IGNORECASE)
_BASE64 = re.compile(r"(?:data:[\w/+.-]{1,60}(?:;[\w=.-]{1,40})*;base64,)?([A-Za-z0-9+/_\s-]+={0,2})")
_MIN_BASE64_CHARS = 40
_NAMES = ("name", "by", "title", "label", "legalName", "alternateName", "displayName", "literal", "@value", "value")
_PARAGRAPHS = frozenset(
    ("p", "para", "paragraph", "h1", "h2", "h3", "h4", "h5", "h6", "li", "quote", "blockquote", "subhead", "subheading",
     "heading", "crosshead", "intro", "line")
)  # fmt: skip
_NUMBERED = re.compile(r"([A-Za-z_ -]{0,20}?)[_ -]?(\d{1,4})")
_MAX_PARAGRAPHS = 10_000
_NAME_PARTS = (
    ("givenname", "firstname", "first", "forename", "given"),
    ("familyname", "lastname", "last", "surname", "family"),
)
_HEADINGS = ("heading", "subheading", "headline", "title")
_USABLE = {
    "usable", "published", "publish", "live", "active", "released", "final", "corrected", "updated", "add", "rep",
    "true",
}  # fmt: skip
_CANCELED = {
    "del", "false",
    "canceled", "cancelled", "withheld", "killed", "kill", "retracted", "withdrawn", "deleted", "removed", "trash",
    "unpublished", "spiked", "expired",
}  # fmt: skip
_LANGUAGES = {
    "english": "en", "eng": "en", "german": "de", "deutsch": "de", "deu": "de", "ger": "de", "french": "fr",
    "fra": "fr", "fre": "fr", "spanish": "es", "spa": "es", "italian": "it", "ita": "it", "portuguese": "pt",
    "por": "pt", "dutch": "nl", "nld": "nl", "russian": "ru", "rus": "ru", "polish": "pl", "pol": "pl",
    "chinese": "zh", "zho": "zh", "japanese": "ja", "jpn": "ja", "arabic": "ar", "ara": "ar",
}  # fmt: skip
_LANGUAGE_KEYS = ("alternateName", "tag", "code", "iso", "value", "@value", "name", "id")
_MAX_SHOWN = 60
_MAX_LINE_CHARS = 5_000
_MAX_HEADLINE_CHARS, _MAX_NAME_CHARS = 1_000, 300
"""Each claim of an article repeats its headline, its publisher and its version. The longest of 4,800 articles were 175
and 56 characters.
"""
_MAX_NAMES = 200
_MAX_URI_CHARS = 4_000
_MAX_DEPTH = 50
"""Lists and objects inside one another: what is in deeper ones is not looked at."""


class UnreadableValueError(ValueError):
    """The value cannot be read as its field. The message continues a sentence that begins with the field's name."""


def is_empty(value: object, depth: int = 0) -> bool:
    """A field that is there but holds nothing counts as a field that is not there."""
    if isinstance(value, str):
        return not value or value.isspace()
    if not isinstance(value, (list, Mapping)):
        return value is None
    if value in _NO_VALUE:
        return True
    return depth < _MAX_DEPTH and all(is_empty(inner, depth + 1) for inner in _of(value))


def are_parts(value: object) -> bool:
    """Whether it is a list of objects, as the parts of a text are, and not of words, as the sections of a paper."""
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _of(value: list[object] | Mapping[str, object]) -> list[object]:
    return list(value.values()) if isinstance(value, Mapping) else value


def read_text(value: object, depth: int = 0) -> str:
    """A text: itself, the text inside of an object, or the texts of a list as paragraphs."""
    if depth > _MAX_DEPTH:
        raise UnreadableValueError("is nested too deeply, and a text is expected")
    value = _in_one_language(_plain(value))
    if isinstance(value, str):
        return _text_in_json(value, depth) or _text_in_base64(value) or value
    if is_document(value):
        html = html_of_document(value)
        if not html:
            raise UnreadableValueError("is the document of an editor, and no part of it has a text")
        return html
    if isinstance(value, list):
        tagged = len(value) > 1 and isinstance(value[0], str) and value[0].casefold() in _PARAGRAPHS  # JsonML
        return "\n\n".join(_texts(value[1:] if tagged else value, depth + 1))
    if isinstance(value, Mapping):
        if parts := _paragraphs_in(value):
            return read_text(parts, depth + 1)
        inner = next((value[key] for key in _INNER if not is_empty(value.get(key))), None)
        if inner is not None:
            return read_text(inner, depth + 1)
        if (empty := next((key for key in _INNER if key in value), None)) is not None:
            raise UnreadableValueError(f"is an object whose `{empty}` is empty, and a text is expected")
    raise UnreadableValueError(f"is {_shown(value)}, and a text is expected")


def _paragraphs_in(value: Mapping[str, object]) -> list[object] | None:
    """The paragraphs of an object that says what each is (`{"p": ...}`), or numbers them (`{"1": ..., "2": ...}`)."""
    if len(value) == 1 and str(next(iter(value))).casefold() in _PARAGRAPHS:
        return list(value.values())
    numbered = [_NUMBERED.fullmatch(str(key)) for key in islice(value, _MAX_PARAGRAPHS)]
    if not numbered or len(numbered) < len(value) or len({found and found[1] for found in numbered}) > 1:
        return None
    keys = sorted((int(found[2]), found[0]) for found in numbered if found)
    return [value[key] for _, key in keys] or None


def _texts(items: list[object], depth: int) -> list[str]:
    """The text of each item, below its heading; an item without one costs itself. Raises where none has any."""
    texts: list[str] = []
    wrong: UnreadableValueError | None = None
    for item in items:
        if is_empty(item):
            continue
        try:
            text = read_text(item, depth)
        except UnreadableValueError as unreadable:
            wrong = wrong or unreadable
            continue
        heading = next((item[key] for key in _HEADINGS if item.get(key)), None) if isinstance(item, Mapping) else None
        texts += [heading, text] if isinstance(heading, str) and heading != text else [text]
    if wrong is not None and not texts:
        raise wrong
    return texts


def _text_in_json(text: str, depth: int) -> str | None:
    """The text of an object that was written as JSON into a field for texts; None for a text that is none."""
    bare = text.strip()
    if bare[:1] + bare[-1:] not in ("{}", "[]"):
        return None
    try:
        decoded = orjson.loads(bare)
        if isinstance(decoded, list):
            return (
                read_text(decoded, depth + 1)
                if all(part is None or isinstance(part, (str, dict)) for part in decoded)
                else None
            )
        return read_text(decoded.get("body") or decoded, depth + 1)
    except (orjson.JSONDecodeError, UnreadableValueError):
        return None


def _text_in_base64(text: str) -> str | None:
    """The text that was packed so that it is one word of letters and digits; None for every other text."""
    head = text[:_MIN_BASE64_CHARS].partition(",")[2] or text[:_MIN_BASE64_CHARS]
    if len(text) < _MIN_BASE64_CHARS or " " in head or not (found := _BASE64.fullmatch(text.rstrip())):
        return None
    packed = "".join(found[1].split()).translate(_URL_SAFE)
    try:
        unpacked = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    return unpacked if " " in unpacked else None


def _plain(value: object) -> object:
    """The value without the name of its type around it."""
    while isinstance(value, Mapping) and len(value) == 1 and next(iter(value)) in _TYPES:
        value = next(iter(value.values()))
    return value


def _in_one_language(value: object) -> object:
    """Of one text in several languages the English one, or the first: `{"de": ..., "en": ...}`, or JSON-LD's list."""
    if isinstance(value, list) and len(value) > 1 and all(isinstance(v, Mapping) and "@language" in v for v in value):
        by_code = {str(item["@language"]): item for item in reversed(value)}
    elif isinstance(value, Mapping) and is_by_language(value):
        by_code = {key: text for key, text in value.items() if not is_empty(text)}
    else:
        return value
    english = next((code for code in by_code if code[:2].casefold() == "en"), None)
    return by_code[english] if english else next(iter(by_code.values()), value)


def is_by_language(value: Mapping[str, object]) -> bool:
    """Whether each of the object's values is one language's: `{"de": ..., "en-US": ...}`. `id` is rather an id."""
    return bool(set(value) - {"id"}) and all(_CODE.fullmatch(str(key)) for key in value)


def _line(text: str, max_chars: int = _MAX_LINE_CHARS) -> str:
    """One line of what may have been HTML: a headline, a name. Each claim of the article repeats it."""
    if len(text) > max_chars:
        raise UnreadableValueError(f"has {len(text)} characters, and one line of at most {max_chars} is expected")
    return " ".join(repaired(without_entities(_TAG.sub("", text) if "<" in text else text)).split())


def _first_text(value: object, max_chars: int = _MAX_LINE_CHARS) -> str:
    value = _in_one_language(_plain(value))
    if isinstance(value, Mapping) and not is_empty(value.get("title")):
        value = value["title"]
    if isinstance(value, list):
        value = next(item for item in value if not is_empty(item))
    return _line(read_text(value), max_chars)


def _headline(value: object) -> str:
    return _first_text(value, _MAX_HEADLINE_CHARS)


def _address(value: object) -> str:
    value = _plain(value)
    if isinstance(value, list):
        one = list(dict.fromkeys(_address(item) for item in value if not is_empty(item)))
        if len(one) > 1:
            raise UnreadableValueError(f"is a list of {len(one)}, and it is not clear which of them the article has")
        return one[0]
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        inner = next((value[k] for k in ("@id", "url", "@value", "value", "$oid", "#text") if value.get(k)), None)
        value = inner if inner is not None else value
    if isinstance(value, str) and len(value) > _MAX_URI_CHARS:
        raise UnreadableValueError(f"has {len(value)} characters; an address or id has at most {_MAX_URI_CHARS}")
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise UnreadableValueError(f"is {_shown(value)}, and the article's address or id as a text is expected")


def _names(value: object) -> str:
    names = list(dict.fromkeys(_each_name(value)))
    if not names:
        raise UnreadableValueError(f"is {_shown(value)}, and a name or a list of names is expected")
    return _line(", ".join(names[:_MAX_NAMES]))


def _each_name(value: object, depth: int = 0) -> list[str]:
    if depth > _MAX_DEPTH:
        return []
    value = _in_one_language(_plain(value))
    if isinstance(value, str):
        if len(value) <= _MAX_LINE_CHARS and (listed := _LISTED_NAMES.fullmatch(value)):
            return [name for part in _QUOTED_NAME.finditer(listed[1]) for name in _each_name(part[2], depth + 1)]
        name = _without_mail(_BY.sub("", _line(value)))
        return [name] if name and not re.match(r"https?://|/", name) else []
    if isinstance(value, list):
        return [name for item in value for name in _each_name(item, depth + 1)]
    if isinstance(value, Mapping):
        found = next((value[key] for key in _NAMES if not is_empty(value.get(key))), None)
        return _each_name(found if found is not None else _of_parts(value), depth + 1)
    return []


def _of_parts(person: Mapping[str, object]) -> str:
    """The name of whom an object calls by the parts of it; empty for what has none."""
    plain = {
        "".join(filter(str.isalpha, str(key))).casefold(): part for key, part in islice(person.items(), _MAX_NAMES)
    }
    parts = (next((plain[key] for key in keys if isinstance(plain.get(key), str)), "") for keys in _NAME_PARTS)
    return " ".join(part for part in map(str, parts) if part)


def _without_mail(name: str) -> str:
    """The name of whom feeds and mails name with an address: `jo@gazette.example (Jo Lens)`, `Jo Lens <jo@...>`."""
    found = _MAIL_BEFORE.fullmatch(name) or _MAIL_BEHIND.fullmatch(name)
    return found[1].strip() if found else name


def _publisher(value: object) -> str:
    names = _each_name(value)
    if names:
        return _line(names[0], _MAX_NAME_CHARS)
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("uri", "url", "href", "domain") if not is_empty(value.get(key))), value)
    if isinstance(value, str):
        if re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}", value.strip(), re.IGNORECASE):
            return value.strip().removeprefix("www.")
        try:
            host = urlsplit(value.strip()).hostname
        except ValueError:
            host = None
        if host:
            return host.removeprefix("www.")
    raise UnreadableValueError(f"is {_shown(value)}, and a name is expected")


def _version(value: object) -> str:
    value = _plain(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return _first_text(value, _MAX_NAME_CHARS)


def _language(value: object) -> str:
    value = _plain(value)
    if isinstance(value, list):
        value = next(item for item in value if not is_empty(item))
    if isinstance(value, Mapping):
        value = next((value[key] for key in _LANGUAGE_KEYS if not is_empty(value.get(key))), value)
    if isinstance(value, str):
        code = re.split(r"[(,;.]", value, maxsplit=1)[0].strip().replace("_", "-")  # `English (US)`, `en_GB.UTF-8`
        code = _LANGUAGES.get(code.casefold(), code)
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", code):
            return code
    raise UnreadableValueError(f"is {_shown(value)}, and a code as `en` or `en-GB` is expected")


def _status(value: object) -> ArticleStatus:
    value = _plain(value)
    code = int(value) if isinstance(value, (int, str)) and re.fullmatch(r"[1-5]\d\d", str(value)) else None
    if code is not None:  # of HTTP, as crawlers note it
        if 200 <= code < 300:
            return ArticleStatus.USABLE
        raise UnreadableValueError(f"is {code}, which HTTP answers where there is no page: this is no article")
    if isinstance(value, list):
        return _status(next(item for item in value if not is_empty(item)))
    if (
        isinstance(value, Mapping)
        and (inner := next((value[k] for k in ("value", "@value") if k in value), None)) is not None
    ):
        return _status(inner)
    if isinstance(value, bool):  # of Drupal: whether it is published
        return ArticleStatus.USABLE if value else ArticleStatus.CANCELED
    word = _first_text(value).rpartition(":")[2].rpartition("/")[2].casefold()
    if word in _USABLE or word == "embargoed":  # see _embargo in reading.py
        return ArticleStatus.USABLE
    if word in _CANCELED:
        return ArticleStatus.CANCELED
    raise UnreadableValueError(
        f"is {_shown(value)}: neither `usable` nor `canceled` (nor a word that is known to mean one of them), "
        "so it is not clear whether the article's claims stand"
    )


def _instant(value: object) -> datetime:
    value = _plain(value)
    if isinstance(value, list) and not all(isinstance(item, int) for item in value):
        value = next(item for item in value if not is_empty(item))
    if isinstance(value, Mapping):
        value = _instant_in(value)
    try:
        return read_instant(value)
    except ValueError as wrong:
        raise UnreadableValueError(f"is {_shown(value)}, which {wrong}") from None


def _instant_in(value: Mapping[str, object]) -> object:
    """The instant in an object: of MongoDB, of Firestore and Protobuf, of calendars, or a text that is wrapped."""
    inner = next((value[key] for key in ("$date", "seconds", "_seconds", "epochSecond") if key in value), None)
    if isinstance(inner, (int, float)) or (isinstance(inner, str) and "$date" not in value):
        return inner
    at, zone = (
        next((value[k] for k in keys if isinstance(value.get(k), str)), "") for keys in (_AT, ("timeZone", "tz"))
    )
    if at:
        return f"{at} UTC" if zone == "UTC" else f"{at}[{zone}]" if zone else at
    return read_text(value)


def _shown(value: object) -> str:
    kinds = {dict: "an object", list: "a list", bool: "true or false"}
    if kind := kinds.get(type(value)):
        return kind
    # in double quotes, and none within: the log leaves out what an error quotes from an article
    text = str(value).replace('"', "'")
    return f'"{text}"' if len(text) <= _MAX_SHOWN else f'"{text[:_MAX_SHOWN]}…"'


_AT = ("dateTime", "datetime", "date", "iso", "utc")
_LISTED_NAMES = re.compile(r"\s*\[(.*)\]\s*", re.DOTALL)
_QUOTED_NAME = re.compile(r"(['\"])([^'\"\[\]]*)\1")
"""The items of a list that a program printed as a text: `['Jo Lens', 'Al Moss']`."""
_MAIL_BEFORE = re.compile(r"\S{1,200}@\S{1,200}\s+\(([^()]+)\)")
_MAIL_BEHIND = re.compile(r"[\"']?([^<>\"']+)[\"']?\s*<\S{1,200}@\S{1,200}>")
_BY = re.compile(r"^by:?\s+(?=\S)", re.IGNORECASE)
_URL_SAFE = str.maketrans("-_", "+/")

READERS: dict[str, Callable[[object], object]] = {
    "uri": _address,
    "body": read_text,
    "headline": _headline,
    "published_at": _instant,
    "updated_at": _instant,
    "embargoed_until": _instant,
    "version": _version,
    "language": _language,
    "publisher": _publisher,
    "byline": _names,
    "section": _names,
    "status": _status,
}
"""How the value of each field of the native form is read. Each raises UnreadableValueError."""
