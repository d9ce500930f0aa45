"""How far each replay is, for who watches: the worker's page, `claimwire replay --list`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from worker.replay.assembly import group_of, registry_of
from worker.replay.counts import Counts
from worker.replay.plan import Plan
from worker.replay.registry import Notes
from worker.replay.run import overall
from worker.settings import Settings

__all__ = ["Progress", "Standing", "progress_of"]


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` and `total` are offsets of a topic, or records of archives, whose total is known at the end only."""

    done: int
    total: int | None
    counts: Counts
    finished: bool
    paused: bool

    @property
    def words(self) -> str:
        if self.finished:
            return "done"
        told = f"{100 * self.done / self.total:.1f} %" if self.total else f"{self.done:,} records read"
        return f"{told}, paused" if self.paused else told


async def progress_of(settings: Settings, plan: Plan, notes: Notes) -> Progress:
    """As committed by whoever takes part in it. Raises KafkaError."""
    if plan.window is None:
        place = notes.place or {"position": 0, "note": ""}
        counts = Counts.from_note(str(place["note"]), plan.id) or Counts()
        finished = notes.finished_by is not None
        return Progress(int(place["position"]), None, counts, finished, notes.paused)
    positions, counts = await overall(settings.brokers, group_of(settings, plan.name), plan)
    done = sum(positions[p] - bounds.start for p, bounds in plan.window.bounds.items())
    return Progress(done, plan.window.width, counts, done >= plan.window.width, notes.paused)


class Standing:
    """`look` reads the topic `replays` and what the replays' groups have committed; their work is not touched."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._before: dict[str, tuple[float, int]] = {}

    async def look(self) -> list[dict[str, Any]]:
        """Newest first: {name, state, done, total, claims, errors, remaining_s}; what is not known is None.

        Raises:
            KafkaError: the brokers do not answer.
        """
        found = [(notes.plan, notes) for notes in (await registry_of(self._settings).all()).values() if notes.plan]
        found.sort(key=lambda each: each[0].created_at, reverse=True)
        return [await self._one(plan, notes) for plan, notes in found]

    async def _one(self, plan: Plan, notes: Notes) -> dict[str, Any]:
        at = await progress_of(self._settings, plan, notes)
        return {
            "name": plan.name,
            "state": "done" if at.finished else "paused" if at.paused else "running",
            "done": at.done,
            "total": at.total,
            "claims": at.counts.claims,
            "errors": at.counts.dead,
            "remaining_s": None if at.finished or at.total is None else self._remaining(plan.id, at.done, at.total),
        }

    def _remaining(self, replay: str, done: int, width: int) -> float | None:
        """At the pace since the last look; None while nothing moves."""
        now = time.monotonic()
        at, before = self._before.get(replay, (now, done))
        self._before[replay] = (now, done)
        return (width - done) / ((done - before) / (now - at)) if done > before and now > at else None
