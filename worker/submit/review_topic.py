"""Reviews as their topic has them: published, looked up, withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import islice

import msgspec
import orjson

from worker.brokers import Brokers
from worker.contract.codec import UNREADABLE
from worker.contract.review import Review
from worker.contract.topics import Topics
from worker.publishers import publisher_of
from worker.settings import Settings
from worker.streaming.outcome import Output
from worker.streaming.stateful.changelog import MissingTopicError
from worker.streaming.topics.admin import existing_topics
from worker.streaming.topics.window import Selection, fix_window
from worker.streaming.topics.window_reader import WindowReader

__all__ = ["publish_reviews", "reviews_there", "withdraw_reviews"]

_AT_ONCE = 100


async def publish_reviews(settings: Settings, reviews: Iterable[Review]) -> int:
    """Publishes reviews while they are read. How many Kafka has.

    Raises:
        MissingTopicError: there is no topic of reviews.
        KafkaError: Kafka does not answer.
    """
    topic = Topics.with_prefix(settings.topic_prefix).reviews
    return await _publish(settings, topic, (Output(topic, r.review_id.encode(), orjson.dumps(r), []) for r in reviews))


async def withdraw_reviews(settings: Settings, wanted: str) -> list[Review]:
    """Withdraws the review of this id, or all that can be read at this address. Those that it were.

    Raises:
        WindowError: there is no topic of reviews.
        KafkaError: Kafka does not answer.
    """
    topics = Topics.with_prefix(settings.topic_prefix)
    there = await reviews_there(settings.kafka, topics)
    gone = [review for review in there if wanted in (review.review_id, review.url)]
    if gone:
        await _publish(settings, topics.reviews, (Output(topics.reviews, r.review_id.encode(), None, []) for r in gone))
    return gone


async def _publish(settings: Settings, topic: str, outputs: Iterable[Output]) -> int:
    if topic not in await existing_topics(settings.kafka, [topic]):
        raise MissingTopicError(topic)
    publisher = publisher_of(settings, "reviews")
    await publisher.start()
    count, left = 0, iter(outputs)
    try:
        # a review is parsed when it is its turn, for some milliseconds
        while some := await asyncio.to_thread(list, islice(left, _AT_ONCE)):
            await publisher.publish(some)
            count += len(some)
    finally:
        await publisher.stop()
    return count


async def reviews_there(brokers: Brokers, topics: Topics) -> list[Review]:
    """Those that are not withdrawn, the latest first. Raises WindowError: there is no topic of reviews; KafkaError."""
    last: dict[bytes, Review] = {}
    decoder = msgspec.json.Decoder(Review)
    async with WindowReader(brokers, await fix_window(brokers, Selection(topic=topics.reviews))) as reader:
        async for record in reader:
            last.pop(record.key or b"", None)
            if record.value is not None:
                try:
                    last[record.key or b""] = decoder.decode(record.value)
                except UNREADABLE:
                    continue  # the worker has logged it
    return sorted(last.values(), key=lambda review: (review.published_at or "", review.review_id), reverse=True)
