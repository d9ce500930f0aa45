"""The messages as a page for people who write a reader or a producer: AsyncAPI document and schemas as tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from worker.contract.published.schema_parts import Schema, enum, named, properties, required_fields, target

__all__ = ["reader_page"]

_HEAD = """# Messages

For those who write a program that sends articles or reads claims. Made from `worker/contract` by `make schemas`; do not
edit. What the values mean is in docs/meaning.md, how to read the topics in docs/consuming.md. Beside this page are the
same descriptions for machines: a JSON Schema for each message with an example in `examples`, `asyncapi.json`, and
`types` for TypeScript and Python.

A field that is not required may be missing or null, and has its default then. New fields may come: ignore those that
you do not know.
"""


def reader_page(asyncapi: Mapping[str, object], messages: Mapping[str, Schema], version: str) -> str:
    """`messages`: the schemas by the names of their files, without version."""
    types = named(messages.values())
    titles = {str(schema["title"]): name for name, schema in messages.items()}
    parts = [_HEAD, *_topics(asyncapi), *_headers(asyncapi), "## The messages\n"]
    for title, name in titles.items():
        parts += [f"### {title}\n", f"`{name}.{version}.json`\n", *_described(types[title])]
    parts.append("## Their parts\n")
    for title, schema in sorted(types.items()):
        if title not in titles:
            parts += [f"### {title}\n", *_described(schema)]
    return "\n".join(parts).rstrip() + "\n"


def _topics(asyncapi: Mapping[str, object]) -> Iterator[str]:
    channels = cast("dict[str, dict[str, object]]", asyncapi["channels"])
    messages = cast("dict[str, dict[str, dict[str, object]]]", asyncapi["components"])["messages"]
    yield "## The topics\n"
    yield "| topic | message | key | what it is for | as it is created |"
    yield "|---|---|---|---|---|"
    for channel in channels.values():
        ((name, _),) = cast("dict[str, object]", channel["messages"]).items()
        title = str(messages[name]["title"])
        key = _at(messages[name], "bindings", "kafka", "key", "description") or "the original's"
        config = cast("dict[str, object]", _at(channel, "bindings", "kafka", "topicConfiguration") or {})
        created = ", ".join(f"`{option}` {_word(value)}" for option, value in config.items())
        purpose = _cell(channel["description"])
        yield f"| `{channel['address']}` | [{title}](#{title.lower()}) | {_cell(key)} | {purpose} | {created} |"
    yield ""


def _headers(asyncapi: Mapping[str, object]) -> Iterator[str]:
    """The headers that records of a message have."""
    yield "## The headers\n"
    messages = cast("dict[str, dict[str, object]]", _at(asyncapi, "components", "messages"))
    shown: list[object] = []
    for message in messages.values():
        headers = cast("Schema", message.get("headers") or {})
        if not headers or headers in shown:
            continue
        shown.append(headers)
        with_them = [str(other["title"]) for other in messages.values() if other.get("headers") == headers]
        yield f"Of {' and '.join(with_them)}. {headers.get('description', '')}".strip() + "\n"
        yield from _fields(headers)
        yield ""


def _described(schema: Schema) -> Iterator[str]:
    if text := " ".join(str(schema.get("description", "")).split()):
        yield f"{text}\n"
    if "enum" in schema:
        yield f"One of {', '.join(f'`{word}`' for word in enum(schema))}.\n"
        return
    yield from _fields(schema)
    yield ""


def _fields(schema: Schema) -> Iterator[str]:
    required = required_fields(schema)
    yield "| field | type | |"
    yield "|---|---|---|"
    for field, of in properties(schema).items():
        notes = ["required"] if field in required else []
        if of.get("default") is not None:
            notes.append(f"default `{json.dumps(of['default'])}`")
        if "const" in of:
            notes.append(f"always `{of['const']}`")
        if of.get("description"):
            notes.append(_cell(of["description"]))
        yield f"| `{field}` | {_type(of)} | {'; '.join(notes)} |"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        title = target(schema)
        return f"[{title}](#{title.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in cast("list[Schema]", schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {_type(cast('Schema', schema['items']))}"
    if schema.get("type") == "object":
        return f"object of {_type(cast('Schema', schema.get('additionalProperties', {})))}"
    return " ".join(str(word) for word in (schema.get("type", "any value"), schema.get("format")) if word)


def _at(value: object, *path: str) -> object:
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _word(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, Iterable) and not isinstance(value, str) else str(value)


def _cell(text: object) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")
