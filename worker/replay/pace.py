"""How fast a replay may go: a rate in records, and a share of the machine."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from worker.agents import extract_batch

__all__ = ["Pace", "Share", "load"]


class Pace:
    """At most `rate` records a second over any longer time; None: as fast as it goes."""

    def __init__(self, rate: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self._clock = rate, clock
        self._free_at = clock()

    def take(self, records: int) -> None:
        """So many begin now. Time that passed unused is not saved up."""
        if self.rate is not None:
            self._free_at = max(self._free_at, self._clock()) + records / self.rate

    @property
    def wait_s(self) -> float:
        """Seconds until more may begin."""
        return 0.0 if self.rate is None else max(0.0, self._free_at - self._clock())


@dataclass(frozen=True, slots=True)
class Share:
    """Processes, and the part of the time that each may work: together `share` of the machine's cores.

    Below 1 the processes also run at the idle priority of the system, so that they get what the live worker leaves.
    """

    processes: int
    duty: float
    idle: bool

    @classmethod
    def of(cls, share: float, cores: int, processes: int = 0) -> Share:
        """`processes` 0: as many as the share asks for. Raises ValueError: the share is not above 0 and up to 1."""
        if not 0 < share <= 1:
            raise ValueError(f"replay_share = {share:g}: expected a part of the machine, above 0 and up to 1")
        wanted = share * cores
        count = processes or max(1, math.ceil(wanted - 1e-9))
        return cls(count, 1.0 if share >= 1 else min(1.0, wanted / count), share < 1)


def load(*, duty: float, idle: bool, **options: Any) -> Any:
    """The live worker's function for batches of records, in a process that keeps to its share."""
    if idle:
        be_last()
    work = extract_batch.load(**options)
    if duty >= 1:
        return work

    def paced(records: Sequence[Any]) -> Any:
        begun = time.monotonic()
        outcomes = work(records)
        time.sleep((time.monotonic() - begun) * (1 - duty) / duty)
        return outcomes

    return paced


def be_last() -> None:
    """Only when nothing else wants the processor; where the system has no such thing, with the lowest priority."""
    os.nice(19)
    if hasattr(os, "SCHED_IDLE"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
