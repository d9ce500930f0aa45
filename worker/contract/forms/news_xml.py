"""NITF, NewsML 1 and G2, RSS and Atom: XML in, objects for the table of forms out.

The parsers of NITF and NewsML-G2 in the package index follow the schemas in full and are little kept; what an article
needs of the two standards is a few paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from lxml import etree

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["UnreadableXmlError", "html_of_nitf", "objects_of_xml"]

_HTML_NAMES = {
    "hl1": "h1", "hl2": "h2", "block": "div", "bq": "blockquote", "media": "figure", "media-caption": "figcaption",
    "media-producer": "cite", "body.content": "div", "pre": "pre", "byline": "address", "ul": "ul", "ol": "ol",
    "li": "li", "p": "p", "br": "br", "table": "table", "tr": "tr", "td": "td", "th": "th", "note": "aside",
    "h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "blockquote": "blockquote", "div": "div", "section": "section",
    "figure": "figure", "figcaption": "figcaption", "aside": "aside", "dl": "dl", "dt": "dt", "dd": "dd",
}  # fmt: skip
"""The elements of NITF and XHTML that make blocks, by their names in HTML; all others (person, em, a) mark words."""
_LEFT_OUT = ("media-metadata", "media-reference", "script", "style", "head")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True)
_MAX_TITLE_CHARS = 300
"""Characters of what is put into each article of a feed."""
_NO_DEEPER = 200
"""Elements inside one another: deeper ones are read as text."""


class UnreadableXmlError(ValueError):
    """The text is no XML, or XML of a kind that holds no articles. The message says what it is."""


def objects_of_xml(data: bytes | str) -> list[dict[str, object]]:
    """The articles of an XML document: one of NITF, one or more of NewsML-G2, the entries of a feed.

    Raises:
        UnreadableXmlError: no XML, or of another kind; its root is named.
    """
    root = _root(data)
    kind = _name(root)
    if kind == "nitf":
        return [_nitf(root)]
    if kind in ("newsitem", "newsmessage"):
        return [_newsml(item) for item in _topmost(root, "newsitem")]
    if kind == "newsml":
        return [_newsml_1(item) for item in _topmost(root, "newsitem")]
    if kind in ("rss", "rdf", "feed", "channel", "item", "entry"):
        return _feed(root)
    raise UnreadableXmlError(f"XML whose root is <{kind}>; NITF, NewsML, RSS and Atom are read")


def html_of_nitf(text: str) -> str:
    """The content of an NITF document as HTML; a text that is no XML comes back as it is."""
    try:
        root = _root(text)
    except UnreadableXmlError:
        return text
    content = _first(root, "body.content")
    return _as_html(root if content is None else content)


def _root(data: bytes | str) -> _Element:
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    if isinstance(data, str) and raw.lstrip().startswith(b"<?xml"):
        raw = raw.partition(b"?>")[2]  # the text is decoded: what it says of its encoding is no longer true
    try:
        root = etree.fromstring(raw.strip(), _PARSER)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise UnreadableXmlError(f"no XML: {broken}") from None
    if root is None:
        raise UnreadableXmlError("no XML")
    return root


def _name(element: _Element) -> str:
    """The element's name without its namespace; empty for a processing instruction or an entity."""
    return element.tag.rpartition("}")[2].casefold() if isinstance(element.tag, str) else ""


def _all(element: _Element, name: str) -> Iterator[_Element]:
    return (inner for inner in element.iter() if _name(inner) == name)


def _topmost(root: _Element, *names: str) -> Iterator[_Element]:
    """The elements with these names that stand in no other one of them: each part of a document is read once."""
    elements = etree.iterwalk(root, events=("start",))
    for _, element in elements:
        if _name(element) in names:
            yield element
            elements.skip_subtree()


def _first(element: _Element | None, *path: str) -> _Element | None:
    """The first element that is reached by these names, each that of a descendant of the one before."""
    for name in path:
        if element is None:
            return None
        element = next(_all(element, name), None)
    return element


