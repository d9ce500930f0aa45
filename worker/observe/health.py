"""The worker's liveness and readiness, each with its reasons, as /health serves them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from aiokafka import TopicPartition

from worker.streaming.observer import Observer
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record
from worker.streaming.watch.condition import Condition

__all__ = ["Check", "Health", "HealthReport"]


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    reason: str


@dataclass(frozen=True, slots=True)
class HealthReport:
    """`ok` when every check is. `reason` is that of the first check that failed, else that of the first check."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def reason(self) -> str:
        return next((check.reason for check in self.checks if not check.ok), self.checks[0].reason)

    def as_json(self) -> dict[str, object]:
        return {"ok": self.ok, "reason": self.reason, "checks": [asdict(check) for check in self.checks]}


class Health(Observer):
    """Reports the state of `Condition`, the number of records in work, and whether Kafka answers.

    While Kafka does not answer the worker is not ready, even if it has nothing to publish. It stays live, since a
    restart would not help. `broker_silent` returns since when (monotonic) and with which error Kafka has not answered,
    None while it answers.
    """

    def __init__(
        self,
        condition: Condition,
        broker_silent: Callable[[], tuple[float, str] | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._condition, self._broker_silent, self._clock = condition, broker_silent, clock
        self._unsettled = 0
        self._assigned: set[TopicPartition] | None = None

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

    def live(self) -> HealthReport:
        stalled = self._condition.why_not_alive()
        if stalled is not None:
            return HealthReport((Check("progress", ok=False, reason=stalled),))
        reason = f"working on {self._unsettled} records" if self._unsettled else "idle: every record read is settled"
        return HealthReport((Check("progress", ok=True, reason=reason),))

    def ready(self) -> HealthReport:
        return HealthReport((self._assignment(), self._outputs(), self._broker()))

    def _assignment(self) -> Check:
        if self._assigned is None:
            # intake starts after the extraction processes have loaded their models
            return Check("assigned", ok=False, reason="loading the models, or waiting for Kafka to assign partitions")
        if not self._assigned:
            # with more workers than partitions this is the normal state
            return Check("assigned", ok=True, reason="no partition is left for this worker; it stands by")
        return Check("assigned", ok=True, reason=f"{len(self._assigned)} partitions are assigned")

    def _outputs(self) -> Check:
        reasons = self._condition.why_not_ready()
        return Check("work", ok=not reasons, reason="; ".join(reasons) or "it takes in, and Kafka takes its outputs")

    def _broker(self) -> Check:
        silent = self._broker_silent()
        if silent is None:
            return Check("broker", ok=True, reason="Kafka answers")
        since, error = silent
        return Check("broker", ok=False, reason=f"Kafka has not answered for {self._clock() - since:.0f}s: {error}")
