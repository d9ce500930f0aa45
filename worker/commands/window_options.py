"""From a command's options to a window of a topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worker.replay.selection import offsets_of, partitions_of, seconds_of, time_of
from worker.streaming.window import Selection, Window, fix_window

__all__ = ["window_of"]


async def window_of(brokers: str, topic: str, asked: Mapping[str, Any], *, all_transactions: bool = False) -> Window:
    """`asked` holds the options partitions, since, until, lateness, from_offset, to_offset, None where not given.

    Raises:
        PlanError: one of them is not written as it must be.
        WindowError: the topic or a partition does not exist.
    """
    return await fix_window(
        brokers,
        Selection(
            topic=topic,
            partitions=partitions_of(asked["partitions"]) if asked["partitions"] else None,
            from_offsets=offsets_of(asked["from_offset"]) if asked["from_offset"] else {},
            to_offsets=offsets_of(asked["to_offset"]) if asked["to_offset"] else {},
            from_ms=time_of(asked["since"]) if asked["since"] else None,
            to_ms=time_of(asked["until"]) if asked["until"] else None,
            lateness_ms=round(seconds_of(asked["lateness"]) * 1000) if asked["lateness"] else None,
        ),
        isolation="read_uncommitted" if all_transactions else "read_committed",
    )
