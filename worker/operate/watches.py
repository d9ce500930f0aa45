"""Watches and alerts, as their topics have them: made, ended and looked up from outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec
import orjson

from worker.brokers import Brokers
from worker.contract.alert import Alert, Watch
from worker.contract.codec import UNREADABLE
from worker.contract.topics import Topics
from worker.publishers import publisher_to
from worker.settings import Settings
from worker.streaming.outcome import Output
from worker.streaming.topics.last_of_each import last_of_each

__all__ = ["alerts_that_hold", "put_watch", "watches_there"]

T = TypeVar("T")


async def put_watch(settings: Settings, name: str, watch: Watch | None) -> None:
    """Makes a watch, or puts it in the place of the one with its name; None ends it.

    Raises:
        MissingTopicError: there is no topic of watches.
        KafkaError: Kafka does not answer.
    """
    topic = Topics.with_prefix(settings.topic_prefix).watches
    async with publisher_to(settings, topic, "watch") as publisher:
        await publisher.publish([Output(topic, name.encode(), None if watch is None else orjson.dumps(watch), [])])


async def watches_there(brokers: Brokers, topics: Topics) -> dict[str, Watch]:
    """By name, in the order of names. Raises WindowError: there is no topic of watches; KafkaError."""
    last = {
        key.decode("utf-8", "replace"): value for key, value in (await last_of_each(brokers, topics.watches)).items()
    }
    decoder = msgspec.json.Decoder(Watch)
    return {name: watch for name, value in sorted(last.items()) for watch in _read(decoder, value)}


async def alerts_that_hold(brokers: Brokers, topics: Topics, watch: str | None) -> list[tuple[bytes, Alert]]:
    """With the bytes of their events, by publication; `watch`: only those of one. Raises as `watches_there`."""
    last = await last_of_each(brokers, topics.alerts)
    decoder = msgspec.json.Decoder(Alert)
    found = [(value, alert) for value in last.values() for alert in _read(decoder, value)]
    found.sort(key=lambda one: (one[1].claim.published_at or "", one[1].alert_id))
    return [one for one in found if watch is None or one[1].watch == watch]


def _read(decoder: msgspec.json.Decoder[T], value: bytes) -> Iterator[T]:
    """Nothing for a record of another kind."""
    try:
        yield decoder.decode(value)
    except UNREADABLE:
        return
