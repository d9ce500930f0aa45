"""The Kafka client of one membership of a consumer group: its configuration, and how it joins and leaves the group."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.abstract import AbstractPartitionAssignor
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from worker.streaming.access.client_options import client_options
from worker.streaming.consume.ending import Ending, RejoinError
from worker.streaming.consume.options import ConsumerOptions
from worker.streaming.consume.partition_count import PartitionCount
from worker.streaming.denied import NotAllowedError
from worker.streaming.record import names_of

__all__ = [
    "committed_notes",
    "fetch_patiently",
    "is_expelled",
    "join",
    "join_for_membership",
    "known_position",
    "leave",
    "missing_topic",
    "new_consumer",
]

log = logging.getLogger("claimwire.intake")

_COMMIT_ALLOWANCE_S = 5.0
"""A rebalance waits for so long beside the drain, so that the last offsets can be committed."""
_METADATA_AGE_MS = 5_000
"""Partitions that are added and topics that are made again are seen within so long."""
_TOPIC_AGAIN_S = 1.0
_FETCH_WAIT_MS, _IDLE_FETCH_WAIT_MS = 250, 1000
"""A broker holds a fetch for so long while there is no record. aiokafka has one fetch on the way to a broker, and what
it left out (partitions whose records were still to be handed out) waits for its end: hence not longer while records
come. Where none come, each fetch wakes the worker for nothing.
"""
_NOT_A_MEMBER = -1
_NOTES_LIMIT_S = 5.0


def new_consumer(
    options: ConsumerOptions, assignor: AbstractPartitionAssignor | None = None
) -> tuple[AIOKafkaConsumer, PartitionCount]:
    """A consumer that is not started and not subscribed. It commits only what it is told to.

    Check the count of partitions as long as the consumer is used. `assignor`: in the place of the one that counts.
    """
    count = PartitionCount(options.topic)
    rebalance_s = options.drain_timeout_s + _COMMIT_ALLOWANCE_S + options.session_timeout_s
    consumer = AIOKafkaConsumer(
        **client_options(options.brokers),
        group_id=options.group,
        group_instance_id=options.instance_id or None,
        client_id=options.group,
        enable_auto_commit=False,
        auto_offset_reset="none",  # fetch_errors.py decides about a lost offset; the client would skip it in silence
        isolation_level=options.isolation,
        session_timeout_ms=int(options.session_timeout_s * 1000),
        heartbeat_interval_ms=int(options.session_timeout_s * 1000 / 4),
        rebalance_timeout_ms=int(rebalance_s * 1000),
        request_timeout_ms=int((rebalance_s + 5.0) * 1000),  # joining waits for the slowest member
        max_partition_fetch_bytes=1024 * 1024,
        fetch_max_bytes=options.max_fetch_bytes,
        fetch_max_wait_ms=_FETCH_WAIT_MS,
        metadata_max_age_ms=_METADATA_AGE_MS,
        partition_assignment_strategy=(assignor or count.assignor(),),
    )
    count.attach(consumer)
    return consumer, count


async def join(
    consumer: AIOKafkaConsumer, topic: str, listener: ConsumerRebalanceListener, waiting: Callable[[str], None]
) -> None:
    """Connects, waits for the topic, and subscribes to it. `waiting` is called with what it waits for, in words.

    Raises:
        KafkaError: no broker answers, or the worker may not see the topic.
    """
    await consumer.start()
    client = consumer._client  # noqa: SLF001 - a consumer that subscribes to a missing topic fails after a while
    await client.set_topics([topic])
    while not consumer.partitions_for_topic(topic):
        if topic in client.cluster.unauthorized_topics:
            raise TopicAuthorizationFailedError(topic)
        waiting(missing_topic(topic))
        await asyncio.sleep(_TOPIC_AGAIN_S)
        await client.force_metadata_update()
    consumer.subscribe([topic], listener=listener)


async def join_for_membership(
    consumer: AIOKafkaConsumer,
    options: ConsumerOptions,
    listener: ConsumerRebalanceListener,
    waiting: Callable[[str], None],
    ending: Ending,
    *,
    first: bool,
) -> None:
    """Joins the group for one membership, unless its end comes first. `waiting`: see `join`.

    Raises:
        NotAllowedError: a right is missing.
        KafkaError: Kafka does not answer the first membership.
        RejoinError: it does not answer a later one: an outage that passes.
    """
    try:
        await ending.unless(join(consumer, options.topic, listener, waiting))
    except KafkaError as away:
        denied = NotAllowedError.of(away, options.group)
        if denied is not None:
            raise denied from away
        if first:
            raise
        raise RejoinError(f"no answer from Kafka: {away!r}", lost=True) from away


def missing_topic(topic: str) -> str:
    return (
        f"the topic {topic} is missing: `claimwire topics --create` makes it (or an ACL hides it: grant DESCRIBE on it)"
    )


def is_expelled(consumer: AIOKafkaConsumer) -> bool:
    """Whether the group has removed this member, so that others may already own its partitions."""
    coordinator = consumer._coordinator  # noqa: SLF001 - the client has no public way to ask
    return coordinator is not None and getattr(coordinator, "generation", 0) == _NOT_A_MEMBER


async def committed_notes(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, str]:
    """The metadata of the group's committed offsets, while the group is being joined. Empty: Kafka does not answer."""
    coordinator = consumer._coordinator  # noqa: SLF001 - the client's own question gives the offset alone
    try:
        async with asyncio.timeout(_NOTES_LIMIT_S):
            answer = await coordinator.fetch_committed_offsets(list(partitions)) if partitions else {}
    except (TimeoutError, KafkaError) as unknown:
        log.warning("What was begun of %s is not known: %r", names_of(partitions), unknown)
        return {}
    return {key: at.metadata or "" for key, at in answer.items()}


def known_position(consumer: AIOKafkaConsumer, partition: TopicPartition) -> int | None:
    """The offset of the next record to fetch. None: the partition is moving to another member, or the position is not
    known yet, which is not waited for, since only the next fetch says that the group has none.

    It is asked for at every poll of every partition: even a timeout of 0 would cost a turn of the event loop each time.
    """
    asking = consumer.position(partition)
    try:
        asking.send(None)  # what is known is there without waiting
    except StopIteration as known:
        return int(known.value)
    except KafkaError:
        return None
    finally:
        asking.close()
    return None


def fetch_patiently(consumer: AIOKafkaConsumer, *, idle: bool) -> None:
    """Says how long the brokers may hold the fetches from now on. `idle`: no record came at the last poll, and none is
    in work.
    """
    fetcher = consumer._fetcher  # noqa: SLF001 - the client takes the time once, when it is made
    fetcher._fetch_max_wait_ms = _IDLE_FETCH_WAIT_MS if idle else _FETCH_WAIT_MS  # noqa: SLF001


async def leave(consumer: AIOKafkaConsumer, group: str, limit_s: float) -> None:
    """Stops the consumer, which leaves the group. Does not raise: Kafka notices after the session timeout anyway."""
    try:
        async with asyncio.timeout(limit_s):
            await consumer.stop()
    except (TimeoutError, KafkaError) as late:
        log.warning("Group %s was not left properly (%r): Kafka will notice by itself", group, late)
