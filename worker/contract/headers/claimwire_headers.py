"""Kafka headers of Claimwire itself: names begin with `claimwire_`, values are UTF-8 text, numbers are in decimal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import TYPE_CHECKING

from worker.contract.headers.cloud_events import Headers

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["PREFIX", "claimwire_fields", "headers_of"]

PREFIX = "claimwire_"


def headers_of(message: DataclassInstance) -> Headers:
    """One header for each field of a dataclass."""
    return [(PREFIX + f.name, str(getattr(message, f.name)).encode("utf-8", "replace")) for f in fields(message)]


def claimwire_fields(headers: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """The values of Claimwire's headers by name without the prefix; a header without a value is left out."""
    return {
        name.removeprefix(PREFIX): value.decode("utf-8", "replace")
        for name, value in headers
        if name.startswith(PREFIX) and isinstance(value, bytes)
    }
