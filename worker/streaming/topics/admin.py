"""Lists the topics that exist and creates those that are missing."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAuthorizationFailedError, for_code

from worker.brokers import Brokers
from worker.contract.topics import TopicSpec
from worker.streaming.access.client_options import client_options
from worker.streaming.topics.names import partitions_by_topic

__all__ = ["TopicError", "config_of", "create_missing", "existing_topics"]

_ALREADY_EXISTS = 36


class TopicError(Exception):
    """A topic could not be created."""


async def existing_topics(brokers: Brokers, names: Iterable[str]) -> dict[str, int]:
    """The number of partitions of those of the named topics that exist.

    Raises:
        TopicAuthorizationFailedError: the user may not see one of them.
        KafkaError: Kafka does not answer.
    """
    admin = AIOKafkaAdminClient(**client_options(brokers))
    await admin.start()
    try:
        found = await partitions_by_topic(admin._client, names)  # noqa: SLF001 - the client asks without the names' errors
        return {name: len(partitions) for name, partitions in found.items()}
    finally:
        await admin.close()


def config_of(spec: TopicSpec, replication: int) -> dict[str, str]:
    """The configuration that a new topic gets.

    With three copies or more two of them must have a record before it counts: Kafka's own default is one, and one
    broker that fails could then lose what it took.
    """
    return {**spec.config, **({"min.insync.replicas": "2"} if replication >= 3 else {})}


async def create_missing(
    brokers: Brokers, specs: Iterable[TopicSpec], *, partitions: int, replication: int
) -> list[str]:
    """Creates the topics that do not exist and returns their names.

    `replication`: copies; -1: as many as is the cluster's default. See `config_of` for what is set beside the
    specification.

    Raises:
        TopicError, KafkaError: Kafka refuses.
    """
    specs = list(specs)
    existing = await existing_topics(brokers, [name for s in specs for name in (s.name, s.like) if name])
    wanted = [spec for spec in specs if spec.name not in existing]
    if not wanted:
        return []
    new = [
        NewTopic(s.name, existing.get(s.like or "", partitions), 1, topic_configs=config_of(s, replication))
        for s in wanted
    ]
    for topic in new:
        topic.replication_factor = replication  # -1, the cluster's default, is refused by the constructor alone
    admin = AIOKafkaAdminClient(**client_options(brokers))
    await admin.start()
    try:
        answer = await admin.create_topics(new)
    finally:
        await admin.close()
    for name, code, *message in answer.topic_errors:
        if code not in (0, _ALREADY_EXISTS):
            if for_code(code) is TopicAuthorizationFailedError:
                raise TopicError(f"Kafka does not allow to create it: grant CREATE on the topic {name}")
            detail = message[0] if message and message[0] else for_code(code).__name__
            raise TopicError(f"the topic {name} was not created: {detail}")
    return [spec.name for spec in wanted]
