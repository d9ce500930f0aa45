"""Readiness and liveness of the worker, for the probes of its web server. Kept up to date by observing."""

from __future__ import annotations

import time
from collections.abc import Iterable

from aiokafka import TopicPartition

from worker.streaming.observer import Observer, Pause
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["Condition"]


class Condition(Observer):
    """Ready: the worker has joined its groups and reads records. Alive: it makes progress, as far as the watchdog sees.

    Outputs that fail and an open breaker make it not ready but leave it alive, because a restart would not help. A full
    byte budget (`Pause.BUDGET`) is part of ordinary work and changes neither.
    """

    def __init__(self, stages: Iterable[str]) -> None:
        self._awaited = set(stages)
        self._waiting: dict[str, str] = {}
        self._loading: str | None = None
        self._failing: dict[str, tuple[float, str]] = {}
        self._paused: dict[tuple[str, Pause], str] = {}
        self._lost: str | None = None
        self._stalled_s: float | None = None

    def why_not_ready(self) -> list[str]:
        """Each reason in words; empty when the worker is ready."""
        reasons = [f"{stage} waits: {reason}" for stage, reason in sorted(self._waiting.items())]
        reasons += [
            f"{stage} has not joined its group yet" for stage in sorted(self._awaited) if stage not in self._waiting
        ]
        if self._loading is not None:
            reasons.append(f"still loading: {self._loading}")
        now = time.monotonic()
        for topic, (since, error) in self._failing.items():
            reasons.append(f"{topic} takes no outputs since {now - since:.0f}s: {error}")
        reasons += [detail for (_, why), detail in self._paused.items() if why is Pause.BREAKER]
        if self._lost is not None:
            reasons.append(self._lost)
        return reasons

    def why_not_alive(self) -> str | None:
        """The reason in words; None when the worker is alive."""
        if self._stalled_s is None:
            return None
        return f"no progress for {self._stalled_s:.0f}s although there is lag; the log has the stacks"

    def assigned(self, stage: str, partitions: Iterable[TopicPartition], generation: int) -> None:
        self._awaited.discard(stage)

    def waiting(self, stage: str, reason: str | None) -> None:
        if reason is None:
            self._waiting.pop(stage, None)
        else:
            self._waiting[stage] = reason

    def loading(self, what: str | None) -> None:
        self._loading = what

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
