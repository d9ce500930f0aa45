"""How far each replay is, for the worker's page."""

from __future__ import annotations

import time
from typing import Any

from worker.replay.assembly import group_of, registry_of
from worker.replay.plan import Plan
from worker.replay.registry import Notes
from worker.replay.run import overall
from worker.settings import Settings

__all__ = ["Standing"]


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
        if plan.window is None:
            report = notes.report is not None
            return {
                "name": plan.name,
                "state": "done" if report else "paused" if notes.paused else "running",
                "done": notes.place["position"] if notes.place else 0,
                "total": None,
                "claims": 0,
                "errors": 0,
                "remaining_s": None,
            }
        positions, counts = await overall(self._settings.brokers, group_of(self._settings, plan.name), plan)
        done = sum(positions[p] - bounds.start for p, bounds in plan.window.bounds.items())
        whole = done >= plan.window.width
        return {
            "name": plan.name,
            "state": "done" if whole else "paused" if notes.paused else "running",
            "done": done,
            "total": plan.window.width,
            "claims": counts.claims,
            "errors": counts.dead,
            "remaining_s": None if whole else self._remaining(plan.name, done, plan.window.width),
        }

    def _remaining(self, name: str, done: int, width: int) -> float | None:
        """At the pace since the last look; None while nothing moves."""
        now = time.monotonic()
        at, before = self._before.get(name, (now, done))
        self._before[name] = (now, done)
        return (width - done) / ((done - before) / (now - at)) if done > before and now > at else None
