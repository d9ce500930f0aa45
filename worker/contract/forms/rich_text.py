"""The documents of editors as HTML: a text as a tree of blocks, as content management systems keep it in JSON.

ProseMirror, TipTap, Slate, Lexical, Contentful (`content`, `children`), Sanity's Portable Text (`children`, `style`),
Draft.js and Editor.js (`blocks`), Quill (`ops`), Arc (`content_elements`), blocks of Gutenberg (`innerHTML`). They
differ in names; what an article needs of them is which words are one paragraph, and what each block is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

__all__ = ["html_of_document", "is_document"]

_KIND = ("_type", "nodeType", "type", "blockName", "kind", "node", "component", "role", "object")
_INSIDE = ("content_elements", "content", "children", "blocks", "innerBlocks", "nodes", "elements", "items",
           "listItems", "body", "paragraphs", "components", "rich_text", "leaves")  # fmt: skip
_NAMED = ("paragraph", "textRun", "table", "sectionBreak", "tableOfContents")
"""Parts that Google Docs names by the key under which they are."""
_AROUND = ("root", "document", "doc", "json", "ops", "blocks", "content_elements")
_TEXTS = ("html", "text", "content", "innerHTML", "bodyHtml", "body", "paragraph", "value", "insert")
_TAGS = (
    ("blockquote|quote|pullquote", "blockquote"),
    ("list-?item|listitem|^li$", "li"),
    ("head|^h[1-6]$|^title$", "h2"),
    ("row", "tr"),
    ("cell", "td"),
)  # fmt: skip
_KINDS = [(re.compile(pattern, re.IGNORECASE), tag) for pattern, tag in _TAGS]
_INLINE = re.compile(
    r"^(?:text|textRun|leaf|span|inline|bold|strong|italic|em|code|link|hyperlink|entry-hyperlink|asset-hyperlink|a|mention|mark|"
    r"autolink|break|hardbreak|hard_break|linebreak|br)$",
    re.IGNORECASE,
)
_BREAK = re.compile(r"^(?:hard_?break|linebreak|br|break)$", re.IGNORECASE)
_NO_TEXT = re.compile(
    r"image|picture|photo|figure|video|audio|media|embed|gallery|iframe|widget|tweet|social|^ad$|^ads$|advert|promo|"
    r"newsletter|related|interstitial|recirc|divider|delimiter|separator|spacer|custom_?embed|oembed|podcast|button",
    re.IGNORECASE,
)
_WITH_TEXT = re.compile(r"text|paragraph|body", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|&#?\w{1,31};")
_BLOCKS = re.compile(r"\s*<(?:p|div|h[1-6]|ul|ol|dl|blockquote|table|section|article|figure)\b", re.IGNORECASE)
_MAX_DEPTH = 40


def is_document(value: object) -> bool:
    """Whether it is such a tree, or a list of its blocks: objects in it say what kind of part they are."""
    if isinstance(value, list):
        nodes = [item for item in value if isinstance(item, Mapping)]
        return bool(nodes) and all(_is_node(node) for node in nodes)
    return isinstance(value, Mapping) and (
        any(is_document(value.get(key)) for key in _AROUND if isinstance(value.get(key), list))
        or any(_is_root(value.get(key)) for key in ("root", "document", "json"))
        or (
            _kind(value) != ""
            and any(is_document(value.get(key)) for key in _INSIDE if isinstance(value.get(key), list))
        )
    )


def _is_root(value: object) -> bool:
    if not isinstance(value, Mapping):
        return False
    return _is_node(value) or any(is_document(value.get(key)) for key in _INSIDE if isinstance(value.get(key), list))


def html_of_document(value: object) -> str:
    """The blocks of the document as HTML, without its pictures but with what stands under them."""
    return "".join(_blocks(value, 0))


def _is_node(node: Mapping[str, object]) -> bool:
    return (
        _kind(node) != ""
        or any(isinstance(node.get(name), Mapping) for name in _NAMED)
        or "insert" in node
        or isinstance(node.get("children"), list)
    )


def _kind(node: Mapping[str, object]) -> str:
    found = next((node[key] for key in _KIND if isinstance(node.get(key), str)), "")
    return str(found).rpartition("/")[2]


def _opened(node: object) -> object:
    """The part itself, where it is inside of an object that only says what it is: of Google Docs, and of Notion."""
    if not isinstance(node, Mapping) or isinstance(node.get("plain_text"), str):
        return node
    for name in (*_NAMED, _kind(node)):
        inner = node.get(name)
        if isinstance(inner, Mapping):
            about = inner.get("paragraphStyle")
            style = about.get("namedStyleType") if isinstance(about, Mapping) else None
            return {"type": name, **inner} | ({"style": style} if style else {})
    return node


def _blocks(value: object, depth: int) -> Iterator[str]:
    """The parts of a document or of a list of parts; inline parts that stand beside each other are one paragraph."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, Mapping):
        around = next((value[key] for key in _AROUND if isinstance(value.get(key), (list, Mapping))), None)
        parts = (
            around if around is not None else next((value[k] for k in _INSIDE if isinstance(value.get(k), list)), [])
        )
        yield from _blocks(parts, depth + 1)
        return
    line: list[str] = []
    for node in map(_opened, value if isinstance(value, list) else []):
        if _is_inline(node):
            line.append(_inline(node, depth + 1))
            continue
        yield from _paragraphs("".join(line))
        line.clear()
        if isinstance(node, Mapping):
            yield from _block(node, depth + 1)
    yield from _paragraphs("".join(line))


