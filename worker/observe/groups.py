"""Which consumer group reads which topic for which agent."""

from __future__ import annotations

from dataclasses import dataclass

from worker.contract.topics import Topics
from worker.settings import Settings

__all__ = ["Group", "groups_of"]


@dataclass(frozen=True, slots=True)
class Group:
    agent: str
    group: str
    topic: str


def groups_of(settings: Settings) -> list[Group]:
    topics = Topics.with_prefix(settings.topic_prefix)
    return [
        Group("ingest", f"{settings.app_id}-ingest", topics.raw),
        Group("retry", f"{settings.app_id}-retry", topics.retry),
        Group("lifecycle", settings.app_id, topics.extracted),
    ]
