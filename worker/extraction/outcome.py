"""What became of an article. A closed set: `match` handles all of it."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.dead_letter import DeadReason, DropReason
from worker.contract.extraction import Extraction

__all__ = ["Dropped", "Extracted", "Failed", "Outcome"]


@dataclass(frozen=True, slots=True)
class Extracted:
    extraction: Extraction


@dataclass(frozen=True, slots=True)
class Dropped:
    reason: DropReason
    detail: str


@dataclass(frozen=True, slots=True)
class Failed:
    reason: DeadReason
    error: str


Outcome = Extracted | Dropped | Failed
