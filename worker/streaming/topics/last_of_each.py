"""What a compacted topic holds: the last value of each key."""

from __future__ import annotations

from worker.brokers import Brokers
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["last_of_each"]


async def last_of_each(brokers: Brokers, topic: str) -> dict[bytes, bytes]:
    """By key the last value, without deleted keys. Raises WindowError: there is no such topic; KafkaError."""
    last: dict[bytes, bytes] = {}
    async with WindowReader(brokers, await fix_window(brokers, Selection(topic=topic))) as reader:
        async for record in reader:
            key = record.key or b""
            last.pop(key, None)
            if record.value is not None:
                last[key] = record.value
    return last
