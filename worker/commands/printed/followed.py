"""The records of a topic as they come, for commands that print them."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import click

from worker.commands.printed.printing import print_line
from worker.settings import Settings
from worker.streaming.record import Record

__all__ = ["followed"]


async def followed(
    settings: Settings, topic: str, *, from_beginning: bool, quiet: bool
) -> AsyncGenerator[Record, None]:
    """Without end, and in no consumer group. `quiet`: it does not say that it waits.

    Raises:
        click.ClickException: there is no such topic.
    """
    from aiokafka import AIOKafkaConsumer, TopicPartition

    from worker.streaming.access.beside import started
    from worker.streaming.access.client_options import client_options
    from worker.streaming.topics.names import partitions_by_topic

    consumer = AIOKafkaConsumer(**client_options(settings.kafka), enable_auto_commit=False, fetch_max_wait_ms=200)
    await started(consumer, consumer.stop)
    try:
        known = await partitions_by_topic(consumer._client, [topic])  # noqa: SLF001 - it knows only what it reads
        partitions = [TopicPartition(topic, number) for number in known.get(topic, ())]
        if not partitions:
            raise click.ClickException(f"there is no topic {topic} at {settings.brokers}; see claimwire topics")
        consumer.assign(partitions)
        await (consumer.seek_to_beginning() if from_beginning else consumer.seek_to_end())
        for partition in partitions:
            await consumer.position(partition)  # fixes the start now, so that no later record is missed
        if not quiet:
            print_line(f"Waiting for records in {topic}, {len(partitions)} partitions", err=True)
        while True:
            for rows in (await consumer.getmany(timeout_ms=500)).values():
                for row in rows:
                    yield Record.of(row)
    finally:
        await consumer.stop()
