"""Replays from outside: which there are, pausing them, removing them."""

from __future__ import annotations

from aiokafka.admin import AIOKafkaAdminClient

from worker.contract.topics import Topics
from worker.replay.assembly import registry_of
from worker.replay.plan import Plan, PlanError, Target, side_topics
from worker.replay.registry import Notes
from worker.replay.standing import progress_of
from worker.settings import Settings
from worker.streaming.topic_admin import existing_topics

__all__ = ["delete", "list_replays", "set_paused", "unfinished"]


async def list_replays(settings: Settings) -> list[str]:
    """A line for each replay that the topic `replays` knows."""
    lines = []
    for name, notes in sorted((await registry_of(settings).all()).items()):
        plan = notes.plan
        if plan is not None:
            standing = await progress_of(settings, plan, notes)
            told = f"{standing.words}, {standing.counts.read:,} records, {standing.counts.claims:,} claims"
            lines.append(f"{name:24} {told:48} {plan.target:9} {plan.pipeline}  {plan.created_at}")
    return lines or ["No replays."]


async def unfinished(settings: Settings, plan: Plan, notes: Notes) -> str | None:
    """How far a replay is that is not done; None for one that is."""
    standing = await progress_of(settings, plan, notes)
    return None if standing.finished else standing.words


async def set_paused(settings: Settings, name: str, *, paused: bool) -> str:
    """Raises PlanError: there is no such replay."""
    registry = registry_of(settings)
    await _known(settings, name)
    await registry.write(name, "control", {"paused": paused})
    return f"{name} {'pauses' if paused else 'goes on'}: its processes see it within some seconds"


async def delete(settings: Settings, name: str) -> str:
    """Topics and plan; the consumer group expires by itself, and its offsets count for no later replay.

    Raises:
        PlanError: there is no such replay.
    """
    plan = await _known(settings, name)
    topics = side_topics(Topics.with_prefix(settings.topic_prefix), settings.topic_prefix, name, plan.target)
    there = await existing_topics(settings.brokers)
    own = (
        [topics.dead]
        if plan.target is not Target.TOPIC
        else [topics.claims, topics.extracted, topics.live, topics.dead]
    )
    gone = [topic for topic in own if topic in there]
    await registry_of(settings).forget(name)
    if gone:
        admin = AIOKafkaAdminClient(bootstrap_servers=settings.brokers)
        await admin.start()
        try:
            await admin.delete_topics(gone)
        finally:
            await admin.close()
    return f"{name} is removed: {', '.join(gone) or 'it had no topics'}"


async def _known(settings: Settings, name: str) -> Plan:
    notes = (await registry_of(settings).all()).get(name)
    if notes is None or notes.plan is None:
        raise PlanError(f"there is no replay {name}; `claimwire replay --list` tells which there are")
    return notes.plan
