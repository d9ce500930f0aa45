"""The types of the messages for programs of others, in TypeScript and Python, made from the schemas.

They have no dependency: a reader copies the file. What the schemas say in words comes along as comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from worker.contract.published.schema_parts import Schema, enum, named, properties, required_fields, target

__all__ = ["python_types", "typescript_types"]

_MADE = "Made from the JSON Schemas of Claimwire; changes are lost."


class _Language(NamedTuple):
    """How a language writes types; `{}` is the type of what is inside."""

    words: Mapping[str, str]
    array: str
    mapping: str
    anything: str


_TS = _Language(
    {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"},
    "Array<{}>",
    "Record<string, {}>",
    "unknown",
)
_PY = _Language(
    {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"},
    "list[{}]",
    "dict[str, {}]",
    "object",
)


def typescript_types(schemas: Iterable[Schema]) -> str:
    parts = [f"// {_MADE}\n"]
    for name, schema in named(schemas).items():
        parts.append(_ts_comment(schema, ""))
        if "enum" in schema:
            parts.append(f"export type {name} = {_union(map(_quoted, enum(schema)), ' | ')};\n")
            continue
        required = required_fields(schema)
        lines = [
            f"  {_ts_name(field)}{'' if field in required else '?'}: {_type(of, _TS)};"
            for field, of in properties(schema).items()
        ]
        parts.append(f"export interface {name} {{\n" + "\n".join(lines) + "\n}\n")
    return "\n".join(part for part in parts if part)


def python_types(schemas: Iterable[Schema]) -> str:
    parts = [
        f'"""{_MADE}"""\n',
        "from __future__ import annotations\n",
        "from typing import Literal, NotRequired, TypedDict\n",
    ]
    for name, schema in named(schemas).items():
        if "enum" in schema:
            parts.append(f"{name} = Literal[{', '.join(map(_quoted, enum(schema)))}]\n")
            continue
        required = required_fields(schema)
        lines = [
            f"    {field}: {_type(of, _PY) if field in required else f'NotRequired[{_type(of, _PY)}]'}"
            for field, of in properties(schema).items()
        ]
        text = str(schema.get("description", "")).replace("\\", "\\\\").splitlines()
        comment = "\n".join(f"    # {line}".rstrip() for line in text)
        parts.append(f"\nclass {name}(TypedDict):\n" + (f"{comment}\n" if comment else "") + "\n".join(lines) + "\n")
    return "\n".join(parts)


def _type(schema: Schema, language: _Language) -> str:
    if "$ref" in schema:
        return target(schema)
    if "anyOf" in schema:
        return _union((_type(one, language) for one in cast("list[Schema]", schema["anyOf"])), " | ")
    if schema.get("type") == "array":
        return language.array.format(_type(cast("Schema", schema["items"]), language))
    if schema.get("type") == "object":
        return language.mapping.format(_type(cast("Schema", schema.get("additionalProperties", {})), language))
    return language.words.get(str(schema.get("type")), language.anything)


def _ts_name(field: str) -> str:
    return field if field.isidentifier() else _quoted(field)


def _union(words: Iterable[str], between: str) -> str:
    return between.join(dict.fromkeys(words))


def _quoted(word: str) -> str:
    return f'"{word}"'


def _ts_comment(schema: Schema, indent: str) -> str:
    text = str(schema.get("description", "")).replace("*/", "* /")
    lines = "\n".join(f"{indent} * {line}".rstrip() for line in text.splitlines())
    return f"{indent}/**\n{lines}\n{indent} */" if text else ""
