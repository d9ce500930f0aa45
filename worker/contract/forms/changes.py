"""Changes of rows, as programs write them that watch a database: the row as it is now, and whether it is gone.

Debezium, GoldenGate, Maxwell, Canal, AWS DMS, DynamoDB's and MongoDB's streams, wal2json. They differ in where the new
row and the former one are, and in the word for a deletion. Webhooks name an event by which an article is gone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from worker.contract.forms.form import at
from worker.contract.forms.values import is_empty

__all__ = ["Change", "change_in", "says_it_is_gone"]


@dataclass(frozen=True, slots=True)
class Change:
    """`row`: of a deletion the row before it, which may have nothing but its id."""

    row: object
    gone: bool


@dataclass(frozen=True, slots=True)
class _Source:
    """`word`: where it says what happened; `marks`: what else is there; `after`, `before`: where the rows are."""

    word: str
    marks: tuple[str, ...]
    after: tuple[str, ...]
    before: tuple[str, ...]


_SOURCES = (
    _Source("op", (), ("after",), ("before",)),  # Debezium
    _Source("op_type", (), ("after",), ("before",)),  # GoldenGate
    _Source("type", ("database", "table"), ("data",), ("data", "old")),  # Maxwell, Canal
    _Source("metadata.operation", ("data",), ("data",), ("data",)),  # AWS DMS
    _Source("eventName", ("dynamodb",), ("dynamodb.NewImage",), ("dynamodb.OldImage", "dynamodb.Keys")),
    _Source("operationType", ("ns",), ("fullDocument",), ("fullDocumentBeforeChange", "documentKey")),  # MongoDB
    _Source("action", ("schema", "table"), ("columns",), ("identity", "columns")),  # wal2json
)
_GONE = re.compile(
    r"(?:delet(?:e|ed|ion)|remov(?:e|ed|al)|unpublish(?:ed)?|retract(?:ed|ion)?|withdr(?:aw|awn)|kill(?:ed)?|takedown|"
    r"trash(?:ed)?|spiked?|destroy(?:ed)?|d)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_EVENTS = ("event", "eventType", "event_type", "eventName", "event_name", "type", "action", "topic", "detail-type",
           "detailType", "operation", "op")  # fmt: skip
_MAX_WORD_CHARS = 200


def change_in(value: Mapping[str, object]) -> Change | None:
    """The change that an object tells of; None for an object that is none, or that has no row."""
    for source in _SOURCES:
        word = at(value, source.word)
        if not isinstance(word, str) or not all(mark in value for mark in source.marks):
            continue
        after = next((row for path in source.after if not is_empty(row := at(value, path))), None)
        before = next((row for path in source.before if not is_empty(row := at(value, path))), None)
        gone = _is_gone(word) or (after is None and before is not None and source.word == "op")
        row = _with_names((after if before is None else before) if gone else after)
        if row is not None:
            return Change(row, gone)
    return None


def says_it_is_gone(event: Mapping[str, object]) -> bool:
    """Whether what stands around an article names an event by which it is gone: `article.deleted`."""
    return any(isinstance(word := event.get(key), str) and _is_gone(word) for key in _EVENTS)


def _is_gone(word: str) -> bool:
    """By its last word: what was deleted stands before it."""
    words = _WORDS.findall(word[-_MAX_WORD_CHARS:])
    return bool(words) and _GONE.fullmatch(words[-1]) is not None


def _with_names(row: object) -> object:
    """The row as an object, where its columns come as a list with the name and the value of each."""
    if isinstance(row, list) and all(isinstance(cell, Mapping) and {"name", "value"} <= cell.keys() for cell in row):
        return {str(cell["name"]): cell["value"] for cell in row}
    return row
