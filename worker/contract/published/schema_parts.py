"""The parts of the JSON Schemas that are written here: named types with fields, and closed lists of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

__all__ = ["Schema", "enum", "named", "properties", "required_fields", "target"]

Schema = Mapping[str, object]


def named(schemas: Iterable[Schema]) -> dict[str, Schema]:
    """Each type once: the enums first, since Python reads from the top, then all others by name."""
    found: dict[str, Schema] = {}
    for schema in schemas:
        found |= cast("dict[str, Schema]", schema.get("$defs", {}))
        found[str(schema["title"])] = schema
    return dict(sorted(found.items(), key=lambda item: ("enum" not in item[1], item[0])))


def target(schema: Schema) -> str:
    return str(schema["$ref"]).rsplit("/", 1)[1]


def enum(schema: Schema) -> list[str]:
    return cast("list[str]", schema["enum"])


def required_fields(schema: Schema) -> set[str]:
    return set(cast("list[str]", schema.get("required", [])))


def properties(schema: Schema) -> dict[str, Schema]:
    return cast("dict[str, Schema]", schema.get("properties", {}))
