"""The committed progress of a replay of a topic, as its consumer group has it: positions and counts by partition."""

from __future__ import annotations

from dataclasses import dataclass

from worker.brokers import Brokers
from worker.replay.plan.counts import ReplayCounts
from worker.replay.plan.plan import ReplayPlan
from worker.streaming.topics.shared_window import read_checkpoints

__all__ = ["GroupCheckpoints", "PartitionProgress", "overall"]


@dataclass(frozen=True, slots=True)
class PartitionProgress:
    """Everything below `position` is done and counted in `counts`."""

    position: int
    counts: ReplayCounts


class GroupCheckpoints:
    """Reads the commits of all processes of one replay. A replay of archives has no group, and no commits here."""

    def __init__(self, brokers: Brokers, group: str, plan: ReplayPlan) -> None:
        self._brokers, self._group, self._plan = brokers, group, plan

    async def read(self) -> dict[int, PartitionProgress]:
        """By partition, without commits of an earlier replay that had the same name.

        Raises:
            KafkaError: the group's coordinator does not answer.
        """
        window = self._plan.window
        if window is None:
            return {}
        progress = {}
        for partition, checkpoint in (await read_checkpoints(self._brokers, self._group, window.topic)).items():
            counts = ReplayCounts.from_note(checkpoint.note, self._plan.id)
            if counts is not None:
                progress[partition] = PartitionProgress(checkpoint.position, counts)
        return progress


async def overall(brokers: Brokers, group: str, plan: ReplayPlan) -> tuple[dict[int, int], ReplayCounts]:
    """Positions of all partitions of the window, and the counts of the whole replay, as committed.

    Raises:
        ValueError: the plan reads archives.
        KafkaError: the group's coordinator does not answer.
    """
    if plan.window is None:
        raise ValueError("a replay of archives has no group")
    positions, counts = {p: b.start for p, b in plan.window.bounds.items()}, ReplayCounts()
    for partition, progress in (await GroupCheckpoints(brokers, group, plan).read()).items():
        if partition in positions:
            positions[partition] = progress.position
            counts.add(progress.counts)
    return positions, counts
