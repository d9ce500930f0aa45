"""What became of a record. A closed set: `match` handles all of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.contract.dead_letter import DeadReason, DropReason, RetryReason
from worker.contract.headers import Headers

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
    """What observers may want to know of a record, told by who worked on it. Nothing of it changes what happens."""

    publisher: str | None = None
    """Whose article it is."""
    form: str | None = None
    """In which of the known forms it came."""
    claims: int = 0
    seconds: tuple[tuple[str, float], ...] = ()
    """How long each step took, by its name."""
    cpu_s: float = 0.0
    """What it cost in CPU time."""
    caches: tuple[tuple[str, int, int], ...] = ()
    """Look-ups of its whole batch, told with one record of it: a cache's name, hits, misses."""


_UNKNOWN = About()


@dataclass(frozen=True, slots=True)
class Ok:
    outputs: tuple[Output, ...]
    about: About = field(default=_UNKNOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Drop:
    reason: DropReason
    detail: str
    about: About = field(default=_UNKNOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now, but perhaps in `after_s` seconds: it waits in `articles.retry`."""

    reason: RetryReason
    error: str
    after_s: float
    about: About = field(default=_UNKNOWN, compare=False)


@dataclass(frozen=True, slots=True)
class Dead:
    reason: DeadReason
    error: str
    about: About = field(default=_UNKNOWN, compare=False)


Outcome = Ok | Drop | Retry | Dead
