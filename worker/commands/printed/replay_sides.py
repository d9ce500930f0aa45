"""The two sides of a comparison, found by their names: a replay, and the live claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from worker.commands.printed.printing import print_line

if TYPE_CHECKING:
    from worker.replay.diff.sides import Side, TopicSide
    from worker.settings import Settings

__all__ = ["live_side", "replay_side"]


async def live_side(settings: Settings) -> TopicSide:
    from worker.contract.topics import Topics
    from worker.replay.diff.sides import TopicSide

    topics = Topics.with_prefix(settings.topic_prefix)
    return await TopicSide.fixed("live", settings.kafka, topics, _passed_by, passed=False)


async def replay_side(settings: Settings, name: str, *, files: Path | None = None, unfinished: bool = False) -> Side:
    """The replay `name`, looked for in the folder `files` first. `unfinished`: also one that is not done.

    Raises:
        PlanError: there is no such replay, it is not done, or it wrote in place.
    """
    from worker.contract.topics import Topics
    from worker.replay.diff.sides import FileSide, TopicSide
    from worker.replay.execution.assembly import registry_of
    from worker.replay.manage.control import unfinished as how_far
    from worker.replay.plan.plan import PlanError, Target, side_topics

    folder = files if files and (files / name).is_dir() else None
    notes = (await registry_of(settings, folder=folder).all()).get(name)
    if folder and (notes is None or notes.plan is None):
        return FileSide(name, folder / name, _passed_by)  # a replay of a topic into files has its plan in Kafka
    if notes is None or notes.plan is None:
        raise PlanError(f"there is no replay {name}; `claimwire replay --list` shows which there are")
    plan = notes.plan
    left = await how_far(settings, plan, notes)
    if left and not unfinished:
        raise PlanError(f"the replay {name} is not done ({left}); --unfinished compares it as it is")
    title = f"{name} ({plan.pipeline})"
    match plan.target:
        case Target.IN_PLACE:
            raise PlanError(f"the replay {name} wrote in place: there is nothing beside the live claims to compare")
        case Target.FILES:
            return FileSide(title, Path(str(plan.folder)) / name, _passed_by)
        case Target.TOPIC:
            topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, name, plan.target)
            return await TopicSide.fixed(title, settings.kafka, topics, _passed_by, passed=True)


def _passed_by(place: str, why: str) -> None:
    print_line(f"PASSED BY {place}: {why}", err=True)
