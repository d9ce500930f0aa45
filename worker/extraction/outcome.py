"""What became of an article. A closed set: `match` handles all of it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from worker.contract.extraction import Extraction
from worker.contract.reasons import DeadReason, DropReason, RetryReason

__all__ = [
    "Budget",
    "Dropped",
    "Extracted",
    "Failed",
    "Outcome",
    "Postponed",
    "TooCostlyError",
    "TransientError",
    "Unbounded",
]


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


class TooCostlyError(BaseException):
    """An article has used up its CPU time. No Exception, so that no stage takes it for a fault of its own."""


class Budget(Protocol):
    """Bounds what an article may cost, for a caller that has a clock."""

    def spending(self, chars: int) -> AbstractContextManager[None]:
        """While an article with so many characters of body is worked on. TooCostlyError may be raised in it."""
        ...


class Unbounded:
    """No bound."""

    def spending(self, chars: int) -> AbstractContextManager[None]:  # noqa: ARG002 - the same for all
        return nullcontext()
