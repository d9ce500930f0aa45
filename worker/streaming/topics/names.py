"""Topics asked for by their names: Kafka then tells one that is missing from one that the user may not see."""

from __future__ import annotations

from collections.abc import Iterable

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NoError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.metadata import MetadataRequest

__all__ = ["partitions_by_topic"]

_NO_LEADER_YET = 5


async def partitions_by_topic(client: AIOKafkaClient, names: Iterable[str]) -> dict[str, list[int]]:
    """The partitions of each topic that exists, in order. Makes none, whatever the broker's auto.create.topics.enable.

    Raises:
        TopicAuthorizationFailedError: with the names of topics that the user may not see.
        KafkaError: Kafka does not answer, or a name can be no topic's.
    """
    wanted = list(dict.fromkeys(names))
    if not wanted:
        return {}
    answer = await client.send(client.get_random_node(), MetadataRequest(wanted, allow_auto_topic_creation=False))
    found: dict[str, list[int]] = {}
    hidden: list[str] = []
    for code, name, _, partitions in answer.topics:
        kind = for_code(code)
        if kind is NoError or code == _NO_LEADER_YET:
            found[name] = sorted(partition[1] for partition in partitions)
        elif kind is TopicAuthorizationFailedError:
            hidden.append(name)
        elif kind is not UnknownTopicOrPartitionError:
            raise kind(name)
    if hidden:
        raise TopicAuthorizationFailedError(*hidden)
    return found
