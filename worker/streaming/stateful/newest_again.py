"""Keeps the newest record of a key the last one of its key in the input topic.

An older one can come behind it: from the topic of retries, from a publisher, or from a worker that lost its partition
while its bytes were held on the way. The states pass it by, but whoever reads the compacted topic would find it alone.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from aiokafka import TopicPartition

from worker.streaming.outcome import Drop, Outcome, Output
from worker.streaming.record import Record, name_of

__all__ = ["newest_again"]

log = logging.getLogger("claimwire.owner")


async def newest_again(
    records: Sequence[Record],
    outcomes: Sequence[Outcome],
    record_at: Callable[[TopicPartition, int], Awaitable[Record | None]],
) -> list[Output]:
    """The records to be written once more, with their bytes and headers, for what the outcomes of `records` say.

    Should a newer one have come meanwhile, it follows in the topic and is written again in its turn.
    """
    older = {
        (TopicPartition(record.topic, record.partition), record.key): outcome.newest
        for record, outcome in zip(records, outcomes, strict=True)
        if isinstance(outcome, Drop) and outcome.newest is not None
    }
    again: list[Output] = []
    for (partition, key), offset in older.items():
        found = await record_at(partition, offset)
        if found is None or found.key != key:
            log.warning(
                "%s: the last record of key %r is of an older version, for the newest one (offset %d) is gone",
                name_of(partition),
                key,
                offset,
            )
        else:
            again.append(Output(found.topic, key, found.value, list(found.headers), found.partition))
    return again
