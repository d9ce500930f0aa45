"""What is kept of whole topics, and where: see whole.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from worker.brokers import Brokers
from worker.streaming.observer import Observer
from worker.streaming.outcome import Output
from worker.streaming.record import Record
from worker.streaming.stateful.transactions import TransactionalWriter
from worker.streaming.topics.offset_reader import OffsetReader

__all__ = ["Positions", "WholeParts", "WholeState"]

Positions = Mapping[tuple[str, int], int]
"""The offset of the next record of each partition."""


class WholeState(Protocol):
    """The state and what it derives. All methods block, and are called one after the other in one thread."""

    @property
    def mark(self) -> str:
        """Of all outputs that hold now, with the step that is begun: equal where these are equal, and only there."""

    @property
    def positions(self) -> Positions: ...

    @property
    def written_ms(self) -> int | None:
        """When it was last known to have missed nothing, in milliseconds since 1970."""

    def clear(self) -> None: ...

    def take(self, records: Sequence[Record], positions: Positions) -> list[Output]:
        """Begins a step: what changes because of some records, and of `positions` having been reached."""

    def keep(self) -> None:
        """Ends the step."""

    def flush(self) -> None:
        """Puts on disk what was kept. What was not flushed may be lost: then the file is one of an earlier step."""

    def drop(self) -> None:
        """Forgets the step that was begun and not kept, and with it what was not flushed."""

    def touch(self) -> None:
        """Nothing has been missed up to now."""

    @property
    def has_more(self) -> bool:
        """Whether a step without records would change something."""

    def differences(self, topic: str, there: Mapping[bytes, bytes]) -> Iterable[Output]:
        """What makes an output topic right that holds `there`: by key a hash of the value, as `hashed` makes it."""

    def hashed(self, value: bytes) -> bytes: ...

    def size(self) -> tuple[int, int]:
        """How many keys it has, and the bytes of its file."""

    def close(self) -> None:
        """Flushes too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeParts:
    """`inputs` are read, `outputs` are written by nobody else. `threads` has one thread, or the state is not safe."""

    stage: str
    group: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    brokers: Brokers
    writer_of: Callable[[], TransactionalWriter]
    state_of: Callable[[], WholeState]
    offsets: OffsetReader
    observer: Observer
    threads: Executor
    batch_records: int
