"""Events of the streaming side, one method per event. Metrics, health, tracing and tests listen.

Every method is called in the event loop, must return at once and must not raise: it sees what happens and changes
none of it. `stage` is the name of the consumer: "ingest", "lifecycle", "retry", "link".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from aiokafka import TopicPartition

from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["SILENT", "ChildEnd", "Observer", "Pause"]


class Pause(StrEnum):
    """Why a consumer fetches nothing. Several reasons can hold at once; each is reported and lifted on its own."""

    BUDGET = "budget"
    OUTPUT_FAILING = "output_failing"
    BREAKER = "breaker"


class ChildEnd(StrEnum):
    """Why a process of the pool was replaced."""

    DIED = "died"
    TIMED_OUT = "timed_out"
    MEMORY = "memory"


class Observer:
    """Listens and does nothing. Subclasses override the events that they want; `Observers` forwards each of them."""

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        """Called after a rebalance with all assigned partitions, including those kept. `generation` counts rebalances
        within one membership of the group.
        """

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        """The partitions were drained, committed and released. `undrained`: records released without an outcome, which
        the next owner reads again.
        """

    def waiting(self, stage: str, reason: str | None) -> None:
        """Before it can begin, the stage waits for something, in words for an operator; None: for nothing any more."""

    def loading(self, what: str | None) -> None:
        """The work cannot begin before its processes have loaded `what`, in words; None: they have."""

    def record_taken(self, stage: str, record: Record) -> None:
        """A record was read; from now on it is owed an outcome."""

    def batch_started(self, stage: str, records: Sequence[Record]) -> None:
        """A batch was handed to the work. The pool may still let it wait for a free process."""

    def batch_finished(self, stage: str, records: Sequence[Record], seconds: float) -> None:
        """The work returned the outcomes of a batch, `seconds` after `batch_started`."""

    def published(self, topic: str, records: int, size: int, seconds: float) -> None:
        """The broker acknowledged outputs of `size` bytes in total, `seconds` after they were queued."""

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        """The broker acknowledged the record's outcome. `outcome.about` holds measurements of the work on it."""

    def abandoned(self, stage: str, record: Record) -> None:
        """A record that was taken is released without an outcome, because its partition was revoked. The next owner
        of the partition reads it again.
        """

    def committed(self, stage: str, partition: TopicPartition, offset: int) -> None:
        """`offset` is the first one to be read after a crash."""

    def lag(self, stage: str, partition: TopicPartition, records: int) -> None:
        """Records between the committed offset and the partition's end, as Kafka last reported it."""

    def state_size(self, stage: str, partition: TopicPartition, keys: int, size: int) -> None:
        """How many keys of a partition have a state, and the bytes of its file."""

    def paused(self, stage: str, why: Pause, detail: str) -> None:
        """A reason to pause began; `detail` describes it to an operator."""

    def resumed(self, stage: str, why: Pause, seconds: float) -> None:
        """A reason to pause ended after `seconds`. Others may still hold."""

    def output_failing(self, topic: str, since: float, error: str) -> None:
        """An output was refused or is late and is sent again; called at each attempt. `since`: time.monotonic()."""

    def output_mended(self, topic: str, seconds: float) -> None:
        """The broker accepts outputs again, after `seconds`."""

    def child_restarted(self, why: ChildEnd, detail: str) -> None:
        """A process of the pool was replaced."""

    def child_moved(self) -> None:
        """A process of the pool has the result of an item, and goes on to the next one of its batch."""

    def child_memory(self, pid: int, size: int) -> None:
        """Resident bytes of a process of the pool, reported after each batch."""

    def offset_lost(self, stage: str, partition: TopicPartition, wanted: int, earliest: int) -> None:
        """Retention removed records before they were read: at most `earliest - wanted` of them."""

    def stalled(self, seconds: float) -> None:
        """The watchdog saw lag and no progress for `seconds`."""


SILENT = Observer()
