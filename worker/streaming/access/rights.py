"""Asks Kafka which of the rights that a program needs its user lacks.

Kafka says what a user may do with a topic (KIP-430, since 2.3) and a group. Of a transactional id it only says whether
the user may see it; of what does not exist yet it says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.admin import DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

from worker.brokers import Brokers
from worker.streaming.access.client_options import client_options
from worker.streaming.access.coordinators import Coordinated, coordinator_of

__all__ = ["Operation", "Resource", "Right", "missing_rights"]

_NOT_SAID = -(2**31)


class Resource(Enum):
    TOPIC = "topic"
    GROUP = "group"
    TRANSACTIONAL_ID = "transactional id"


class Operation(Enum):
    """The numbers are Kafka's. READ, WRITE, DELETE and ALTER contain DESCRIBE; ALTER_CONFIGS DESCRIBE_CONFIGS."""

    READ = 3
    WRITE = 4
    CREATE = 5
    DELETE = 6
    ALTER = 7
    DESCRIBE = 8
    DESCRIBE_CONFIGS = 10
    ALTER_CONFIGS = 11


@dataclass(frozen=True, slots=True)
class Right:
    """`prefixed`: on all resources whose names begin with `name` (an ACL with --resource-pattern-type prefixed)."""

    operation: Operation
    resource: Resource
    name: str
    prefixed: bool = False

    def __str__(self) -> str:
        if self.prefixed:
            return f"{self.operation.name} on the {self.resource.value}s that begin with {self.name}"
        return f"{self.operation.name} on the {self.resource.value} {self.name}"


class _TopicRightsResponse(Response):
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "brokers",
            Array(("node_id", Int32), ("host", String("utf-8")), ("port", Int32), ("rack", String("utf-8"))),
        ),
        ("cluster_id", String("utf-8")),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", String("utf-8")),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _TopicRightsStruct(RequestStruct):
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _TopicRightsResponse
    SCHEMA = Schema(
        ("topics", Array(String("utf-8"))),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class _TopicRights(Request[_TopicRightsStruct]):
    """Metadata with what the user may do with each topic. aiokafka stops at version 5, which has none of it."""

    API_KEY = 3

    def __init__(self, topics: list[str]) -> None:
        self._topics = topics

    def build(self, request_struct_class: type[_TopicRightsStruct]) -> _TopicRightsStruct:
        return request_struct_class(self._topics, False, False, True)


class _GroupRightsStruct(RequestStruct):
    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = DescribeGroupsResponse_v3  # aiokafka's own request of this version names that of version 2
    SCHEMA = Schema(("groups", Array(String("utf-8"))), ("include_authorized_operations", Boolean))


class _GroupRights(Request[_GroupRightsStruct]):
    API_KEY = 15

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: type[_GroupRightsStruct]) -> _GroupRightsStruct:
        return request_struct_class([self._group], True)


async def missing_rights(brokers: Brokers, needed: Iterable[Right]) -> list[Right]:
    """Those of `needed` that the user surely lacks, in their order. A prefix is asked for as if it were a whole name.

    Raises:
        NoCoordinatorError: the cluster cannot keep a group, or a transactional id, of `needed`.
        KafkaError: Kafka does not answer.
    """
    needed = list(needed)
    admin = AIOKafkaAdminClient(**client_options(brokers))
    await admin.start()
    try:
        allowed = await _allowed(admin, needed)
    finally:
        await admin.close()
    return [right for right in needed if not _holds(right, allowed.get((right.resource, right.name), _NOT_SAID))]


def _holds(right: Right, allowed: int) -> bool:
    return allowed == _NOT_SAID or bool(allowed >> right.operation.value & 1)


async def _allowed(admin: AIOKafkaAdminClient, needed: list[Right]) -> dict[tuple[Resource, str], int]:
    """What is allowed on each resource, a bit for each operation; 0: the user may not even see it."""
    topics = list(dict.fromkeys(_names(needed, Resource.TOPIC)))
    allowed: dict[tuple[Resource, str], int] = {}
    try:
        answer = await admin._send_request(_TopicRights(topics))  # noqa: SLF001 - the client has no such question
    except NotImplementedError:  # a broker that does not know it, as the embedded one
        return {}
    for code, name, *_, operations in answer.topics:
        hidden = errors.for_code(code) is errors.TopicAuthorizationFailedError
        allowed[Resource.TOPIC, name] = 0 if hidden else operations if code == 0 else _NOT_SAID
    for group in dict.fromkeys(_names(needed, Resource.GROUP)):
        allowed[Resource.GROUP, group] = await _of_group(admin, group)
    for name in dict.fromkeys(_names(needed, Resource.TRANSACTIONAL_ID)):
        seen = await coordinator_of(admin, name, Coordinated.TRANSACTIONAL_ID)
        allowed[Resource.TRANSACTIONAL_ID, name] = 0 if seen is None else _NOT_SAID
    return allowed


def _names(needed: Iterable[Right], resource: Resource) -> Iterator[str]:
    return (right.name for right in needed if right.resource is resource)


async def _of_group(admin: AIOKafkaAdminClient, group: str) -> int:
    node = await coordinator_of(admin, group, Coordinated.GROUP)
    if node is None:
        return 0
    answer = await admin._send_request(_GroupRights(group), node)  # noqa: SLF001 - the client has no such question
    (code, *_, operations), *_ = answer.groups
    if errors.for_code(code) is errors.GroupAuthorizationFailedError:
        return 0
    return int(operations) if code == 0 else _NOT_SAID
