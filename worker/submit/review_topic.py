"""Reviews as their topic has them: published, looked up, withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from itertools import islice

import msgspec
import orjson

from worker.brokers import Brokers
from worker.contract.codec import UNREADABLE
from worker.contract.review import Review
from worker.contract.topics import Topics
from worker.publishers import publisher_to
from worker.settings import Settings
from worker.streaming.outcome import Output
from worker.streaming.topics.last_of_each import last_of_each

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
    count, left = 0, iter(outputs)
    async with publisher_to(settings, topic, "reviews") as publisher:
        # a review is parsed when it is its turn, for some milliseconds
        while some := await asyncio.to_thread(list, islice(left, _AT_ONCE)):
            await publisher.publish(some)
            count += len(some)
    return count


async def reviews_there(brokers: Brokers, topics: Topics) -> list[Review]:
    """Those that are not withdrawn, the latest first. Raises WindowError: there is no topic of reviews; KafkaError."""
    decoder = msgspec.json.Decoder(Review)
    there: list[Review] = []
    for value in (await last_of_each(brokers, topics.reviews)).values():
        with suppress(*UNREADABLE):  # the worker has logged it
            there.append(decoder.decode(value))
    return sorted(there, key=lambda review: (review.published_at or "", review.review_id), reverse=True)
