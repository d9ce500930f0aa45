"""Whether the worker is ready, and whether it is alive: what a web server's probes ask. Kept up to date by listening."""

from __future__ import annotations

import time
from collections.abc import Iterable

from aiokafka import TopicPartition

from worker.streaming.observer import Observer, Pause
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["Condition"]


class Condition(Observer):
    """Ready: it has joined its groups and takes in. Alive: the watchdog saw it make progress.

    An output that fails or an open breaker makes it not ready and leaves it alive: a restart would not mend them.
    Memory that is full for a moment (`Pause.BUDGET`) is ordinary work and changes neither.
    """

    def __init__(self, stages: Iterable[str]) -> None:
        self._awaited = set(stages)
        self._failing: dict[str, tuple[float, str]] = {}
        self._paused: dict[tuple[str, Pause], str] = {}
        self._lost: str | None = None
        self._stalled_s: float | None = None

    def why_not_ready(self) -> list[str]:
        """Empty when ready; else each reason in words."""
        reasons = [f"{stage} has not joined its group yet" for stage in sorted(self._awaited)]
        now = time.monotonic()
        for topic, (since, error) in self._failing.items():
            reasons.append(f"{topic} takes no outputs since {now - since:.0f}s: {error}")
        reasons += [detail for (_, why), detail in self._paused.items() if why is Pause.BREAKER]
        if self._lost is not None:
            reasons.append(self._lost)
        return reasons

    def why_not_alive(self) -> str | None:
        """None when alive."""
        if self._stalled_s is None:
            return None
        return f"no progress for {self._stalled_s:.0f}s although there is lag; the log has the stacks"

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        self._awaited.discard(stage)

    def output_failing(self, topic: str, since: float, error: str) -> None:
        self._failing[topic] = (since, error)

    def output_mended(self, topic: str, seconds: float) -> None:
        self._failing.pop(topic, None)

    def paused(self, stage: str, why: Pause, detail: str) -> None:
        self._paused[stage, why] = detail

    def resumed(self, stage: str, why: Pause, seconds: float) -> None:
        self._paused.pop((stage, why), None)

    def offset_lost(self, stage: str, partition: TopicPartition, wanted: int, earliest: int) -> None:
        self._lost = f"{partition.topic}[{partition.partition}]@{wanted} is gone from Kafka, the earliest is {earliest}"

    def settled(self, stage: str, record: Record, outcome: Outcome) -> None:
        self._stalled_s = None
        self._lost = None

    def stalled(self, seconds: float) -> None:
        self._stalled_s = seconds
