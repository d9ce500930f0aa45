"""Whether a schema was changed so that programs of others fail: those who read our messages, or write articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

__all__ = ["broken_for_readers", "broken_for_writers"]

Schema = Mapping[str, object]


def broken_for_readers(old: Schema, new: Schema) -> list[str]:
    """What a program that was made for `old` does not expect in messages of `new`. A new field is no such thing.

    A field that is gone, or is not always there any more; a type or a word of a closed list that was not there before.
    """
    return list(_narrower(_Side(new), _Side(old), "$", gone_is_broken=True))


def broken_for_writers(old: Schema, new: Schema) -> list[str]:
    """What programs may write by `old` and `new` refuses or does not read any more."""
    return list(_narrower(_Side(old), _Side(new), "$", gone_is_broken=False))


class _Side:
    """One of the two schemas, at one place in it."""

    def __init__(self, root: Schema, here: Schema | None = None) -> None:
        self.root, self.here = root, here if here is not None else root
        while "$ref" in self.here:
            name = str(self.here["$ref"]).rsplit("/", 1)[1]
            self.here = cast("dict[str, Schema]", root["$defs"])[name]

    def at(self, schema: object) -> _Side:
        return _Side(self.root, cast("Schema", schema))

    @property
    def properties(self) -> dict[str, object]:
        return cast("dict[str, object]", self.here.get("properties", {}))

    @property
    def required(self) -> set[str]:
        return set(cast("list[str]", self.here.get("required", [])))

    @property
    def kinds(self) -> dict[str, _Side]:
        """The types that a value here can have, each with its part of the schema."""
        parts = [self.at(part) for part in cast("list[Schema]", self.here["anyOf"])] if "anyOf" in self.here else [self]
        kinds: dict[str, _Side] = {}
        for part in parts:
            of = part.here.get("type", "enum" if "enum" in part.here else "any")
            for kind in of if isinstance(of, list) else [of]:
                kinds["string" if kind == "enum" else str(kind)] = part
        return kinds


def _narrower(made: _Side, expected: _Side, path: str, *, gone_is_broken: bool) -> Iterator[str]:
    """Differences that make a value of `made` none of `expected`. `gone_is_broken`: also fields that it has no more."""
    expects = expected.kinds
    for kind, part in made.kinds.items():
        other = expects.get(kind) or expects.get("any") or (expects.get("number") if kind == "integer" else None)
        if other is None:
            yield f"{path}: can be {kind}, where only {', '.join(expects)} is expected"
            continue
        yield from _words(part, other, path)
        if kind == "array":
            items, others = part.at(part.here.get("items", {})), other.at(other.here.get("items", {}))
            yield from _narrower(items, others, f"{path}[]", gone_is_broken=gone_is_broken)
        if kind == "object":
            yield from _fields(part, other, path, gone_is_broken=gone_is_broken)


def _words(made: _Side, expected: _Side, path: str) -> Iterator[str]:
    if "enum" not in expected.here:
        return
    known = set(cast("list[str]", expected.here["enum"]))
    words = set(cast("list[str]", made.here["enum"])) if "enum" in made.here else None
    if words is None:
        yield f"{path}: can be any text, where one of {len(known)} words is expected"
    elif words - known:
        yield f"{path}: has words that are not expected: {', '.join(sorted(words - known))}"


def _fields(made: _Side, expected: _Side, path: str, *, gone_is_broken: bool) -> Iterator[str]:
    for name in sorted(expected.required - made.required):
        yield f"{path}.{name}: is expected and need not be there"
    for name, schema in expected.properties.items():
        if name in made.properties:
            yield from _narrower(
                made.at(made.properties[name]), expected.at(schema), f"{path}.{name}", gone_is_broken=gone_is_broken
            )
        elif gone_is_broken and name not in expected.required:
            yield f"{path}.{name}: is not there any more"
    if not gone_is_broken:
        for name in sorted(made.properties.keys() - expected.properties.keys()):
            yield f"{path}.{name}: is not read any more"
