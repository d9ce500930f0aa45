"""Is the worker alive, and can it do its work now: each answer with its reason. What /health serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from aiokafka import TopicPartition

from worker.streaming.condition import Condition
from worker.streaming.observer import Observer
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["Check", "Health", "Verdict"]


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Holds when every check does; `reason` is that of the first which does not, else that of the first."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def reason(self) -> str:
        return next((check.reason for check in self.checks if not check.ok), self.checks[0].reason)

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, "reason": self.reason, "checks": [asdict(check) for check in self.checks]}


class Health(Observer):
    """Puts what `Condition` knows into an answer, with what the worker is at, and whether Kafka answers at all.

    Kafka that does not answer makes the worker not ready, also when there is nothing to publish by which it would be
    noticed; it stays live, for a restart would not mend it.
    """

    def __init__(self, condition: Condition, clock: Callable[[], float] = time.monotonic) -> None:
        self._condition, self._clock = condition, clock
        self._unsettled = 0
        self._assigned: set[TopicPartition] | None = None
        self.broker_silent: Callable[[], tuple[float, str] | None] = lambda: None
        """Since when (monotonic) and how Kafka has failed to answer; None when it answers."""

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        if stage == "ingest":
            self._assigned = (self._assigned or set()) | set(partitions)

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        if stage == "ingest":
            self._assigned = (self._assigned or set()) - set(partitions)

    def record_taken(self, stage: str, record: Record) -> None:
        self._unsettled += 1

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        self._unsettled -= 1

    def abandoned(self, stage: str, record: Record) -> None:
        self._unsettled -= 1

    def live(self) -> Verdict:
        stalled = self._condition.why_not_alive()
        if stalled is not None:
            return Verdict((Check("progress", ok=False, reason=stalled),))
        reason = f"working on {self._unsettled} records" if self._unsettled else "idle: every record read is settled"
        return Verdict((Check("progress", ok=True, reason=reason),))

    def ready(self) -> Verdict:
        return Verdict((self._assignment(), self._outputs(), self._broker()))

    def _assignment(self) -> Check:
        if self._assigned is None:
            # intake starts once the processes have their models
            return Check("assigned", ok=False, reason="loading the models, or waiting for Kafka to assign partitions")
        if not self._assigned:
            # more workers than partitions: it stands by, and that is what it should do
            return Check("assigned", ok=True, reason="no partition is left for this worker; it stands by")
        return Check("assigned", ok=True, reason=f"{len(self._assigned)} partitions are assigned")

    def _outputs(self) -> Check:
        reasons = self._condition.why_not_ready()
        return Check("work", ok=not reasons, reason="; ".join(reasons) or "it takes in, and Kafka takes its outputs")

    def _broker(self) -> Check:
        silent = self.broker_silent()
        if silent is None:
            return Check("broker", ok=True, reason="Kafka answers")
        since, error = silent
        return Check("broker", ok=False, reason=f"Kafka has not answered for {self._clock() - since:.0f}s: {error}")
