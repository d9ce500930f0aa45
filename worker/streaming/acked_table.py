"""A Faust table whose changes reach its changelog first, acknowledged, and only then the memory.

As it comes, Faust 0.15.3 changes the memory at once and sends the changelog record behind it; one that the broker
refuses is a warning in the log, and the event is acknowledged all the same: after a restart the change is gone.
Here memory is never ahead of the changelog, so there is nothing to mend when a write fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import faust

from worker.streaming.outcome import Output
from worker.streaming.publisher import Publisher

__all__ = ["AckedTable", "Write"]

Write = tuple[int, bytes, bytes | None]
"""Partition of the source topic, key, value; None deletes."""


class AckedTable(faust.Table):
    """Keys and values are bytes. Read it like a dict; it is written by `write` alone."""

    async def write(
        self, changes: Mapping[bytes, Write], publisher: Publisher, ours: Callable[[], bool] = lambda: True
    ) -> None:
        """Returns when the changes are in the changelog and in memory.

        Raises:
            OutputTooLargeError: one is larger than the changelog takes; no change is in memory.
            PublishError: the publisher is stopped, or the partitions have another owner by now.
        """
        if not changes:
            return
        topic = self.changelog_topic_name
        delivery = publisher.delivery(ours)
        parcel = await delivery.add(
            [Output(topic, key, value, [], partition) for partition, key, value in changes.values()]
        )
        await delivery.land()
        parcel.check()
        store: Any = self.data
        for _, key, value in changes.values():
            if value is None:
                store.pop(key, None)
            else:
                store[key] = value

    def on_key_set(self, key: Any, value: Any) -> None:
        raise TypeError(f"table {self.name}: use `write`, which waits for the changelog")

    def on_key_del(self, key: Any) -> None:
        raise TypeError(f"table {self.name}: use `write`, which waits for the changelog")
