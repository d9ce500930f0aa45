"""A record that was read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Record"]


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was read, with all that a dead letter keeps of it. `timestamp` in milliseconds since 1970."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @property
    def size(self) -> int:
        return len(self.value or b"") + len(self.key or b"") + 256  # what a record costs beside its bytes, about

    def __str__(self) -> str:
        key = (self.key or b"").decode("utf-8", "replace")[:120]
        return f"{self.topic}[{self.partition}]@{self.offset} key={key!r}"
