"""Takes the committed offsets of a consumer group over from the name that an earlier release gave it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    GroupAuthorizationFailedError,
    IllegalGenerationError,
    UnknownMemberIdError,
)
from aiokafka.structs import OffsetAndMetadata

from worker.brokers import Brokers
from worker.streaming.access.client_options import client_options
from worker.streaming.topics.offset_reader import Commit, OffsetReader, OffsetsUnknownError

__all__ = ["former_commits", "take_over_offsets"]

log = logging.getLogger("claimwire.groups")


async def former_commits(
    offsets: OffsetReader, former: str, partitions: Sequence[TopicPartition]
) -> dict[TopicPartition, Commit]:
    """None of a group that the user may not see: who had used it would have the right."""
    try:
        return await offsets.commits(former, partitions)
    except OffsetsUnknownError as unknown:
        if isinstance(unknown.__cause__, GroupAuthorizationFailedError):
            return {}
        raise


async def take_over_offsets(brokers: Brokers, topic: str, group: str, former: Iterable[str]) -> None:
    """Commits for `group` what the first of the `former` groups that read the topic has committed, with its metadata.

    Does nothing once the group itself has committed or has members: then somebody has done it.

    Raises:
        KafkaError: Kafka does not answer, or refuses.
    """
    former = list(former)
    if not former:
        return
    async with OffsetReader(brokers, limit_s=20.0) as offsets:
        partitions = await offsets.partitions(topic)
        if not partitions or await offsets.commits(group, partitions):
            return
        for name in former:
            found = await former_commits(offsets, name, partitions)
            if found:
                break
        else:
            return
    consumer = AIOKafkaConsumer(**client_options(brokers), group_id=group, enable_auto_commit=False)
    try:
        await consumer.start()
        consumer.assign(list(found))
        await consumer.commit({partition: OffsetAndMetadata(at.offset, at.note) for partition, at in found.items()})
    except (CommitFailedError, UnknownMemberIdError, IllegalGenerationError) as joined:
        log.info("Group %s has members already, its offsets are theirs: %r", group, joined)
    else:
        log.warning("Group %s begins where %s ended, as an earlier release named it", group, name)
    finally:
        await consumer.stop()
