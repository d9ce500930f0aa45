"""Kafka headers of Claimwire's own: each `claimwire_` and a name, the value UTF-8 text, numbers in decimal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from worker.contract.headers import Headers

__all__ = ["PREFIX", "foreign", "headers_of", "own"]

PREFIX = "claimwire_"


def headers_of(told: Any) -> Headers:
    """A header for each field of a dataclass."""
    return [(PREFIX + f.name, str(getattr(told, f.name)).encode("utf-8", "replace")) for f in fields(told)]


def own(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Name without the prefix to text."""
    return {
        key.removeprefix(PREFIX): value.decode("utf-8", "replace")
        for key, value in headers
        if key.startswith(PREFIX) and isinstance(value, bytes)
    }


def foreign(headers: Iterable[tuple[str, bytes]]) -> Headers:
    """Those that are not Claimwire's own."""
    return [pair for pair in headers if not pair[0].startswith(PREFIX)]
