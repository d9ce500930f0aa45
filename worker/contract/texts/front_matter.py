"""Fields that stand above a text, or around it, as YAML or TOML: what generators of pages put before Markdown.

https://jekyllrb.com/docs/front-matter/, https://gohugo.io/content-management/front-matter/. Of YAML it is what such
fields are written in: scalars, blocks, lists and one level of names inside; a text with anything else in it is none.
"""

from __future__ import annotations

import re
import tomllib

__all__ = ["fields_above", "fields_of_yaml"]

_YAML = re.compile(r"\ufeff?---[ \t]*\r?\n((?:(?!---)[^\n]{0,2000}\n){1,200}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_TOML = re.compile(r"\ufeff?\+\+\+[ \t]*\r?\n((?:(?!\+\+\+)[^\n]{0,2000}\n){1,200}?)\+\+\+[ \t]*(?:\r?\n|$)")
_NAME = re.compile(r"(?![-#])[\"']?([A-Za-z_@][\w .:@/-]{0,60}?)[\"']?[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_ITEM = re.compile(r"\s*-(?:[ \t]+(.*)|[ \t]*)$")
_BLOCK = re.compile(r"([|>])[+-]?\d?[ \t]*(?:#.*)?$")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'")
_PART = re.compile(r"\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^,\"'][^,]*|)\s*(?:,|$)")
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": " ", "r": ""}
_MAX_DEPTH = 2
_MAX_LINES = 20_000


def fields_above(text: str) -> tuple[dict[str, object], int] | None:
    """The fields above a text, and where the text begins; None where none stand there."""
    if found := _YAML.match(text):
        fields = fields_of_yaml(found[1])
        return (fields, found.end()) if fields else None
    if found := _TOML.match(text):
        try:
            return _shallow(tomllib.loads(found[1].replace("\r\n", "\n"))), found.end()
        except (tomllib.TOMLDecodeError, RecursionError, ValueError):
            return None
    return None


def _shallow(table: dict[str, object], depth: int = 0) -> dict[str, object]:
    """Without tables inside of the tables of a table, and lists in lists."""
    kept: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            if depth < _MAX_DEPTH:
                kept[name] = _shallow(value, depth + 1)
        elif not isinstance(value, list) or not any(isinstance(item, (list, dict)) for item in value):
            kept[name] = value
    return kept


def fields_of_yaml(text: str) -> dict[str, object] | None:
    """The fields of a text that is YAML and nothing else; None for any other text."""
    if text.count("\n") > _MAX_LINES:
        return None
    lines = text.replace("\r\n", "\n").split("\n")
    fields: dict[str, object] = {}
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line.strip() or line.startswith("#") or line.rstrip() == "---":
            continue
        named = _NAME.match(line)
        if named is None:
            return None
        end = at
        while end < len(lines) and (not lines[end].strip() or lines[end][0] in " \t" or _ITEM.match(lines[end])):
            end += 1
        fields[named[1]] = _value(named[2] or "", lines[at:end])
        at = end
    return fields or None


def _value(written: str, below: list[str]) -> object:
    """The value of a name: what stands behind it, or the lines below, which are indented or items."""
    if block := _BLOCK.match(written):
        return _of_block(below, folded=block[1] == ">")
    inside = [line for line in below if line.strip() and not line.lstrip().startswith("#")]
    if written.strip():
        return _scalar(" ".join([written.strip(), *(line.strip() for line in inside)]))
    if inside and all(_ITEM.match(line) or line.startswith((" ", "\t")) for line in inside) and _ITEM.match(inside[0]):
        return [_item(found[1] or "") for line in inside if (found := _ITEM.match(line))]
    names = {named[1]: _scalar(named[2] or "") for line in inside if (named := _NAME.match(line.strip()))}
    return names or _scalar(" ".join(line.strip() for line in inside))


def _item(written: str) -> object:
    named = _NAME.match(written)
    return {named[1]: _scalar(named[2] or "")} if named and not written.startswith(("'", '"')) else _scalar(written)


def _of_block(below: list[str], *, folded: bool) -> str:
    """The lines of a block without their common indentation; folded, those of a paragraph are one line."""
    indent = min((len(line) - len(line.lstrip()) for line in below if line.strip()), default=0)
    text = "\n".join(line[indent:].rstrip() for line in below).strip("\n")
    return re.sub(r"(?<=\S)\n(?=\S)", " ", text) if folded else text


def _scalar(written: str) -> object:
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [_bare(part[1]) for part in _PART.finditer(written[1:-1]) if part[1]]
    return _bare(written)


def _bare(written: str) -> str:
    """A scalar without its quotation marks, or without a comment behind it."""
    if quoted := _QUOTED.match(written):
        if quoted[1] is None:
            return quoted[2].replace("''", "'")
        return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), quoted[1])
    return re.split(r"\s#", written, maxsplit=1)[0].strip()
