"""Publishers, and writers of transactions, made from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import TopicPartition

from worker.consumer_groups import lifecycle_transactional_id, link_group
from worker.contract.topics import LARGEST_RECORD
from worker.settings import Settings
from worker.streaming.observer import SILENT, Observer
from worker.streaming.publish.publisher import Publisher
from worker.streaming.stateful.changelog import MissingTopicError
from worker.streaming.stateful.transactions import ProducerOptions, TransactionalWriter
from worker.streaming.topics.admin import existing_topics

__all__ = ["fenced_writer", "link_writer", "publisher_of", "publisher_to", "writer_options"]


def publisher_of(settings: Settings, part: str, observer: Observer = SILENT) -> Publisher:
    """A publisher, not started. `part`: which part of the program uses it; the client id is {app_id}-{part}."""
    return Publisher(
        settings.kafka,
        idempotent=settings.idempotent_producer,
        compression=settings.compression,
        client_id=f"{settings.app_id}-{part}",
        request_timeout_s=settings.request_timeout_s,
        observer=observer,
    )


@asynccontextmanager
async def publisher_to(settings: Settings, topic: str, part: str) -> AsyncIterator[Publisher]:
    """A publisher at work, for a topic that is there. `part` as above.

    Raises:
        MissingTopicError: it is not.
        KafkaError: Kafka does not answer.
    """
    if topic not in await existing_topics(settings.kafka, [topic]):
        raise MissingTopicError(topic)
    publisher = publisher_of(settings, part)
    await publisher.start()
    try:
        yield publisher
    finally:
        await publisher.stop()


def writer_options(settings: Settings, client_id: str) -> ProducerOptions:
    return ProducerOptions(
        brokers=settings.kafka,
        client_id=client_id,
        compression=settings.compression,
        max_request_bytes=LARGEST_RECORD,
        request_timeout_s=settings.request_timeout_s,
    )


def fenced_writer(settings: Settings, partition: TopicPartition, client_id: str) -> TransactionalWriter:
    """A writer, not started, with the lifecycle's transactional id for a partition of articles.extracted: starting it
    fences out whoever writes the claims of that partition.
    """
    transactional_id = lifecycle_transactional_id(settings.installation, partition.topic, partition.partition)
    return TransactionalWriter(writer_options(settings, client_id), transactional_id)


def link_writer(settings: Settings) -> TransactionalWriter:
    """A writer, not started, for groups, relations and standing: starting it fences out whoever writes them."""
    name = link_group(settings.installation)
    return TransactionalWriter(writer_options(settings, name), name)
