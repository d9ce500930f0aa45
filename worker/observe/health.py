"""Is the worker alive, and can it do its work now: each answer with its reason."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from aiokafka import TopicPartition

from worker.streaming.observer import Observer, Pause
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

    checks: tuple[Check, ...] = field(default_factory=tuple)

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)

    @property
    def reason(self) -> str:
        return next((check.reason for check in self.checks if not check.ok), self.checks[0].reason)

    def as_json(self) -> dict[str, Any]:
        return {"ok": self.ok, "reason": self.reason, "checks": [asdict(check) for check in self.checks]}


class Health(Observer):
    """Listens for what tells of progress and of trouble.

    Live: records are being settled, or there are none to settle, or it is known what they wait for (Kafka takes no
    output, the breaker has opened): a restart would mend none of these. Only work that is begun and not settled
    within `stalled_after_s`, or the watchdog's word, makes it false.
    Ready: the processes have loaded, partitions are assigned, the broker answers and takes outputs.
    """

    def __init__(self, *, stalled_after_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._stalled_after, self._clock = stalled_after_s, clock
        self._unsettled = 0
        self._progress_at = clock()
        self._assigned: dict[str, set[TopicPartition]] = {}
        self._paused: dict[Pause, str] = {}
        self._failing: dict[str, tuple[float, str]] = {}
        self._stall: str | None = None
        self.loaded = False
        """Set by who starts the pool, once its processes have their models."""
        self.broker_silent: Callable[[], tuple[float, str] | None] = lambda: None
        """Since when (monotonic) and how the broker has failed to answer; None when it answers."""

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        self._assigned.setdefault(stage, set()).update(partitions)
        self._progress()

    def revoked(self, stage: str, partitions: Iterable[TopicPartition], undrained: int) -> None:
        self._assigned.setdefault(stage, set()).difference_update(partitions)

    def record_taken(self, stage: str, record: Record) -> None:
        if not self._unsettled:
            self._progress()  # time without work is no lack of progress
        self._unsettled += 1

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        self._unsettled -= 1
        self._progress()

    def abandoned(self, stage: str, record: Record) -> None:
        self._unsettled -= 1
        self._progress()

    def paused(self, stage: str, why: Pause, detail: str) -> None:
        self._paused[why] = detail

    def resumed(self, stage: str, why: Pause, seconds: float) -> None:
        self._paused.pop(why, None)
        self._progress()

    def output_failing(self, topic: str, since: float, error: str) -> None:
        self._failing[topic] = (since, error)

    def output_mended(self, topic: str, seconds: float) -> None:
        self._failing.pop(topic, None)
        self._progress()

    def stalled(self, seconds: float) -> None:
        self._stall = f"the watchdog saw lag and no progress for {seconds:.0f}s"

    def _progress(self) -> None:
        self._progress_at = self._clock()
        self._stall = None

    @property
    def waits_for(self) -> str | None:
        """What holds the records up, where that is known and no fault of this process."""
        if self._failing:
            topic, (since, error) = next(iter(self._failing.items()))
            return f"Kafka has not taken outputs for {topic} for {self._clock() - since:.0f}s: {error}"
        silent = self.broker_silent()
        if silent is not None:
            return f"Kafka has not answered for {self._clock() - silent[0]:.0f}s: {silent[1]}"
        if Pause.BREAKER in self._paused:
            return f"the breaker is open: {self._paused[Pause.BREAKER]}"
        return None

    def live(self) -> Verdict:
        waits = self.waits_for
        still = self._clock() - self._progress_at
        if waits is not None:
            check = Check("progress", ok=True, reason=f"waiting: {waits}")
        elif self._stall is not None:
            check = Check("progress", ok=False, reason=self._stall)
        elif self._unsettled and still > self._stalled_after:
            check = Check(
                "progress",
                ok=False,
                reason=f"{self._unsettled} records are begun and none was settled for {still:.0f}s "
                f"(the bound: {self._stalled_after:g}s)",
            )
        elif self._unsettled:
            check = Check("progress", ok=True, reason=f"working on {self._unsettled} records")
        else:
            check = Check("progress", ok=True, reason="idle: every record read is settled")
        return Verdict((check,))

    def ready(self) -> Verdict:
        checks = [
            Check(
                "loaded",
                ok=self.loaded,
                reason="the extraction processes have loaded"
                if self.loaded
                else "the extraction processes are loading",
            ),
            self._assignment(),
        ]
        silent = self.broker_silent()
        if silent is None:
            checks.append(Check("broker", ok=True, reason="Kafka answers"))
        else:
            since, error = silent
            checks.append(
                Check("broker", ok=False, reason=f"Kafka has not answered for {self._clock() - since:.0f}s: {error}")
            )
        if self._failing:
            topic, (since, error) = next(iter(self._failing.items()))
            reason = f"Kafka has not taken outputs for {topic} for {self._clock() - since:.0f}s: {error}"
            checks.append(Check("outputs", ok=False, reason=reason))
        else:
            checks.append(Check("outputs", ok=True, reason="Kafka takes outputs"))
        opened = self._paused.get(Pause.BREAKER)
        if opened is not None:
            checks.append(Check("breaker", ok=False, reason=f"the breaker is open: {opened}"))
        return Verdict(tuple(checks))

    def _assignment(self) -> Check:
        if "ingest" not in self._assigned:
            return Check("assigned", ok=False, reason="no partitions are assigned yet")
        count = len(self._assigned["ingest"])
        if not count:
            # more workers than partitions: it stands by, and that is what it should do
            return Check("assigned", ok=True, reason="no partition is left for this worker; it stands by")
        return Check("assigned", ok=True, reason=f"{count} partitions are assigned")
