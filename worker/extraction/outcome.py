"""What became of an article. A closed set: `match` handles all of it."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.dead_letter import DeadReason, DropReason, RetryReason
from worker.contract.extraction import Extraction

__all__ = ["Dropped", "Extracted", "Failed", "Outcome", "Postponed", "TransientError"]


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


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now, perhaps later: what failed may pass by itself."""

    reason: RetryReason
    error: str


Outcome = Extracted | Dropped | Failed | Postponed


class TransientError(Exception):
    """Raised by a stage for what may pass by itself; its article is postponed, not failed."""
