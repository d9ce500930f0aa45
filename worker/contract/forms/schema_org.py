"""schema.org in the shapes that pages have it in: a single article, `@graph`, arrays, a page around its article.

https://schema.org/NewsArticle
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from worker.contract.forms.form import at, is_short
from worker.contract.forms.values import UnreadableValueError, is_empty, read_text

__all__ = ["articles_in", "compacted", "has_long_names", "is_article", "prepared"]

_MAX_DEPTH = 6
_LONG = re.compile(r"^(?:schema:|https?://schema\.org/)(?=\w)")
_TYPES = ("Article", "BlogPosting", "LiveBlogPosting", "Report", "Review", "NewsStory", "SocialMediaPosting")


def compacted(value: object, depth: int = 0) -> object:
    """With the short names of schema.org, where a document has `schema:headline` or `http://schema.org/headline`."""
    if depth > _MAX_DEPTH:
        return value
    if isinstance(value, list):
        return [compacted(item, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {_LONG.sub("", key) if isinstance(key, str) else key: compacted(v, depth + 1) for key, v in value.items()}


def has_long_names(value: object) -> bool:
    """Whether the document, or the first of an array or a graph, is one for `compacted`."""
    while isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, Mapping) and isinstance(value.get("@graph"), list):
        return has_long_names(value["@graph"])
    return isinstance(value, Mapping) and any(isinstance(key, str) and _LONG.match(key) for key in value)


def is_article(node: Mapping[str, object]) -> bool:
    """Whether a node of JSON-LD is an article: by its type, or because it has an article's body."""
    kinds = node.get("@type") or node.get("type")
    names = kinds if isinstance(kinds, list) else [kinds]
    typed = any(isinstance(name, str) and name.rpartition("/")[2].endswith(_TYPES) for name in names)
    return typed or not is_empty(node.get("articleBody"))


def articles_in(decoded: object) -> list[dict[str, object]]:
    """The articles in a JSON-LD document, references of the form {"@id": ...} in them resolved within the document."""
    nodes = list(_nodes(decoded, 0))
    by_id = {str(node["@id"]): node for node in nodes if node.get("@id") and len(node) > 1 and is_short(node)}
    return [_resolved(node, by_id) for node in nodes if is_article(node)]


def _nodes(value: object, depth: int) -> Iterator[Mapping[str, object]]:
    """The top nodes: those of an array or a graph, and the main entity of a page."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for key in ("@graph", "mainEntity", "hasPart") if not is_article(value) else ():
            yield from _nodes(value.get(key), depth + 1)
        if isinstance(value.get("publisher"), Mapping):
            yield from _nodes(value["publisher"], _MAX_DEPTH)


def _resolved(node: Mapping[str, object], by_id: Mapping[str, Mapping[str, object]]) -> dict[str, object]:
    def resolved(value: object, depth: int = 0) -> object:
        if isinstance(value, list) and depth < _MAX_DEPTH:
            return [resolved(item, depth + 1) for item in value]
        if isinstance(value, Mapping) and set(value) <= {"@id", "@type"}:
            return by_id.get(str(value.get("@id")), value)
        return value

    keys = ("author", "creator", "publisher", "isPartOf", "mainEntityOfPage", "sourceOrganization")
    return {key: resolved(value) if key in keys else value for key, value in node.items()}


def prepared(node: Mapping[str, object]) -> Mapping[str, object]:
    """The node with one `address`, and a live blog with the text of its entries, the latest first as it is printed."""
    body = node.get("articleBody")
    updates = node.get("liveBlogUpdate")
    if not is_empty(updates):
        body = "\n\n".join(text for text in (_text(body), *_entries(updates)) if text)
    return {**node, "articleBody": body, "address": _address(node)}


def _entries(updates: object) -> Iterator[str]:
    for entry in updates if isinstance(updates, list) else [updates]:
        if isinstance(entry, Mapping):
            yield from filter(None, (_text(entry.get(key)) for key in ("headline", "articleBody")))


def _text(value: object) -> str:
    try:
        return "" if is_empty(value) else read_text(value)
    except UnreadableValueError:
        return ""


def _address(node: Mapping[str, object]) -> object:
    """The first that names the article beyond its page: an id that is a fragment (`#article`) is no name of it."""
    places = [
        at(node, path)
        for path in (
            "@id", "url", "mainEntityOfPage.@id", "mainEntityOfPage.url", "mainEntityOfPage", "identifier.value",
            "identifier", "sameAs",
        )
    ]  # fmt: skip
    texts = [text for place in places for text in (place if isinstance(place, list) else [place])]
    addresses = [text.strip() for text in texts if isinstance(text, str) and text.strip()]
    whole = next((address for address in addresses if "#" not in address), None)
    return whole or next((address for address in addresses if not address.startswith("#")), None)
