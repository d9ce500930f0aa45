"""What was read and what became of it, for each stage and partition: read = ok + dropped + retried + dead when idle."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from aiokafka import TopicPartition

from worker.streaming.observer import Observer
from worker.streaming.outcome import Dead, Drop, Ok, Outcome, Retry
from worker.streaming.record import Record

__all__ = ["Account", "Accounts"]


@dataclass(slots=True)
class Account:
    """Counts of records; all of them only grow."""

    taken: int = 0
    abandoned: int = 0
    """Taken, and let go of unsettled when the partition left: no outcome here, whoever owns it now reads it again."""
    ok: int = 0
    dropped: int = 0
    retried: int = 0
    dead: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """`dropped.language`, `dead.not_json`, `retried.memory`, ..."""

    @property
    def read(self) -> int:
        return self.taken - self.abandoned

    @property
    def settled(self) -> int:
        return self.ok + self.dropped + self.retried + self.dead

    @property
    def in_flight(self) -> int:
        """Read and without an outcome yet; 0 when the worker is idle, whatever happened before."""
        return self.read - self.settled

    def add(self, other: Account) -> None:
        for name in ("taken", "abandoned", "ok", "dropped", "retried", "dead"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.reasons.update(other.reasons)


class Accounts(Observer):
    def __init__(self) -> None:
        self.by_partition: dict[tuple[str, TopicPartition], Account] = {}

    def _of(self, stage: str, record: Record) -> Account:
        key = (stage, TopicPartition(record.topic, record.partition))
        found = self.by_partition.get(key)
        if found is None:
            found = self.by_partition[key] = Account()
        return found

    def record_taken(self, stage: str, record: Record) -> None:
        self._of(stage, record).taken += 1

    def abandoned(self, stage: str, record: Record) -> None:
        self._of(stage, record).abandoned += 1

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        account = self._of(stage, record)
        match outcome:
            case Ok():
                account.ok += 1
            case Drop(reason):
                account.dropped += 1
                account.reasons[f"dropped.{reason}"] += 1
            case Retry(reason):
                account.retried += 1
                account.reasons[f"retried.{reason}"] += 1
            case Dead(reason):
                account.dead += 1
                account.reasons[f"dead.{reason}"] += 1

    def total(self, stage: str) -> Account:
        """Over all partitions of a stage."""
        whole = Account()
        for (of, _), account in self.by_partition.items():
            if of == stage:
                whole.add(account)
        return whole
