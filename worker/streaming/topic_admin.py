"""What topics should exist, what does, and creating what is missing."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import for_code

from worker.contract.topics import TopicSpec

__all__ = ["TopicError", "create_missing", "existing_topics"]

_ALREADY_EXISTS = 36


class TopicError(Exception):
    """A topic could not be created."""


async def existing_topics(brokers: str) -> dict[str, int]:
    """The number of partitions of every topic that the cluster has."""
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        names = [name for name in await admin.list_topics() if not name.startswith("__")]
        described = await admin.describe_topics(names) if names else []
        return {topic["topic"]: len(topic["partitions"]) for topic in described}
    finally:
        await admin.close()


async def create_missing(brokers: str, specs: Iterable[TopicSpec], *, partitions: int, replication: int) -> list[str]:
    """Creates what is not there and leaves alone what is. Returns the names created. Raises TopicError."""
    there = await existing_topics(brokers)
    wanted = [spec for spec in specs if spec.name not in there]
    if not wanted:
        return []
    new = [NewTopic(s.name, there.get(s.like or "", partitions), 1, topic_configs=dict(s.config)) for s in wanted]
    for topic in new:
        topic.replication_factor = replication  # -1, the cluster's default, is refused by the constructor alone
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    try:
        answer = await admin.create_topics(new)
    finally:
        await admin.close()
    for name, code, *message in answer.topic_errors:
        if code not in (0, _ALREADY_EXISTS):
            detail = message[0] if message and message[0] else for_code(code).__name__
            raise TopicError(f"the topic {name} was not created: {detail}")
    return [spec.name for spec in wanted]
