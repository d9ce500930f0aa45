"""What became of a record. A closed set: `match` handles all of it."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.dead_letter import DeadReason, DropReason
from worker.contract.headers import Headers

__all__ = ["Dead", "Drop", "Ok", "Outcome", "Output"]


@dataclass(frozen=True, slots=True)
class Output:
    """A record to be published. A null value is a tombstone."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Ok:
    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Drop:
    reason: DropReason
    detail: str


@dataclass(frozen=True, slots=True)
class Dead:
    reason: DeadReason
    error: str


Outcome = Ok | Drop | Dead
