"""What Kafka says of topics: their partitions, copies and configuration as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import NoError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.metadata import MetadataRequest

from worker.brokers import Brokers
from worker.streaming.access.client_options import client_options

__all__ = ["TopicState", "change_config", "describe_topics", "topic_configs"]

_OF_THE_TOPIC = 1
"""Kafka's mark of a value that is set for this topic, and is no default of the cluster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicState:
    """`own`: the part of the configuration that is set for this topic; `copies`: of the partition with the fewest."""

    name: str
    partitions: int
    copies: int
    config: Mapping[str, str]
    own: Mapping[str, str]


async def describe_topics(brokers: Brokers, names: Iterable[str]) -> dict[str, TopicState]:
    """Those of the named topics that exist.

    Raises:
        TopicAuthorizationFailedError: the user may not see one, or not its configuration.
        KafkaError: Kafka does not answer.
    """
    wanted = list(names)
    admin = AIOKafkaAdminClient(**client_options(brokers))
    await admin.start()
    try:
        answer = await admin._send_request(MetadataRequest(wanted, allow_auto_topic_creation=False))  # noqa: SLF001 - by name
        _raise_first(wanted, ((code, name) for code, name, *_ in answer.topics))
        there = {name: partitions for code, name, _, partitions in answer.topics if partitions}
        configs = await _configs(admin, list(there))
    finally:
        await admin.close()
    return {
        name: TopicState(
            name=name,
            partitions=len(partitions),
            copies=min(len(partition[3]) for partition in partitions),
            config={key: value for key, (value, _) in configs.get(name, {}).items()},
            own={key: value for key, (value, own) in configs.get(name, {}).items() if own},
        )
        for name, partitions in there.items()
    }


async def topic_configs(brokers: Brokers, name: str) -> dict[str, str]:
    """The configuration of a topic. Raises as `describe_topics`."""
    admin = AIOKafkaAdminClient(**client_options(brokers))
    await admin.start()
    try:
        configs = await _configs(admin, [name])
    finally:
        await admin.close()
    return {key: value for key, (value, _) in configs.get(name, {}).items()}


async def _configs(admin: AIOKafkaAdminClient, names: list[str]) -> dict[str, dict[str, tuple[str, bool]]]:
    """By topic and key the value, and whether it is set for the topic itself."""
    if not names:
        return {}
    answers = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name) for name in names])
    resources = [resource for answer in answers for resource in answer.resources]
    _raise_first(names, ((resource[0], resource[3]) for resource in resources))
    return {
        resource[3]: {entry[0]: (str(entry[1]), entry[3] == _OF_THE_TOPIC) for entry in resource[4]}
        for resource in resources
    }


def _raise_first(names: list[str], answers: Iterable[tuple[int, str]]) -> None:
    for code, name in answers:
        kind = for_code(code)
        if kind is TopicAuthorizationFailedError:
            raise kind(name or ", ".join(names))
        if kind is not NoError and kind is not UnknownTopicOrPartitionError and not kind.retriable:
            raise kind(name)


async def change_config(brokers: Brokers, state: TopicState, changes: Mapping[str, str]) -> None:
    """Sets values of a topic's configuration and keeps the others that are set for it.

    aiokafka only knows the request that replaces the whole configuration: what somebody else changes in the same moment
    is lost.

    Raises:
        KafkaError: Kafka refuses, or does not answer.
    """
    admin = AIOKafkaAdminClient(**client_options(brokers))
    await admin.start()
    try:
        whole = {**state.own, **changes}
        answers = await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, state.name, configs=whole)])
    finally:
        await admin.close()
    for code, message, _, name in (resource for answer in answers for resource in answer.resources):
        kind = for_code(code)
        if kind is not NoError:
            raise kind(name if kind is TopicAuthorizationFailedError else f"{name}: {message}")
