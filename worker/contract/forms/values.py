"""Reads the value of one field from the ways in which others write it: objects, lists, numbers, names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

import orjson

from worker.contract.article import ArticleStatus
from worker.contract.forms.instants import read_instant

__all__ = ["READERS", "UnreadableValueError", "is_empty", "read_text"]

_INNER = ("@value", "value", "rendered", "#text", "text", "content", "html", "$date", "$oid", "$numberLong", "_")
"""Keys under which a value that is wrapped in an object has its text: JSON-LD, ninjs, WordPress, XML, MongoDB."""
_NAMES = ("name", "by", "title", "label", "legalName", "alternateName", "displayName", "literal", "@value")
_USABLE = {"usable", "published", "publish", "live", "active", "released", "final", "corrected", "updated"}
_CANCELED = {
    "canceled", "cancelled", "withheld", "killed", "kill", "retracted", "withdrawn", "deleted", "removed", "trash",
    "unpublished", "spiked", "expired",
}  # fmt: skip
_LANGUAGES = {
    "english": "en", "eng": "en", "german": "de", "deutsch": "de", "deu": "de", "ger": "de", "french": "fr",
    "fra": "fr", "fre": "fr", "spanish": "es", "spa": "es", "italian": "it", "ita": "it", "portuguese": "pt",
    "por": "pt", "dutch": "nl", "nld": "nl", "russian": "ru", "rus": "ru", "polish": "pl", "pol": "pl",
    "chinese": "zh", "zho": "zh", "japanese": "ja", "jpn": "ja", "arabic": "ar", "ara": "ar",
}  # fmt: skip
_MAX_SHOWN = 60
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
    return depth < _MAX_DEPTH and all(is_empty(inner, depth + 1) for inner in _of(value))


def _of(value: list[object] | Mapping[str, object]) -> list[object]:
    return list(value.values()) if isinstance(value, Mapping) else value


def read_text(value: object, depth: int = 0) -> str:
    """A text: itself, the text inside of an object, or the texts of a list as paragraphs."""
    if depth > _MAX_DEPTH:
        raise UnreadableValueError("is nested too deeply, and a text is expected")
    if isinstance(value, str):
        return _text_in_json(value, depth) or value
    if isinstance(value, list):
        texts = [read_text(item, depth + 1) for item in value if not is_empty(item)]
        return "\n\n".join(texts)
    if isinstance(value, Mapping):
        inner = next((value[key] for key in _INNER if not is_empty(value.get(key))), None)
        if inner is not None:
            return read_text(inner, depth + 1)
    raise UnreadableValueError(f"is {_shown(value)}, and a text is expected")


def _text_in_json(text: str, depth: int) -> str | None:
    """The text of an object that was written as JSON into a field for texts; None for a text that is none."""
    if not (text.startswith("{") and text.endswith("}")):
        return None
    try:
        decoded = orjson.loads(text)
        return read_text(decoded.get("body") or decoded, depth + 1)
    except (orjson.JSONDecodeError, UnreadableValueError, AttributeError):
        return None


def _first_text(value: object) -> str:
    if isinstance(value, list):
        value = next(item for item in value if not is_empty(item))
    return " ".join(read_text(value).split())


def _address(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, Mapping):
        inner = next((value[k] for k in ("@id", "url", "@value", "value", "$oid", "#text") if value.get(k)), None)
        value = inner if inner is not None else value
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise UnreadableValueError(f"is {_shown(value)}, and the article's address or id as a text is expected")


def _names(value: object) -> str:
    names = list(dict.fromkeys(_each_name(value)))
    if not names:
        raise UnreadableValueError(f"is {_shown(value)}, and a name or a list of names is expected")
    return ", ".join(names)


def _each_name(value: object, depth: int = 0) -> list[str]:
    if depth > _MAX_DEPTH:
        return []
    if isinstance(value, str):
        name = " ".join(value.split())
        return [name] if name and not re.match(r"https?://|/", name) else []
    if isinstance(value, list):
        return [name for item in value for name in _each_name(item, depth + 1)]
    if isinstance(value, Mapping):
        found = next((value[key] for key in _NAMES if not is_empty(value.get(key))), None)
        return _each_name(found, depth + 1) if found is not None else []
    return []


def _publisher(value: object) -> str:
    names = _each_name(value)
    if names:
        return names[0]
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
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return _first_text(value)


def _language(value: object) -> str:
    if isinstance(value, list):
        value = next(item for item in value if not is_empty(item))
    if isinstance(value, Mapping):
        value = value.get("alternateName") or value.get("tag") or value.get("name") or value.get("@value")
    if isinstance(value, str):
        code = value.strip().replace("_", "-")
        code = _LANGUAGES.get(code.casefold(), code)
        if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", code):
            return code
    raise UnreadableValueError(f"is {_shown(value)}, and a code as `en` or `en-GB` is expected")


def _status(value: object) -> ArticleStatus:
    code = int(value) if isinstance(value, (int, str)) and re.fullmatch(r"[1-5]\d\d", str(value)) else None
    if code is not None:  # of HTTP, as crawlers note it
        if 200 <= code < 300:
            return ArticleStatus.USABLE
        raise UnreadableValueError(f"is {code}, which HTTP answers where there is no page: this is no article")
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
    if isinstance(value, list):
        value = next(item for item in value if not is_empty(item))
    if isinstance(value, Mapping):
        value = read_text(value) if not isinstance(value.get("$date"), (int, float)) else value["$date"]
    try:
        return read_instant(value)
    except ValueError as wrong:
        raise UnreadableValueError(f"is {_shown(value)}, which {wrong}") from None


def _shown(value: object) -> str:
    kinds = {dict: "an object", list: "a list", bool: "true or false"}
    if kind := kinds.get(type(value)):
        return kind
    # in double quotes, and none within: the log leaves out what an error quotes from an article
    text = str(value).replace('"', "'")
    return f'"{text}"' if len(text) <= _MAX_SHOWN else f'"{text[:_MAX_SHOWN]}…"'


READERS: dict[str, Callable[[object], object]] = {
    "uri": _address,
    "body": read_text,
    "headline": _first_text,
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