def _paragraphs(inside: str) -> Iterator[str]:
    """Quill has the line breaks in its texts."""
    yield from (f"<p>{part}</p>" for part in inside.split("\n") if part.strip())


def _is_inline(node: object) -> bool:
    if isinstance(node, str):
        return True
    if not isinstance(node, Mapping):
        return False
    kind = _kind(node)
    if isinstance(node.get("plain_text"), str):
        return True
    if kind == "text" and isinstance(node.get("content"), str):
        return False  # Arc's paragraphs
    return "insert" in node or _INLINE.match(kind) is not None or (kind == "" and isinstance(node.get("text"), str))


def _inline(node: object, depth: int) -> str:
    node = _opened(node)
    if isinstance(node, str):
        return escape(node, quote=False)
    if not isinstance(node, Mapping) or depth > _MAX_DEPTH:
        return ""
    if _BREAK.match(_kind(node)):
        return "<br>"
    inside = next((node[key] for key in ("content", "children", "leaves") if isinstance(node.get(key), list)), None)
    if isinstance(inside, list):
        return "".join(_inline(part, depth + 1) for part in inside)
    text = next(
        (node[key] for key in ("text", "plain_text", "value", "insert", "content") if isinstance(node.get(key), str)),
        "",
    )
    return escape(str(text), quote=False)


def _block(node: Mapping[str, object], depth: int) -> Iterator[str]:
    kind = _kind(node)
    about = node.get("data") if isinstance(node.get("data"), Mapping) else node.get("attrs")
    data = about if isinstance(about, Mapping) else {}
    if _NO_TEXT.search(kind) and not _WITH_TEXT.search(kind):
        caption = next((of[key] for of in (node, data) for key in ("caption",) if isinstance(of.get(key), str)), "")
        if caption:
            yield f"<figure><figcaption>{_text(str(caption))}</figcaption></figure>"
        return
    style = node.get("style")
    named = f"{kind} {style}" if isinstance(style, str) and len(style) < 40 else kind
    tag = next((tag for word in named.split() for pattern, tag in _KINDS if pattern.search(word)), "p")
    tag = "li" if tag == "p" and node.get("listItem") else tag
    heading = next((node[key] for key in ("headline", "title") if isinstance(node.get(key), str)), "")
    if str(heading).strip():
        yield f"<h2>{_text(str(heading))}</h2>"
    own = [part for of in (data, node) for part in (of.get(key) for key in _INSIDE) if isinstance(part, list) and part]
    if own:
        yield from _of_parts(tag, own[0], depth)
        return
    texts = (of[key] for of in (data, node) for key in _TEXTS if isinstance(of.get(key), str) and of[key])
    text = str(next(texts, ""))
    if text.strip():
        yield text if _BLOCKS.match(text) else f"<{tag}>{_text(text)}</{tag}>"


def _of_parts(tag: str, parts: list[object], depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if rows := [part for part in parts if isinstance(part, list)]:  # of a table
        cells = ("".join(f"<td>{_text(cell)}</td>" for cell in row if isinstance(cell, str)) for row in rows)
        yield f"<table>{''.join(f'<tr>{row}</tr>' for row in cells if row)}</table>"
    elif all(isinstance(part, str) for part in parts):  # the items of a list
        yield from (f"<li>{_text(str(part))}</li>" for part in parts)
    elif all(_is_inline(_opened(part)) for part in parts):
        inside = "".join(_inline(part, depth + 1) for part in parts)
        if inside.strip():
            yield f"<{tag}>{inside}</{tag}>"
    else:
        inside = "".join(_blocks(parts, depth + 1))
        yield f"<{tag}>{inside}</{tag}>" if tag != "p" else inside


def _text(text: str) -> str:
    """A text that may be HTML itself."""
    return text if _MARKUP.search(text) else escape(text, quote=False)
