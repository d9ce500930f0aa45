"""Limits what a replay takes of the machine: a share of its cores."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from worker.stages import extract as extract_batch
from worker.streaming.outcome import Outcome
from worker.streaming.record import Record

__all__ = ["Share", "load"]


@dataclass(frozen=True, slots=True)
class Share:
    """A number of processes, and the part of the time that each may work (`duty`, up to 1).

    With a share below 1 they also run at the system's idle priority (`idle`), so the live worker goes first.
    """

    processes: int
    duty: float
    idle: bool

    @classmethod
    def of(cls, share: float, cores: int, processes: int = 0) -> Share:
        """The processes that together take `share` of the cores. `processes` 0: as few as can take it.

        Raises:
            ValueError: the share is not above 0 and up to 1.
        """
        if not 0 < share <= 1:
            raise ValueError(f"replay_share = {share:g}: expected a part of the machine, above 0 and up to 1")
        wanted = share * cores
        count = processes or max(1, math.ceil(wanted - 1e-9))
        return cls(count, 1.0 if share >= 1 else min(1.0, wanted / count), share < 1)


def load(*, duty: float, idle: bool, **options: Any) -> Callable[[Sequence[Record]], Iterator[Outcome]]:
    """The live worker's function for batches of records, slowed down to its share. Runs in a process of the pool."""
    if idle:
        run_at_idle_priority()
    work = extract_batch.load(**options)
    if duty >= 1:
        return work

    def paced(records: Sequence[Record]) -> Iterator[Outcome]:
        begun = time.monotonic()
        for outcome in work(records):
            time.sleep((time.monotonic() - begun) * (1 - duty) / duty)
            yield outcome
            begun = time.monotonic()

    return paced


def run_at_idle_priority() -> None:
    """Runs only when nothing else wants the processor; on systems without that, at the lowest priority."""
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
