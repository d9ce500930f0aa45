"""Counts records and their outcomes by stage and partition: read = ok + dropped + retried + dead when idle."""

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
    """Read, but released without an outcome when the partition was revoked; its next owner reads it again."""
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
        """Records read that have no outcome yet; 0 whenever the worker is idle."""
        return self.read - self.settled

    def add(self, other: Account) -> None:
        self.taken += other.taken
        self.abandoned += other.abandoned
        self.ok += other.ok
        self.dropped += other.dropped
        self.retried += other.retried
        self.dead += other.dead
        self.reasons.update(other.reasons)


class Accounts(Observer):
    """`by_partition` maps a stage and a partition to their account."""

    def __init__(self) -> None:
        self.by_partition: dict[tuple[str, TopicPartition], Account] = {}

    def _of(self, stage: str, record: Record) -> Account:
        key = (stage, TopicPartition(record.topic, record.partition))
        account = self.by_partition.get(key)
        if account is None:
            account = self.by_partition[key] = Account()
        return account

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
        """The sum over all partitions of a stage."""
        whole = Account()
        for (of, _), account in self.by_partition.items():
            if of == stage:
                whole.add(account)
        return whole
