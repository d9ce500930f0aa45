"""All replays and how far they are, for who watches: the worker's web page, `claimwire replay --list`."""

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

__all__ = ["Overview", "Standing", "standing_of"]


@dataclass(frozen=True, slots=True)
class Standing:
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


async def standing_of(settings: Settings, plan: Plan, notes: Notes) -> Standing:
    """As committed by whoever takes part in it. Raises KafkaError."""
    if plan.window is None:
        place = notes.place or {"position": 0, "note": ""}
        counts = Counts.from_note(str(place["note"]), plan.id) or Counts()
        finished = notes.finished_by is not None
        return Standing(int(place["position"]), None, counts, finished, notes.paused)
    positions, counts = await overall(settings.brokers, group_of(settings, plan.name), plan)
    done = sum(positions[p] - bounds.start for p, bounds in plan.window.bounds.items())
    return Standing(done, plan.window.width, counts, done >= plan.window.width, notes.paused)


class Overview:
    """Called now and then: `remaining_s` comes from what has moved since the call before."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._before: dict[str, tuple[float, int]] = {}

    async def __call__(self) -> list[dict[str, Any]]:
        """Newest first: name, state, total, done, claims, errors, remaining_s (None: not known). Raises KafkaError."""
        notes = await registry_of(self._settings).all()
        newest = sorted(
            ((n.plan, n) for n in notes.values() if n.plan), key=lambda pair: pair[0].created_at, reverse=True
        )
        now = time.monotonic()
        rows = []
        for plan, each in newest:
            standing = await standing_of(self._settings, plan, each)
            then, before = self._before.get(plan.id, (now, standing.done))
            self._before[plan.id] = (now, standing.done)
            rate = (standing.done - before) / (now - then) if now > then else 0.0
            remaining = (standing.total - standing.done) / rate if standing.total and rate > 0 else None
            rows.append(
                {
                    "name": plan.name,
                    "state": standing.words,
                    "total": standing.total,
                    "done": standing.done,
                    "claims": standing.counts.claims,
                    "errors": standing.counts.dead,
                    "remaining_s": remaining,
                }
            )
        return rows
