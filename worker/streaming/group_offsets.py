"""What a consumer group has committed, asked from outside the group."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

__all__ = ["committed_offsets"]

_PATIENCE_S = 20.0


async def committed_offsets(
    brokers: str, group: str, partitions: Iterable[TopicPartition] | None = None
) -> dict[TopicPartition, tuple[int, str]]:
    """Offset and metadata of each partition for which the group has committed one; None: of all that it has any for.

    Waits for the coordinator: a cluster that never had a group has first to make its topic of offsets.

    Raises:
        KafkaError: no coordinator is found, or it does not answer.
    """
    wanted = None if partitions is None else list(partitions)
    if wanted is not None and not wanted:
        return {}
    admin = AIOKafkaAdminClient(bootstrap_servers=brokers)
    await admin.start()
    until = time.monotonic() + _PATIENCE_S
    try:
        while True:
            try:
                found = await admin.list_consumer_group_offsets(group, partitions=wanted)
            except KafkaError as refused:
                if not refused.retriable or time.monotonic() > until:
                    raise
                await asyncio.sleep(0.5)
            else:
                return {key: (offset, metadata or "") for key, (offset, metadata) in found.items() if offset >= 0}
    finally:
        await admin.close()