def _text(element: _Element | None) -> str | None:
    return None if element is None else " ".join("".join(map(str, element.itertext())).split())


def _attribute(element: _Element | None, *names: str) -> str | None:
    return next((value for name in names if element is not None and (value := element.get(name))), None)


def _present(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value}


def _as_html(element: _Element, depth: int = 0) -> str:
    """An element's inside as HTML: its blocks, and the words in them without their marks."""
    parts = [escape(element.text or "", quote=False)]
    for inner in element:
        name = _name(inner)
        if name and name not in _LEFT_OUT:
            tag = _HTML_NAMES.get(name) if depth < _NO_DEEPER else None
            content = _as_html(inner, depth + 1) if depth < _NO_DEEPER else escape(_text(inner) or "", quote=False)
            parts.append(f"<{tag}>{content}</{tag}>" if tag else content)
        parts.append(escape(inner.tail or "", quote=False))
    return "".join(parts)


def _nitf(root: _Element) -> dict[str, object]:
    """https://iptc.org/standards/nitf/"""
    about, content = _first(root, "docdata"), _first(root, "body.content")
    issued = _attribute(_first(about, "date.issue"), "norm") or _attribute(_first(root, "pubdata"), "date.publication")
    status = (_attribute(about, "management-status") or "").casefold()
    return _present(
        {
            "uri": _attribute(_first(about, "doc-id"), "id-string") or _attribute(root, "uno"),
            "headline": _text(_first(root, "hl1")) or _text(_first(root, "hedline")) or _text(_first(root, "title")),
            "body": None if content is None else _as_html(content),
            "published_at": issued or _attribute(_first(root, "story.date"), "norm"),
            "version": _attribute(_first(about, "du-key"), "version"),
            "publisher": _text(_first(root, "distributor")) or _attribute(_first(about, "doc.copyright"), "holder"),
            "byline": _byline(_first(root, "byline")),
            "status": "canceled" if status in ("canceled", "cancelled", "withheld", "killed") else None,
            "embargoed_until": _attribute(_first(about, "date.release"), "norm") if status == "embargoed" else None,
        }
    )


def _byline(byline: _Element | None) -> str | list[str] | None:
    """The people in it, where it names them apart from their offices; else its words without those."""
    if byline is None:
        return None
    people = [_text(person) for person in _all(byline, "person")]
    if people:
        return [name for name in people if name]
    words = [byline.text, *(part for e in byline for part in ((None if _name(e) == "byttl" else _text(e)), e.tail))]
    return " ".join(" ".join(word for word in words if word).split())


def _newsml(item: _Element) -> dict[str, object]:
    """https://iptc.org/standards/newsml-g2/"""
    meta, about, content = _first(item, "itemmeta"), _first(item, "contentmeta"), _first(item, "contentset")
    provider, language = _first(meta, "provider"), _first(about, "language")
    nitf = _first(content, "nitf")
    inline = (
        _first(content, "inlinexml") if nitf is None else (nitf if (b := _first(nitf, "body.content")) is None else b)
    )
    body = _as_html(inline) if inline is not None else _text(_first(content, "inlinedata"))
    return _present(
        {
            "uri": _attribute(item, "guid"),
            "version": _attribute(item, "version"),
            "headline": _text(_main_headline(about)) or _text(_first(meta, "title")),
            "body": body,
            "published_at": _text(_first(meta, "firstcreated")) or _text(_first(about, "contentcreated")),
            "updated_at": _text(_first(meta, "versioncreated")),
            "publisher": _text(_first(provider, "name")) or _attribute(provider, "literal", "qcode", "uri"),
            "byline": _text(_first(about, "by")) or _text(_first(about, "creator", "name")),
            "language": _attribute(language, "tag"),
            "status": _attribute(_first(meta, "pubstatus"), "qcode", "uri"),
            "embargoed_until": _text(_first(meta, "embargoed")),
        }
    )


