"""Lists, pauses and deletes replays."""

from __future__ import annotations

from aiokafka.admin import AIOKafkaAdminClient

from worker.contract.topics import Topics
from worker.replay.execution.assembly import registry_of
from worker.replay.manage.status import progress_of
from worker.replay.plan.plan import PlanError, ReplayPlan, Target, side_topics
from worker.replay.plan.registry import RegistryEntry
from worker.settings import Settings
from worker.streaming.access.client_options import client_options
from worker.streaming.topics.admin import existing_topics

__all__ = ["delete", "list_replays", "set_paused", "unfinished"]


async def list_replays(settings: Settings) -> list[str]:
    """A line for each replay in the topic `replays`."""
    lines = []
    for name, entry in sorted((await registry_of(settings).all()).items()):
        plan = entry.plan
        if plan is not None:
            progress = await progress_of(settings, plan, entry)
            so_far = f"{progress.words}, {progress.counts.read:,} records, {progress.counts.claims:,} claims"
            lines.append(f"{name:24} {so_far:48} {plan.target:9} {plan.pipeline}  {plan.created_at}")
    return lines or ["No replays."]


async def unfinished(settings: Settings, plan: ReplayPlan, entry: RegistryEntry) -> str | None:
    """The progress of an unfinished replay, in words; None for a finished one."""
    progress = await progress_of(settings, plan, entry)
    return None if progress.finished else progress.words


async def set_paused(settings: Settings, name: str, *, paused: bool) -> str:
    """Raises PlanError: there is no such replay."""
    registry = registry_of(settings)
    await _known(settings, name)
    await registry.write(name, "control", {"paused": paused})
    return f"{name} {'pauses' if paused else 'goes on'}: its processes see it within some seconds"


async def delete(settings: Settings, name: str) -> str:
    """Deletes topics and plan. The consumer group expires by itself; a later replay ignores its offsets.

    Raises:
        PlanError: there is no such replay.
    """
    plan = await _known(settings, name)
    topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, name, plan.target)
    own = (
        [topics.dead]
        if plan.target is not Target.TOPIC
        else [topics.claims, topics.extracted, topics.live, topics.dead]
    )
    existing = await existing_topics(settings.kafka, own)
    gone = [topic for topic in own if topic in existing]
    await registry_of(settings).forget(name)
    if gone:
        admin = AIOKafkaAdminClient(**client_options(settings.kafka))
        await admin.start()
        try:
            await admin.delete_topics(gone)
        finally:
            await admin.close()
    return f"{name} is removed: {', '.join(gone) or 'it had no topics'}"


async def _known(settings: Settings, name: str) -> ReplayPlan:
    entry = (await registry_of(settings).all()).get(name)
    if entry is None or entry.plan is None:
        raise PlanError(f"there is no replay {name}; `claimwire replay --list` tells which there are")
    return entry.plan
