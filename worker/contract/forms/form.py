"""A form of article: how it is recognised, and where each field of the native form is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from worker.contract.forms.values import is_empty

__all__ = ["Form", "at", "is_short", "plain_name"]

_MAX_DEPTH = 50
_MAX_SHARED_BYTES = 2_000


@dataclass(frozen=True, slots=True)
class Form:
    """One line of the table of forms.

    `marks`: paths that are all there, with something in them, in an object of this form. `fields`: for a field of the
    native form the paths where its value may be, the best first; where none has a value, the names of table.COMMON are
    tried. `prepare` rewrites an object of a form whose values are not simply at paths. `cut_short`: the form's text is
    known to be only the beginning of the article.
    """

    name: str
    marks: tuple[str, ...]
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    prepare: Callable[[Mapping[str, object]], Mapping[str, object]] | None = None
    cut_short: bool = False

    def fits(self, raw: Mapping[str, object]) -> bool:
        return all(not is_empty(at(raw, mark)) for mark in self.marks)


def at(value: object, path: str, depth: int = 0) -> object:
    """The value at a path of keys with dots between them; from a list, those of its items. None where there is none."""
    if depth > _MAX_DEPTH:
        return None
    if isinstance(value, Mapping) and path in value:
        return value[path]
    key, dot, rest = path.partition(".")
    if isinstance(value, list):
        found = [inner for item in value if not is_empty(inner := at(item, path, depth + 1))]
        return found or None
    if not isinstance(value, Mapping) or not dot:
        return None
    return at(value.get(key), rest, depth + 1)


def is_short(value: object) -> bool:
    """Whether it may be put into each of several articles: what they share is repeated in all of them."""
    try:
        return len(orjson.dumps(value)) <= _MAX_SHARED_BYTES
    except orjson.JSONEncodeError:
        return False


def plain_name(key: str) -> str:
    """The name of a field without what differs from one writer to the next: case, `_`, `-`, blanks."""
    return "".join(char for char in key if char.isalnum()).casefold()