def _main_headline(about: _Element | None) -> _Element | None:
    """Of several headlines the one whose role is the main one, else the first whose role is no short form."""
    headlines = [] if about is None else [(element.get("role") or "", element) for element in _all(about, "headline")]
    main = (element for role, element in headlines if "main" in role)
    longer = (element for role, element in headlines if not re.search(r"short|sub|slug|seo|mobile", role))
    best = next(main, None)
    return best if best is not None else next(longer, headlines[0][1] if headlines else None)


def _newsml_1(item: _Element) -> dict[str, object]:
    """NewsML 1, which agencies wrote before G2: https://iptc.org/standards/newsml-1/"""
    identifier, management = _first(item, "newsidentifier"), _first(item, "newsmanagement")
    revision = _text(_first(identifier, "revisionid")) or ""
    name = _text(_first(identifier, "publicidentifier")) or ""
    content = _first(item, "datacontent")
    inner = _first(content, "body.content")
    return _present(
        {
            "uri": name.removesuffix(f":{revision}") if revision else name,
            "version": revision,
            "headline": _text(_first(item, "headline")),
            "body": _as_html(inner if inner is not None else content) if content is not None else None,
            "published_at": _text(_first(management, "firstcreated")),
            "updated_at": _text(_first(management, "thisrevisioncreated")),
            "publisher": _attribute(_first(item, "provider", "party"), "formalname", "FormalName"),
            "byline": _text(_first(item, "byline")),
            "language": _attribute(_first(item, "language"), "FormalName"),
            "status": _attribute(_first(management, "status"), "FormalName"),
            "embargoed_until": _text(_first(management, "statuswillchange", "dateandtime")),
        }
    )


def _feed(root: _Element) -> list[dict[str, object]]:
    """The entries of RSS 0.9 to 2.0 (https://www.rssboard.org/rss-specification) or Atom (RFC 4287)."""
    entries = list(_topmost(root, "item", "entry"))
    channel = _first(root, "channel") if _name(root) != "feed" else root
    title = next((_text(e) for e in (channel if channel is not None else []) if _name(e) == "title"), None)
    language = next((_text(e) for e in (channel if channel is not None else []) if _name(e) == "language"), None)
    language = language or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    about = {"feed_title": (title or "")[:_MAX_TITLE_CHARS], "feed_language": (language or "")[:_MAX_TITLE_CHARS]}
    return [_entry(entry) | _present(about) for entry in entries]


def _entry(entry: _Element) -> dict[str, object]:
    fields: dict[str, object] = {}
    people: dict[str, list[str]] = {}
    for inner in entry:
        name = _name(inner)
        if _of_media(inner):
            continue
        if name == "link" and inner.get("href"):
            if inner.get("rel", "alternate") == "alternate":
                fields.setdefault("link", _whole_address(inner, inner.get("href") or ""))
        elif name == "source":
            title = _first(inner, "title")
            fields.setdefault(name, _text(title if title is not None else inner))
        elif name in ("author", "creator"):
            person = _first(inner, "name")
            people.setdefault(name, []).append(_text(person if person is not None else inner) or "")
        elif name in ("encoded", "content", "summary", "description"):
            markup = inner.get("type") == "xhtml"
            fields.setdefault(name, _as_html(inner) if markup else "".join(map(str, inner.itertext())).strip())
        elif name:
            fields.setdefault(name, _text(inner))
    return fields | people


def _whole_address(element: _Element, address: str) -> str:
    """The address, as one of the web where the document says what it is relative to."""
    base = element.base or ""
    try:
        return urljoin(base, address) if len(base) <= _MAX_TITLE_CHARS else address
    except ValueError:
        return address


def _of_media(element: _Element) -> bool:
    """Whether it tells of a picture, a film or a podcast, and has only its name in common with a part of the entry."""
    space = element.tag.rpartition("}")[0].casefold() if isinstance(element.tag, str) else ""
    return "mrss" in space or "itunes" in space or "podcast" in space
