"""Which broker keeps a consumer group or a transactional id, or why none does."""

from __future__ import annotations

import asyncio
import time
from enum import Enum

from aiokafka import errors
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.protocol.coordination import FindCoordinatorRequest

__all__ = ["Coordinated", "NoCoordinatorError", "coordinator_of"]

_PATIENCE_S = 10.0
"""How long a cluster may take to make its topics of offsets and transactions, at the first question."""
_AGAIN_S = 0.2


class Coordinated(Enum):
    """What a coordinator keeps; the numbers are Kafka's."""

    GROUP = 0
    TRANSACTIONAL_ID = 1


_KEPT = {
    Coordinated.GROUP: ("consumer groups", "__consumer_offsets", "offsets.topic.replication.factor"),
    Coordinated.TRANSACTIONAL_ID: ("transactions", "__transaction_state", "transaction.state.log.replication.factor"),
}
"""What is kept, in which topic, and the brokers' setting for its copies."""


class NoCoordinatorError(Exception):
    """The cluster has no topic in which it could keep groups or transactions, and does not make one."""

    @classmethod
    def of(cls, kind: Coordinated, brokers: int) -> NoCoordinatorError:
        """`brokers`: how many are there."""
        what, topic, setting = _KEPT[kind]
        there = f"{brokers} brokers are" if brokers != 1 else "1 broker is"
        image = "KAFKA_" + setting.upper().replace(".", "_")
        return cls(
            f"Kafka has no {what}: its topic {topic} is not there and is not made. It needs as many brokers "
            f"as {setting} of the brokers says, which is 3 where nothing is set, and {there} there. Set {setting} to "
            f"the number of brokers (in an image: {image}) and start Kafka again"
        )


async def coordinator_of(
    admin: AIOKafkaAdminClient, name: str, kind: Coordinated, patience_s: float = _PATIENCE_S
) -> int | None:
    """The number of the broker that keeps it; None: the user may not see it. Makes the topic for it at the first call.

    Raises:
        NoCoordinatorError: there is none after `patience_s` seconds, and there can be none.
        KafkaError: there is none for now, or Kafka does not answer.
    """
    until = time.monotonic() + patience_s
    while True:
        answer = await admin._send_request(FindCoordinatorRequest(name, kind.value))  # noqa: SLF001 - its own hides the code
        error = errors.for_code(answer.error_code)
        if error is errors.NoError:
            return int(answer.coordinator_id)
        if error in {errors.GroupAuthorizationFailedError, errors.TransactionalIdAuthorizationFailed}:
            return None
        if not error.retriable or time.monotonic() > until:
            if error is errors.GroupCoordinatorNotAvailableError:
                await _can_be(admin, kind)
            raise error(name)
        await asyncio.sleep(_AGAIN_S)


async def _can_be(admin: AIOKafkaAdminClient, kind: Coordinated) -> None:
    """Raises NoCoordinatorError: the topic is not there. A topic that only lacks a leader will have one again."""
    _, topic, _ = _KEPT[kind]
    (described,) = await admin.describe_topics([topic])
    if errors.for_code(described["error_code"]) is errors.UnknownTopicOrPartitionError:
        brokers = (await admin.describe_cluster())["brokers"]
        raise NoCoordinatorError.of(kind, len(brokers))
