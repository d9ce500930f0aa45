"""The outcomes that a record can have. A closed union, so that `match` must handle all of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.contract.headers.cloud_events import Headers
from worker.contract.reasons import DeadReason, DropReason, RetryReason

__all__ = ["About", "Dead", "Drop", "Ok", "Outcome", "Output", "Retry"]


@dataclass(frozen=True, slots=True)
class Output:
    """A record to be published. A null value is a tombstone. Without a partition the key chooses it."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class About:
    """Measurements of the work on a record, for observers. They do not change what happens to it."""

    publisher: str | None = None
    """The article's publisher."""
    claims: int = 0
    """Claims that were extracted."""
    warnings: tuple[str, ...] = ()
    """The kind of each thing that may be wrong with what was taken of the record."""
    seconds: tuple[tuple[str, float], ...] = ()
    """Wall-clock seconds of each step, with its name."""
    cpu_s: float = 0.0
    """CPU seconds of all steps."""
    caches: tuple[tuple[str, int, int], ...] = ()
    """Look-ups of the record's whole batch, reported with one record of it: a cache's name, hits, misses."""


_UNKNOWN = About()


@dataclass(frozen=True, slots=True)
class Ok:
    """The work succeeded: `outputs` are published."""

    outputs: tuple[Output, ...]
    about: About = field(default=_UNKNOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Drop:
    """A good record that changes nothing: it leaves a note in `articles.dropped`."""

    reason: DropReason
    detail: str
    about: About = field(default=_UNKNOWN, compare=False)
    newest: int | None = None
    """Offset, in the partition of the record, of the one that must stay the last of its key: it is written again."""


@dataclass(frozen=True, slots=True)
class Retry:
    """A failure that may pass: the record waits in `articles.retry` for at least `after_s` seconds."""

    reason: RetryReason
    error: str
    after_s: float
    about: About = field(default=_UNKNOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Dead:
    """A failure that stays: the record goes to the dead letters."""

    reason: DeadReason
    error: str
    about: About = field(default=_UNKNOWN, compare=False)


Outcome = Ok | Drop | Retry | Dead
