"""Forms of article that are read without any mapping: native, ninjs 3, schema.org, news-please, trafilatura."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

__all__ = ["UnknownShapeError", "to_native"]

_NATIVE = (
    "uri",
    "body",
    "headline",
    "published_at",
    "updated_at",
    "version",
    "language",
    "publisher",
    "byline",
    "status",
)
_KNOWN = "native (uri, body), ninjs 3 (bodies), schema.org NewsArticle (articleBody), news-please (maintext), trafilatura (text)"


class UnknownShapeError(ValueError):
    """The object is no article in any form that is read."""


def to_native(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the native form, not yet validated; what the native form does not know is left out.

    Raises:
        UnknownShapeError: no form fits.
    """
    if "bodies" in raw:
        found = _ninjs(raw)
    elif "articleBody" in raw:
        found = _schema_org(raw)
    elif "maintext" in raw:
        found = _news_please(raw)
    elif "body" in raw:
        found = {key: raw[key] for key in _NATIVE if key in raw}
    elif "text" in raw and ("url" in raw or "source" in raw):
        found = _trafilatura(raw)
    elif "uri" in raw:
        found = {key: raw[key] for key in _NATIVE if key in raw}  # validation names the missing body
    else:
        keys = ", ".join(sorted(str(key) for key in raw)[:8]) or "none"
        raise UnknownShapeError(f"no known form of article fits: {_KNOWN}; its fields are: {keys}")
    present = {key: value for key, value in found.items() if value is not None}
    for key in ("published_at", "updated_at"):
        if isinstance(present.get(key), str):
            present[key] = _with_time(present[key])
    return present


def _with_time(stamp: str) -> str:
    """A bare date, or a time with a blank for the T, in the form of RFC 3339; anything else as it is.

    A time without a zone is taken for UTC: an instant is needed, and feeds that leave it out mean UTC most often.
    """
    text = stamp.strip().replace(" ", "T", 1)
    try:
        date.fromisoformat(text)
    except ValueError:
        zoned = text.endswith(("Z", "z")) or "+" in text[10:] or "-" in text[10:]
        return text if zoned or "T" not in text else text + "Z"
    return text + "T00:00:00Z" if len(text) == len("2026-01-31") else text


def _main(items: Any) -> Mapping[str, Any]:
    """Of ninjs' lists of headlines and bodies: the one whose role is main, else the first."""
    rows = [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []
    return next((row for row in rows if row.get("role") == "main"), rows[0] if rows else {})


def _first_name(value: Any) -> str | None:
    if isinstance(value, list):
        names = [name for name in map(_first_name, value) if name]
        return ", ".join(names) or None
    if isinstance(value, Mapping):
        value = value.get("name")
    return value if isinstance(value, str) else None


def _ninjs(raw: Mapping[str, Any]) -> dict[str, Any]:
    """IPTC ninjs 3: https://iptc.org/std/ninjs/"""
    return {
        "uri": raw.get("uri"),
        "headline": _main(raw.get("headlines")).get("value"),
        "body": _main(raw.get("bodies")).get("value"),
        "published_at": raw.get("firstCreated") or raw.get("versionCreated"),
        "updated_at": raw.get("versionCreated"),
        "version": None if raw.get("version") is None else str(raw["version"]),
        "language": raw.get("language"),
        "publisher": _first_name(raw.get("infoSources")),
        "byline": raw.get("by"),
        "status": {"withheld": "canceled"}.get(str(raw.get("pubStatus")), raw.get("pubStatus")),
    }


def _schema_org(raw: Mapping[str, Any]) -> dict[str, Any]:
    """schema.org NewsArticle: https://schema.org/NewsArticle"""
    version = raw.get("version")
    return {
        "uri": raw.get("@id") or raw.get("url") or raw.get("identifier"),
        "headline": raw.get("headline") or raw.get("name"),
        "body": raw.get("articleBody"),
        "published_at": raw.get("datePublished") or raw.get("dateCreated"),
        "updated_at": raw.get("dateModified"),
        "version": None if version is None else str(version),
        "language": raw.get("inLanguage"),
        "publisher": _first_name(raw.get("publisher")),
        "byline": _first_name(raw.get("author")),
    }


def _news_please(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of news-please; its times have no zone and a blank between date and time."""
    authors = raw.get("authors")
    return {
        "uri": raw.get("url"),
        "headline": raw.get("title"),
        "body": raw.get("maintext"),
        "published_at": raw.get("date_publish"),
        "updated_at": raw.get("date_modify"),
        "language": raw.get("language"),
        "publisher": raw.get("source_domain"),
        "byline": ", ".join(map(str, authors)) if isinstance(authors, list) and authors else None,
    }


def _trafilatura(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON that `trafilatura --json --with-metadata` writes."""
    return {
        "uri": raw.get("url") or raw.get("source"),
        "headline": raw.get("title"),
        "body": raw.get("text"),
        "published_at": raw.get("date"),
        "language": raw.get("language"),
        "publisher": raw.get("sitename") or raw.get("hostname") or raw.get("source-hostname"),
        "byline": raw.get("author"),
    }
