"""What the streaming side tells of itself, one method a happening. Metrics, health, tracing and tests listen.

Every method is called in the event loop, must return at once and must not raise: it sees what happens and changes
nothing of it. `stage` is the name of who reads: "ingest", "lifecycle", "retry".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from aiokafka import TopicPartition

from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["SILENT", "ChildEnd", "Observer", "Observers", "Pause"]


class Pause(StrEnum):
    """Why intake takes nothing in. Several can hold at once; each is told and lifted by itself."""

    BUDGET = "budget"
    OUTPUT_FAILING = "output_failing"
    BREAKER = "breaker"


class ChildEnd(StrEnum):
    """Why a process of the pool was replaced."""

    DIED = "died"
    TIMED_OUT = "timed_out"
    MEMORY = "memory"


class Observer:
    """Listens and does nothing; overwrite what is wanted."""

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        """A rebalance gave these partitions; those that stayed are told again. `generation` counts rebalances here."""

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        """They were drained, committed and let go of. `undrained`: records begun that their next owner reads again."""

    def record_taken(self, stage: str, record: Record) -> None:
        """Read, and owed an outcome from now on."""

    def batch_started(self, stage: str, records: Sequence[Record]) -> None:
        """Handed to the work (the pool may still let it wait for a free process)."""

    def batch_finished(self, stage: str, records: Sequence[Record], seconds: float) -> None:
        """The work has answered; `seconds` since `batch_started`."""

    def published(self, topic: str, records: int, size: int, seconds: float) -> None:
        """The broker has acknowledged outputs of `size` bytes in all, `seconds` after they were queued."""

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        """Its outcome is acknowledged: Ok, Drop, Retry or Dead with its reason, and what `outcome.about` says."""

    def abandoned(self, stage: str, record: Record) -> None:
        """Taken, but its partition left before it was settled: whoever owns it now reads it again."""

    def committed(self, stage: str, partition: TopicPartition, offset: int) -> None:
        """`offset` is the next one to be read after a crash."""

    def lag(self, stage: str, partition: TopicPartition, records: int) -> None:
        """Records between the committed offset and the partition's end, as last known from a fetch."""

    def paused(self, stage: str, why: Pause, detail: str) -> None: ...

    def resumed(self, stage: str, why: Pause, seconds: float) -> None: ...

    def output_failing(self, topic: str, since: float, error: str) -> None:
        """A publish was refused or is late and is tried again; told at each attempt. `since`: time.monotonic()."""

    def output_mended(self, topic: str, seconds: float) -> None:
        """The broker takes outputs again, after `seconds`."""

    def child_restarted(self, why: ChildEnd, detail: str) -> None: ...

    def child_memory(self, pid: int, size: int) -> None:
        """Resident bytes of a process of the pool, at intervals."""

    def offset_lost(self, stage: str, partition: TopicPartition, wanted: int, earliest: int) -> None:
        """Retention has removed records that were not read yet: `earliest - wanted` of them at most."""

    def stalled(self, seconds: float) -> None:
        """The watchdog saw lag and no progress for so long."""


class Observers(Observer):
    """Passes everything on to several, in their order."""

    def __init__(self, *listeners: Observer) -> None:
        self.listeners = list(listeners)

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        for each in self.listeners:
            each.assigned(stage, partitions, generation)

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        for each in self.listeners:
            each.revoked(stage, partitions, undrained)

    def record_taken(self, stage: str, record: Record) -> None:
        for each in self.listeners:
            each.record_taken(stage, record)

    def batch_started(self, stage: str, records: Sequence[Record]) -> None:
        for each in self.listeners:
            each.batch_started(stage, records)

    def batch_finished(self, stage: str, records: Sequence[Record], seconds: float) -> None:
        for each in self.listeners:
            each.batch_finished(stage, records, seconds)

    def published(self, topic: str, records: int, size: int, seconds: float) -> None:
        for each in self.listeners:
            each.published(topic, records, size, seconds)

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        for each in self.listeners:
            each.settled(stage, record, outcome)

    def abandoned(self, stage: str, record: Record) -> None:
        for each in self.listeners:
            each.abandoned(stage, record)

    def committed(self, stage: str, partition: TopicPartition, offset: int) -> None:
        for each in self.listeners:
            each.committed(stage, partition, offset)

    def lag(self, stage: str, partition: TopicPartition, records: int) -> None:
        for each in self.listeners:
            each.lag(stage, partition, records)

    def paused(self, stage: str, why: Pause, detail: str) -> None:
        for each in self.listeners:
            each.paused(stage, why, detail)

    def resumed(self, stage: str, why: Pause, seconds: float) -> None:
        for each in self.listeners:
            each.resumed(stage, why, seconds)

    def output_failing(self, topic: str, since: float, error: str) -> None:
        for each in self.listeners:
            each.output_failing(topic, since, error)

    def output_mended(self, topic: str, seconds: float) -> None:
        for each in self.listeners:
            each.output_mended(topic, seconds)

    def child_restarted(self, why: ChildEnd, detail: str) -> None:
        for each in self.listeners:
            each.child_restarted(why, detail)

    def child_memory(self, pid: int, size: int) -> None:
        for each in self.listeners:
            each.child_memory(pid, size)

    def offset_lost(self, stage: str, partition: TopicPartition, wanted: int, earliest: int) -> None:
        for each in self.listeners:
            each.offset_lost(stage, partition, wanted, earliest)

    def stalled(self, seconds: float) -> None:
        for each in self.listeners:
            each.stalled(seconds)


SILENT = Observer()
