"""The topics of links as a command reads them, which go without them where nothing links."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import TypeVar

import msgspec
from aiokafka.errors import TopicAuthorizationFailedError

from worker.brokers import Brokers
from worker.contract.codec import UNREADABLE
from worker.streaming.topics.admin import existing_topics
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["link_changes"]

T = TypeVar("T")


async def link_changes(brokers: Brokers, topic: str, kind: type[T]) -> AsyncGenerator[tuple[bytes, T | None]]:
    """Each record's key and value, in the order of each partition; None for a value that is null or of another kind.

    Nothing where there is no such topic, or it may not be read. Raises KafkaError: Kafka does not answer.
    """
    try:
        if topic not in await existing_topics(brokers, [topic]):
            return
        window = await fix_window(brokers, Selection(topic=topic))
    except TopicAuthorizationFailedError:
        return
    decoder = msgspec.json.Decoder(kind)
    async with WindowReader(brokers, window) as reader:
        async for record in reader:
            value = None
            if record.value is not None:
                with suppress(*UNREADABLE):
                    value = decoder.decode(record.value)
            yield record.key or b"", value
