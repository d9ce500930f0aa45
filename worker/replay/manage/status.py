"""The progress of each replay, for the worker's page and for `claimwire replay --list`."""

from __future__ import annotations

import time
from dataclasses import dataclass

from worker.consumer_groups import replay_group
from worker.replay.execution.assembly import registry_of
from worker.replay.execution.checkpoints import overall
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import ReplayPlan
from worker.replay.plan.registry import ArchivePlace, RegistryEntry
from worker.settings import Settings

__all__ = ["ReplayProgress", "ReplayStatus", "progress_of"]


@dataclass(frozen=True, slots=True)
class ReplayProgress:
    """`done` and `total` count offsets of a topic, or records of archives, whose total is never known (None)."""

    done: int
    total: int | None
    counts: ReplayCounts
    finished: bool
    paused: bool

    @property
    def words(self) -> str:
        if self.finished:
            return "done"
        so_far = f"{100 * self.done / self.total:.1f} %" if self.total else f"{self.done:,} records read"
        return f"{so_far}, paused" if self.paused else so_far


async def progress_of(settings: Settings, plan: ReplayPlan, entry: RegistryEntry) -> ReplayProgress:
    """The progress as committed by all processes of the replay.

    Raises:
        KafkaError: the brokers do not answer.
    """
    if plan.window is None:
        place = entry.place or ArchivePlace(position=0, note="")
        counts = ReplayCounts.from_note(str(place["note"]), plan.id) or ReplayCounts()
        finished = entry.finished_by is not None
        return ReplayProgress(int(place["position"]), None, counts, finished, entry.paused)
    positions, counts = await overall(settings.kafka, replay_group(settings.installation, plan.name), plan)
    done = sum(positions[p] - bounds.start for p, bounds in plan.window.bounds.items())
    return ReplayProgress(done, plan.window.width, counts, done >= plan.window.width, entry.paused)


class ReplayStatus:
    """`look` reads the topic `replays` and the commits of the replays' groups. It joins no group and writes nothing."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._last_looks: dict[str, tuple[float, int]] = {}

    async def look(self) -> list[dict[str, object]]:
        """Newest first: {name, state, done, total, claims, errors, remaining_s}; what is not known is None.

        Raises:
            KafkaError: the brokers do not answer.
        """
        entries = (await registry_of(self._settings).all()).values()
        replays = [(entry.plan, entry) for entry in entries if entry.plan]
        replays.sort(key=lambda replay: replay[0].created_at, reverse=True)
        return [await self._row(plan, entry) for plan, entry in replays]

    async def _row(self, plan: ReplayPlan, entry: RegistryEntry) -> dict[str, object]:
        progress = await progress_of(self._settings, plan, entry)
        total = None if progress.finished else progress.total
        return {
            "name": plan.name,
            "state": "done" if progress.finished else "paused" if progress.paused else "running",
            "done": progress.done,
            "total": progress.total,
            "claims": progress.counts.claims,
            "errors": progress.counts.dead,
            "remaining_s": None if total is None else self._remaining_s(plan.id, progress.done, total),
        }

    def _remaining_s(self, replay_id: str, done: int, total: int) -> float | None:
        """At the speed since the last look; None while nothing moves."""
        now = time.monotonic()
        looked_at, done_then = self._last_looks.get(replay_id, (now, done))
        self._last_looks[replay_id] = (now, done)
        if done <= done_then or now <= looked_at:
            return None
        return (total - done) / ((done - done_then) / (now - looked_at))
